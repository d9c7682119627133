"""Network policies that Kubernetes takes, and those that it refuses."""

import pytest

from tapetum.policy.resources.manifests import read_manifests
from tests.policy.resources.refusals import refused


def policy(spec: str) -> str:
    return f"apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: p}}\nspec: {{{spec}}}\n"


@pytest.mark.parametrize(
    ("spec", "path"),
    [
        ("podSelector: {}, ingress: [{ports: [{port: 1}, {port: web}, {port: 5, endPort: 5}]}]", None),
        ("ingress: [{from: [{ipBlock: {cidr: 10.0.0.1/8, except: [10.1.0.0/16]}}]}]", None),
        ("policyTypes: [Ingress, Ingress]", None),
        ("policyTypes: [Ingress, Egress, Egress]", "spec.policyTypes"),
        ("ingress: [{ports: [{port: '80'}]}]", "spec.ingress[0].ports[0].port"),
        ("ingress: [{ports: [{port: '80:90'}]}]", "spec.ingress[0].ports[0].port"),
        ("ingress: [{ports: [{port: 0}]}]", "spec.ingress[0].ports[0].port"),
        ("ingress: [{ports: [{port: Web}]}]", "spec.ingress[0].ports[0].port"),
        ("ingress: [{ports: [{port: a-name-of-16-sig}]}]", "spec.ingress[0].ports[0].port"),
        ("ingress: [{ports: [{port: a--b}]}]", "spec.ingress[0].ports[0].port"),
        (
            "ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.0.0.0/8]}}]}]",
            "spec.ingress[0].from[0].ipBlock.except[0]",
        ),
        (
            "ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [11.0.0.0/16]}}]}]",
            "spec.ingress[0].from[0].ipBlock.except[0]",
        ),
        ("ingress: [{from: [{ipBlock: {cidr: 10.0.0.1}}]}]", "spec.ingress[0].from[0].ipBlock.cidr"),
        ("podSelector: {matchLabels: {'a b': c}}", "spec.podSelector.matchLabels"),
        (
            "podSelector: {matchExpressions: [{key: a, operator: In, values: ['b c']}]}",
            "spec.podSelector.matchExpressions[0].values",
        ),
        (
            "podSelector: {matchExpressions: [{key: a/b/c, operator: Exists}]}",
            "spec.podSelector.matchExpressions[0].key",
        ),
    ],
)
def test_policies(spec: str, path: str | None) -> None:
    assert refused(policy(spec)) == path


@pytest.mark.parametrize(
    ("spec", "path"),
    [
        ("ingress: [{ports: [{port: 65536}]}]", "spec.ingress[0].ports[0].port"),
        ("ingress: [{ports: [{port: 9, endPort: 8}]}]", "spec.ingress[0].ports[0].endPort"),
        ("ingress: [{ports: [{port: web, endPort: 8}]}]", "spec.ingress[0].ports[0].endPort"),
        ("ingress: [{ports: [{endPort: 8}]}]", "spec.ingress[0].ports[0].endPort"),
        ("ingress: [{from: [{}]}]", "spec.ingress[0].from[0]"),
        (
            "ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}, podSelector: {}}]}]",
            "spec.ingress[0].from[0].ipBlock",
        ),
    ],
)
def test_what_means_nothing_is_never_taken(spec: str, path: str) -> None:
    for lenient in (False, True):
        (problem,) = read_manifests([("f.yaml", policy(spec))], lenient=lenient).problems
        assert problem.path == path
