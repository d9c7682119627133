"""Whom policies isolate: cases by manifests, and that another policy never takes it away."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tapetum.domain.policy_trace import Action, PolicyKind
from tapetum.policy.labels import Labels
from tapetum.policy.resources.endpoints import Namespace, Pod
from tapetum.policy.resources.manifests import read_manifests
from tapetum.policy.resources.policies import Policy, PolicyId, Tier
from tapetum.policy.selectors import parse
from tapetum.policy.state import ClusterState
from tapetum.posture import Facts, Place, Standing, isolation, score_of, standings, tallied
from tests.policy import random_clusters

SAFE, UNSAFE, UNKNOWN = Standing
PODS = """
{apiVersion: v1, kind: Namespace, metadata: {name: shop}}
---
{apiVersion: v1, kind: Pod, metadata: {name: web-1, generateName: web-, namespace: shop, labels: {app: web}}}
---
{apiVersion: v1, kind: Pod, metadata: {name: db-1, generateName: db-, namespace: shop, labels: {app: db}}}
"""
DENY_ALL = """
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny, namespace: shop}
spec: {podSelector: {}, policyTypes: [%s]}
"""
CALICO = """
---
apiVersion: projectcalico.org/v3
kind: %s
metadata: {name: p, namespace: shop}
spec: {selector: app == 'web', types: [Ingress, Egress]}
"""
PASSING = """
---
{apiVersion: projectcalico.org/v3, kind: Tier, metadata: {name: t}, spec: {order: 1, defaultAction: Pass}}
---
apiVersion: projectcalico.org/v3
kind: GlobalNetworkPolicy
metadata: {name: t.p}
spec: {tier: t, selector: all(), types: [Ingress, Egress]}
"""
CASES = {
    "nothing": ("", (UNSAFE, UNSAFE, UNSAFE)),
    "one direction": (DENY_ALL % "Ingress", (UNSAFE, UNSAFE, UNSAFE)),
    "by default": (DENY_ALL % "Ingress, Egress", (SAFE, SAFE, SAFE)),
    "one workload": (CALICO % "NetworkPolicy", (SAFE, UNSAFE, UNSAFE)),
    "only staged": (CALICO % "StagedNetworkPolicy", (UNSAFE, UNSAFE, UNSAFE)),
    "a tier that passes": (PASSING, (UNSAFE, UNSAFE, UNSAFE)),
}


def state_of(*texts: str) -> ClusterState:
    return ClusterState(read_manifests([("given", "".join(texts))]).resources)


@pytest.mark.parametrize("case", CASES)
def test_of_each_workload_and_of_new_pods(case: str) -> None:
    text, expected = CASES[case]
    found = isolation(state_of(PODS, text))
    assert (found["shop", "web-*"], found["shop", "db-*"], found["shop", None]) == expected
    assert len(found) == 3


def test_without_pods_nothing_is_known() -> None:
    assert isolation(state_of(DENY_ALL % "Ingress")) == {}


def test_labels_that_are_not_known_leave_doubt() -> None:
    text = PASSING.replace("defaultAction: Pass", "defaultAction: Deny").replace(
        "all()", "projectcalico.org/namespace == 'shop' && pcns.team == 'x'"
    )
    pods = PODS.replace("{apiVersion: v1, kind: Namespace, metadata: {name: shop}}\n---", "")
    pod = [each for each in state_of(pods, text).resources.values() if not isinstance(each, Namespace)]
    assert isolation(ClusterState(pod))["shop", "web-*"] is UNKNOWN


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from(("all()", "app == 'a'", "has(tier)")))
def test_a_policy_that_covers_lowers_nothing(seed: int, selector: str) -> None:
    chance = Random(seed)
    base, _ = random_clusters.state(chance)
    pods = [
        Pod(namespace, f"{app}-{place}", f"{app}-*", Labels({"app": app}))
        for place, (namespace, app) in enumerate((("one", "a"), ("one", "b"), ("two", "a"), ("two", "c")))
    ]
    before = base.changed(put=pods)
    tiers = [Tier("a", 1.0), Tier("new", 5.0, chance.choice((Action.DENY, Action.PASS)))]
    drawn = random_clusters.policy(chance, 0, tiers)
    covering = replace(
        drawn, id=PolicyId(PolicyKind.GLOBAL_NETWORK_POLICY, None, "covering", "default"), staged=None
    )
    whole = Policy(covering.id, None, parse(selector), ingress=(), egress=())
    for added in (covering, whole):
        after = before.changed(put=[added])
        told, now = isolation(before), isolation(after)
        assert {place for place, each in told.items() if each is SAFE} <= {
            place for place, each in now.items() if each is SAFE
        }
        assert (value(now) or 0) >= (value(told) or 0)
        if added is whole and selector == "all()":
            assert set(now.values()) == {SAFE}


def value(told: dict[Place, Standing]) -> float | None:
    return score_of(tallied(standings(Facts(), {"east": told}).values())).value
