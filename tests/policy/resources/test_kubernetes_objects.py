"""Pods, services and their slices that Kubernetes takes, and those that it refuses."""

import pytest

from tests.policy.resources.refusals import refused


def text(kind: str, rest: str) -> str:
    version = "discovery.k8s.io/v1" if kind == "EndpointSlice" else "v1"
    return f"apiVersion: {version}\nkind: {kind}\nmetadata: {{name: n}}\n{rest}\n"


@pytest.mark.parametrize(
    ("kind", "rest", "path"),
    [
        ("Pod", "spec: {serviceAccountName: a.b-1}", None),
        ("Pod", "spec: {serviceAccountName: A}", "spec.serviceAccountName"),
        ("Pod", "spec: {containers: [{ports: [{name: a, containerPort: 1, protocol: SCTP}]}]}", None),
        (
            "Pod",
            "spec: {containers: [{ports: [{name: a, containerPort: 1, protocol: tcp}]}]}",
            "spec.containers[0].ports[0].protocol",
        ),
        (
            "Service",
            "spec: {ports: [{port: 1, targetPort: web, protocol: UDP}, {port: 2, targetPort: 3}]}",
            None,
        ),
        ("Service", "spec: {ports: [{port: 1, protocol: ICMP}]}", "spec.ports[0].protocol"),
        ("EndpointSlice", "ports: [{port: 1}, {port: null}]\nendpoints: [{addresses: [10.0.0.1]}]", None),
        ("EndpointSlice", "ports: [{port: 1, protocol: X}]", "ports[0].protocol"),
    ],
)
def test_objects(kind: str, rest: str, path: str | None) -> None:
    assert refused(text(kind, rest)) == path
