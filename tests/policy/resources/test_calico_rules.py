"""Rules that Calico's validator takes, and those that it refuses."""

import pytest

from tests.policy.resources.refusals import calico, refused

SERVICE = "services: {name: a, namespace: b}"
RIGHT = (
    "protocol: ICMP, icmp: {type: 8}",
    "protocol: 58, icmp: {type: 128, code: 0}, ipVersion: 6",
    "notICMP: {type: 8}",
    "notProtocol: ICMP, ipVersion: 4",
    "protocol: TCP, http: {methods: [GET, PUT], paths: [{exact: /a}, {prefix: /b/}]}",
    "http: {methods: [GET]}",
    "protocol: '6', destination: {ports: [1, 65535, '1:2', web-1]}",
    "source: {nets: [10.0.0.0/8], notNets: [10.1.0.0/16]}, ipVersion: 4",
    "source: {nets: [1.2.3.4/16]}",  # as Calico's documentation has it, although its validator refuses it
    "source: {nets: ['fd00::/8']}, destination: {nets: ['fd01::/16']}",
    "source: {services: {name: a, namespace: b}}, protocol: TCP, destination: {ports: [80]}",
    "source: {namespaceSelector: global()}",
    "metadata: {annotations: {Example.com/Note: any text}}",
    "source: {notSelector: has(a), serviceAccounts: {names: [b]}, namespaceSelector: all()}",
)
WRONG = (
    ("icmp: {type: 8}", "icmp"),
    ("protocol: TCP, icmp: {type: 8}", "icmp"),
    ("protocol: ICMP, ipVersion: 6", "ipVersion"),
    ("protocol: 1, ipVersion: 6", "ipVersion"),
    ("protocol: ICMPv6, ipVersion: 4", "ipVersion"),
    ("notProtocol: ICMPv6, ipVersion: 4", "ipVersion"),
    ("protocol: tcp", "protocol"),
    ("protocol: UDP, http: {methods: [GET]}", "http"),
    ("http: {methods: [GET, GET]}", "http.methods"),
    ("http: {paths: [{exact: a}]}", "http.paths[0].exact"),
    ("http: {paths: [{prefix: /a?b}]}", "http.paths[0].prefix"),
    ("http: {paths: [{exact: '/a#b'}]}", "http.paths[0].exact"),
    ("http: {paths: [{exact: /a b}]}", "http.paths[0].exact"),
    ("http: {headers: [{operator: Exists}]}", "http.headers[0].header"),
    ("metadata: {annotations: {'...': a}}", "metadata.annotations"),
    ("metadata: {note: a}", "metadata.note"),
    ("source: {serviceAccounts: {names: [a, B]}}", "source.serviceAccounts.names"),
    ("source: {ports: [80]}", "source"),
    ("protocol: ICMP, destination: {notPorts: [80]}", "destination"),
    ("protocol: TCP, source: {ports: [0]}", "source.ports[0]"),
    ("protocol: TCP, source: {ports: ['0:80']}", "source.ports[0]"),
    ("protocol: TCP, source: {ports: [Web]}", "source.ports[0]"),
    ("protocol: TCP, source: {ports: [a-name-of-16-sig]}", "source.ports[0]"),
    ("source: {nets: [10.0.0.0/8, 'fd00::/8']}", "source.nets"),
    ("source: {nets: [10.0.0.0/8]}, destination: {notNets: ['fd00::/8']}", "destination.notNets"),
    ("source: {nets: [10.0.0.0/8]}, ipVersion: 6", "source.nets"),
    ("source: {nets: [10.0.0.1]}", "source.nets"),
    ("source: {nets: [10.0.0.0/255.0.0.0]}", "source.nets"),
    ("source: {selector: global()}", "source.selector"),
    ("source: {namespaceSelector: global() || has(a)}", "source.namespaceSelector"),
    ("source: {services: {name: a, namespace: b}, nets: [10.0.0.0/8]}", "source.services"),
    ("source: {services: {name: a, namespace: b}, selector: all()}", "source.services"),
    ("source: {services: {name: a, namespace: b}, notSelector: all()}", "source.services"),
    ("source: {services: {name: a, namespace: b}, namespaceSelector: all()}", "source.services"),
    ("source: {services: {name: a, namespace: b}, serviceAccounts: {}}", "source.services"),
    ("source: {services: {name: A, namespace: b}}", "source.services.name"),
    ("destination: {services: {name: a, namespace: b}}", "destination.services"),
)


@pytest.mark.parametrize("rule", RIGHT)
def test_what_calico_takes(rule: str) -> None:
    assert refused(calico("GlobalNetworkPolicy", f"ingress: [{{action: Allow, {rule}}}]")) is None


@pytest.mark.parametrize(("rule", "path"), WRONG)
def test_what_calico_refuses(rule: str, path: str) -> None:
    text = calico("GlobalNetworkPolicy", f"ingress: [{{action: Allow, {rule}}}]")
    assert refused(text) == f"spec.ingress[0].{path}"


@pytest.mark.parametrize(
    ("spec", "path"),
    [
        ("ingress: [{action: Deny, http: {methods: [GET]}}]", "spec.ingress[0].http"),
        ("egress: [{action: Allow, http: {methods: [GET]}}]", "spec.egress[0].http"),
        (
            "egress: [{action: Allow, source: {services: {name: a, namespace: b}}}]",
            "spec.egress[0].source.services",
        ),
        (
            f"egress: [{{action: Log, protocol: 6, destination: {{{SERVICE}, ports: [1]}}}}]",
            "spec.egress[0].destination.services",
        ),
        ("egress: [{action: Allow, destination: {services: {name: a, namespace: b}}}]", None),
    ],
)
def test_what_depends_on_the_direction(spec: str, path: str | None) -> None:
    assert refused(calico("GlobalNetworkPolicy", spec)) == path
