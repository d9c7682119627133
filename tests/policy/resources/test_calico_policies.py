"""Policies and tiers that Calico takes, and those that it refuses."""

import pytest

from tapetum.policy.resources.manifests import read_manifests
from tapetum.policy.resources.policies import Policy, Stage
from tests.policy.resources.refusals import calico, refused


@pytest.mark.parametrize(
    ("spec", "path"),
    [
        ("doNotTrack: true, applyOnForward: true, types: [Ingress, Egress]", None),
        ("preDNAT: true, applyOnForward: true, types: [Ingress]", None),
        ("doNotTrack: false, preDNAT: false", None),
        ("doNotTrack: true", "spec.applyOnForward"),
        ("preDNAT: true, applyOnForward: false", "spec.applyOnForward"),
        ("preDNAT: true, doNotTrack: true, applyOnForward: true", "spec.preDNAT"),
        ("preDNAT: true, applyOnForward: true, types: [Ingress, Egress]", "spec.preDNAT"),
        ("preDNAT: true, applyOnForward: true, types: [Ingress], egress: [{action: Allow}]", "spec.preDNAT"),
        ("types: [Ingress, Ingress]", "spec.types"),
        ("tier: sec-1", None),
        ("tier: a.b", "spec.tier"),
        ("tier: A", "spec.tier"),
        ("performanceHints: [AssumeNeededOnEveryNode]", None),
        ("performanceHints: [Hurry]", "spec.performanceHints"),
        ("selector: global()", "spec.selector"),
        ("namespaceSelector: global()", "spec.namespaceSelector"),
        ("serviceAccountSelector: global()", "spec.serviceAccountSelector"),
    ],
)
def test_global_policies(spec: str, path: str | None) -> None:
    assert refused(calico("GlobalNetworkPolicy", spec)) == path


def test_a_tier_that_could_be_in_no_log_is_never_taken() -> None:
    text = calico("GlobalNetworkPolicy", "tier: 'a|b'")
    (problem,) = read_manifests([("f.yaml", text)], lenient=True).problems
    assert problem.path == "spec.tier"


def test_a_forgiven_policy_before_translation_is_of_ingress_alone() -> None:
    text = calico("GlobalNetworkPolicy", "preDNAT: true, egress: [{action: Allow}], types: [Ingress, Egress]")
    (policy,) = read_manifests([("f.yaml", text)], lenient=True).resources
    assert isinstance(policy, Policy)
    assert (policy.stage, policy.ingress, policy.egress) == (Stage.PRE_DNAT, (), None)


@pytest.mark.parametrize(
    ("kind", "spec", "path"),
    [
        ("StagedNetworkPolicy", "stagedAction: Delete, tier: a", None),
        ("StagedGlobalNetworkPolicy", "stagedAction: Delete, doNotTrack: false, selector: ''", None),
        ("StagedKubernetesNetworkPolicy", "stagedAction: Delete, podSelector: {}", None),
        ("StagedNetworkPolicy", "stagedAction: Delete, order: 0", "spec.order"),
        ("StagedGlobalNetworkPolicy", "stagedAction: Delete, ingress: [{action: Allow}]", "spec.ingress"),
        ("StagedKubernetesNetworkPolicy", "stagedAction: Delete, ingress: [{}]", "spec.ingress"),
    ],
)
def test_staged_deletions_say_nothing_else(kind: str, spec: str, path: str | None) -> None:
    assert refused(calico(kind, spec)) == path


@pytest.mark.parametrize(
    ("name", "spec", "path"),
    [
        ("sec-1", "order: 3", None),
        ("default", "order: 1000000", None),
        ("kube-admin", "", None),
        ("default", "order: 5", "spec.order"),
        ("adminnetworkpolicy", "order: 5", "spec.order"),
        ("kube-baseline", "order: 5", "spec.order"),
        ("a.b", "order: 3", "metadata.name"),
        ("A", "order: 3", "metadata.name"),
        ("a" * 64, "order: 3", "metadata.name"),
    ],
)
def test_tiers(name: str, spec: str, path: str | None) -> None:
    assert refused(calico("Tier", spec, name)) == path
