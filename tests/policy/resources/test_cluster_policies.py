"""Cluster-wide policies that their API takes, and those that it refuses."""

import pytest

from tapetum.policy.resources.manifests import read_manifests
from tapetum.policy.resources.policies import Policy
from tapetum.policy.rules import Rule, RuleAction
from tests.policy.resources.refusals import refused

ANY = "to: [{namespaces: {}}]"
VERSIONS = {"ClusterNetworkPolicy": "v1alpha2"}
BEFORE = {"ClusterNetworkPolicy": "tier: Admin, priority: 1, ", "AdminNetworkPolicy": "priority: 1, "}


def policy(kind: str, spec: str, name: str = "default") -> str:
    subject = "" if "subject" in spec else ", subject: {namespaces: {}}"
    return (
        f"apiVersion: policy.networking.k8s.io/{VERSIONS.get(kind, 'v1alpha1')}\nkind: {kind}\n"
        f"metadata: {{name: {name}}}\nspec: {{{BEFORE.get(kind, '')}{spec}{subject}}}\n"
    )


def rule(more: str, action: str = "Deny") -> str:
    return f"egress: [{{action: {action}, {more}}}]"


@pytest.mark.parametrize(
    ("kind", "spec", "path"),
    [
        ("AdminNetworkPolicy", rule(f"{ANY}, ports: [{{portRange: {{start: 1, end: 1}}}}]"), None),
        ("AdminNetworkPolicy", f"egress: [{', '.join([f'{{action: Deny, {ANY}}}'] * 100)}]", None),
        ("AdminNetworkPolicy", f"egress: [{', '.join([f'{{action: Deny, {ANY}}}'] * 101)}]", "spec.egress"),
        ("ClusterNetworkPolicy", f"egress: [{', '.join([f'{{action: Deny, {ANY}}}'] * 26)}]", "spec.egress"),
        ("AdminNetworkPolicy", rule(f"{ANY}, name: {'a' * 101}"), "spec.egress[0].name"),
        ("AdminNetworkPolicy", rule(f"{ANY}, ports: []"), "spec.egress[0].ports"),
        (
            "AdminNetworkPolicy",
            rule("to: [{networks: [10.0.0.0/8]}], ports: [{namedPort: web}]"),
            "spec.egress[0].ports",
        ),
        ("AdminNetworkPolicy", rule("to: [{networks: [10.0.0.1]}]"), "spec.egress[0].to[0].networks"),
        (
            "AdminNetworkPolicy",
            rule(f"to: [{{networks: [{', '.join(f'10.{at}.0.0/16' for at in range(26))}]}}]"),
            "spec.egress[0].to[0].networks",
        ),
        ("BaselineAdminNetworkPolicy", "subject: {pods: {podSelector: {}, namespaceSelector: {}}}", None),
        (
            "BaselineAdminNetworkPolicy",
            "subject: {pods: {podSelector: {}}}",
            "spec.subject.pods.namespaceSelector",
        ),
        ("ClusterNetworkPolicy", "subject: {pods: {podSelector: {}}}", None),
        ("ClusterNetworkPolicy", "subject: {pods: {}}", "spec.subject.pods.podSelector"),
        (
            "ClusterNetworkPolicy",
            rule(f"{ANY}, protocols: [{{tcp: {{}}}}]"),
            "spec.egress[0].protocols[0].tcp",
        ),
        (
            "ClusterNetworkPolicy",
            rule(f"{ANY}, protocols: [{{tcp: {{destinationPort: {{range: {{start: 1, end: 1}}}}}}}}]"),
            "spec.egress[0].protocols[0].tcp.destinationPort.range",
        ),
    ],
)
def test_policies(kind: str, spec: str, path: str | None) -> None:
    assert refused(policy(kind, spec)) == path


@pytest.mark.parametrize("kind", ["ClusterNetworkPolicy", "AdminNetworkPolicy"])
@pytest.mark.parametrize(
    ("action", "peers", "path"),
    [
        (True, "{domainNames: ['*.example.com']}", None),
        (False, "{domainNames: ['*.example.com']}", "spec.egress[0].to[0].domainNames"),
        (False, "{nodes: {matchLabels: {a: b}}}", None),
    ],
)
def test_peers_that_have_no_form(kind: str, action: bool, peers: str, path: str | None) -> None:
    allow = "Accept" if kind == "ClusterNetworkPolicy" else "Allow"
    assert refused(policy(kind, rule(f"to: [{peers}]", allow if action else "Deny"))) == path


