"""Network sets and host endpoints that Calico takes, and those that it refuses."""

import pytest

from tests.policy.resources.refusals import calico, refused


@pytest.mark.parametrize(
    ("kind", "spec", "labels", "path"),
    [
        ("GlobalNetworkSet", "nets: [10.0.0.1, 10.0.0.1/8, 'fd00::/8']", "{a.b/c: D_1}", None),
        ("NetworkSet", "nets: [10.0.0.0/255.0.0.0]", "{}", "spec.nets"),
        ("NetworkSet", "", "{projectcalico.org/namespace: a}", "metadata.labels"),
        ("GlobalNetworkSet", "", "{'a b': c}", "metadata.labels"),
        ("GlobalNetworkSet", "", "{a: 'b c'}", "metadata.labels"),
        ("HostEndpoint", "node: n, interfaceName: '*'", "{}", None),
        ("HostEndpoint", "node: n, expectedIPs: [10.0.0.1]", "{}", None),
        ("HostEndpoint", "node: n, interfaceName: e, profiles: [knp.default.a-1, b]", "{}", None),
        ("HostEndpoint", "node: n, interfaceName: e, profiles: [.b]", "{}", "spec.profiles"),
        ("HostEndpoint", "interfaceName: eth0", "{}", "spec.node"),
        ("HostEndpoint", "node: N, interfaceName: eth0", "{}", "spec.node"),
        ("HostEndpoint", "node: n", "{}", "spec.interfaceName"),
        ("HostEndpoint", "node: n, interfaceName: an-interface-of-20", "{}", "spec.interfaceName"),
        (
            "HostEndpoint",
            "node: n, interfaceName: e, ports: [{name: Web, port: 1, protocol: TCP}]",
            "{}",
            "spec.ports[0].name",
        ),
        *(
            (
                "HostEndpoint",
                f"node: n, interfaceName: e, ports: [{{name: web, port: 1, protocol: {protocol}}}]",
                "{}",
                "spec.ports[0].protocol",
            )
            for protocol in ("ICMP", "tcp", "'6'")
        ),
    ],
)
def test_objects(kind: str, spec: str, labels: str, path: str | None) -> None:
    assert refused(calico(kind, spec, labels=labels)) == path