@pytest.mark.parametrize(
    ("more", "path"),
    [
        ("to: [{domainNames: a.b}]", "to[0].domainNames"),
        ("to: [{domainNames: []}]", "to[0].domainNames"),
        ("to: [{domainNames: ['a b']}]", "to[0].domainNames[0]"),
        ("to: [{nodes: 1}]", "to[0].nodes"),
        ("to: [{nodes: {}}, {namespaces: 1}]", "to[1].namespaces"),
        ("to: [{nodes: {}}], protocols: [{tcp: 1}]", "protocols[0].tcp"),
        (
            "to: [{namespaces: {}}], protocols: [{destinationNamedPort: 1}]",
            "protocols[0].destinationNamedPort",
        ),
        (
            "to: [{namespaces: {}}], protocols: [{destinationNamedPort: a}, {udp: 1}]",
            "protocols[1].udp",
        ),
    ],
)
def test_what_has_no_form_hides_nothing_that_is_wrong(more: str, path: str) -> None:
    for lenient in (False, True):
        text = policy("ClusterNetworkPolicy", rule(more, "Accept"))
        (problem,) = read_manifests([("f.yaml", text)], lenient=lenient).problems
        assert problem.path == f"spec.egress[0].{path}"


@pytest.mark.parametrize(
    ("early", "now"),
    [
        ("namespaces: {namespaceSelector: {matchLabels: {a: b}}}", "namespaces: {matchLabels: {a: b}}"),
        ("namespaces: {namespaceSelector: {}}", "namespaces: {}"),
        (
            "pods: {namespaces: {namespaceSelector: {}}, podSelector: {matchLabels: {a: b}}}",
            "pods: {namespaceSelector: {}, podSelector: {matchLabels: {a: b}}}",
        ),
    ],
)
def test_peers_of_the_first_admin_policies_mean_the_same(early: str, now: str) -> None:
    texts = (policy("AdminNetworkPolicy", rule(f"to: [{{{each}}}]", "Pass")) for each in (early, now))
    first, second = (read_manifests([("f.yaml", text)]).resources for text in texts)
    assert first == second
    assert len(first) == 1


@pytest.mark.parametrize(
    ("peer", "path"),
    [
        ("namespaces: {sameLabels: [a]}", None),
        ("pods: {namespaces: {notSameLabels: [a]}, podSelector: {}}", None),
        ("namespaces: {sameLabels: a}", "namespaces.sameLabels"),
        ("namespaces: {sameLabels: [a], namespaceSelector: {}}", "namespaces"),
        ("namespaces: {sameLabels: null}", "namespaces"),
    ],
)
def test_what_namespaces_share_with_the_subject_has_no_form(peer: str, path: str | None) -> None:
    text = policy("AdminNetworkPolicy", rule(f"to: [{{{peer}}}]"))
    found = read_manifests([("f.yaml", text)])
    assert [each.path for each in found.problems] == (
        [] if path is None else [f"spec.egress[0].to[0].{path}"]
    )
    if path is None:
        (made,) = found.resources
        assert isinstance(made, Policy)
        assert made.egress == (Rule(RuleAction.DENY),)


def test_a_peer_of_another_version_fails_closed() -> None:
    text = policy("ClusterNetworkPolicy", rule("to: [{planets: {}}]"))
    (found,) = read_manifests([("f.yaml", text)], lenient=True).resources
    assert isinstance(found, Policy)
    assert found.egress == (Rule(RuleAction.DENY),)
    assert found.notes == (
        "spec.egress[0]: peers by planets cannot be converted; the rule denies everything",
    )


def test_a_baseline_has_one_name() -> None:
    assert refused(policy("BaselineAdminNetworkPolicy", "ingress: []", "other")) == "metadata.name"


@pytest.mark.parametrize(
    ("spec", "path"),
    [
        ("priority: 1001, subject: {namespaces: {}}", "spec.priority"),
        ("priority: -1, subject: {namespaces: {}}", "spec.priority"),
        ("priority: 1, subject: {}", "spec.subject"),
        (
            "priority: 1, subject: {namespaces: {}}, ingress: [{action: Deny, from: []}]",
            "spec.ingress[0].from",
        ),
        (
            "priority: 1, subject: {namespaces: {}}, ingress: [{action: Deny, from: [{}]}]",
            "spec.ingress[0].from[0]",
        ),
    ],
)
def test_what_means_nothing_is_never_taken(spec: str, path: str) -> None:
    head = "apiVersion: policy.networking.k8s.io/v1alpha1\nkind: AdminNetworkPolicy\nmetadata: {name: a}\n"
    for lenient in (False, True):
        (problem,) = read_manifests([("f.yaml", f"{head}spec: {{{spec}}}\n")], lenient=lenient).problems
        assert problem.path == path
