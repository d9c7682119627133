"""Edits of a cluster's manifests, one after the other."""

from collections.abc import Mapping
from typing import Any

import pytest

from tapetum.domain.errors import BadInputError
from tapetum.domain.policy_trace import Action
from tapetum.policy.documents import read
from tapetum.policy.documents.writing import written_yaml
from tapetum.policy.resources.keys import Key
from tapetum.policy.resources.manifests import read_manifests
from tapetum.policy.state import ClusterState
from tapetum.policy.whatif import Draft
from tapetum.policy.whatif.edits import Delete, Edit, Promote, Put, Relabel, Reorder, SetDefault

CLUSTER = """
apiVersion: projectcalico.org/v3
kind: Tier
metadata: {name: platform}
spec: {order: 100, defaultAction: Pass}
---
apiVersion: projectcalico.org/v3
kind: GlobalNetworkPolicy
metadata: {name: platform.base}
spec: {tier: platform, order: 5, selector: all(), ingress: [{action: Pass}]}
---
apiVersion: projectcalico.org/v3
kind: NetworkPolicy
metadata: {name: default.web, namespace: shop}
spec: {tier: default, order: 10, selector: app == 'web', ingress: [{action: Allow}]}
---
apiVersion: projectcalico.org/v3
kind: StagedNetworkPolicy
metadata: {name: web, namespace: shop}
spec: {tier: default, order: 20, selector: app == 'web', ingress: [{action: Deny}]}
---
apiVersion: projectcalico.org/v3
kind: StagedGlobalNetworkPolicy
metadata: {name: platform.base}
spec: {tier: platform, stagedAction: Delete}
---
apiVersion: projectcalico.org/v3
kind: StagedKubernetesNetworkPolicy
metadata: {name: db, namespace: shop}
spec: {podSelector: {matchLabels: {app: db}}, policyTypes: [Ingress]}
---
apiVersion: projectcalico.org/v3
kind: StagedNetworkPolicy
metadata: {name: later, namespace: shop}
spec: {tier: default, stagedAction: Ignore}
---
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {team: one}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: dns, namespace: shop}
spec: {podSelector: {}, policyTypes: [Egress]}
---
apiVersion: v1
kind: Pod
metadata:
  name: web-7d4b9-abcde
  generateName: web-7d4b9-
  namespace: shop
  labels: {app: web, pod-template-hash: 7d4b9}
---
apiVersion: v1
kind: Pod
metadata:
  name: web-7d4b9-fghij
  generateName: web-7d4b9-
  namespace: shop
  labels: {app: web, pod-template-hash: 7d4b9}
"""
WEB = Key("CalicoNetworkPolicy", "shop", "default.web")
STAGED = Key("StagedNetworkPolicy", "shop", "web")
TIER = Key("Tier", None, "platform")


def draft() -> Draft:
    found = read_manifests([("cluster", CLUSTER)])
    assert found.problems == ()
    return Draft({each.key: each.document for each in found.manifests}, ClusterState(found.resources))


def needed(found: Draft, key: Key) -> Mapping[str, Any]:
    manifest = found.get(key)
    assert manifest is not None
    return manifest


def test_what_was_there_stays_as_it_was() -> None:
    before = draft()
    after = before.edited(Delete(WEB)).edited(Reorder(TIER, 7))
    assert before.changed == {}
    assert WEB in before.state.resources
    assert after.get(WEB) is None
    assert WEB not in after.state.resources
    assert after.changed.keys() == {WEB, TIER}


def test_orders_of_tiers_and_policies() -> None:
    after = draft().edited(Reorder(TIER, None)).edited(Reorder(WEB, 3.5))
    assert "order" not in needed(after, TIER)["spec"]
    assert [tier.order for tier in after.state.tiers if tier.name == "platform"] == [None]
    assert [each.order for each in after.state.policies if each.id.name == "default.web"] == [3.5]


def test_a_tier_that_is_built_in_gets_a_manifest_when_it_changes() -> None:
    after = draft().edited(SetDefault("default", Action.PASS))
    assert needed(after, Key("Tier", None, "default"))["spec"] == {
        "order": 1_000_000,
        "defaultAction": "Pass",
    }
    assert [each.default_action for each in after.state.tiers if each.name == "default"] == [Action.PASS]


def test_siblings_are_labelled_together() -> None:
    edit = Relabel(Key("Pod", "shop", "web-7d4b9-*"), {"tier": "front"}, ("app",))
    after = draft().edited(edit)
    assert {tuple(sorted(pod.labels.items())) for pod in after.state.pods.values()} == {
        (("pod-template-hash", "7d4b9"), ("tier", "front"))
    }


@pytest.mark.parametrize("keys", [(), (STAGED,)])
def test_promotion_is_what_the_state_says_of_it(keys: tuple[Key, ...]) -> None:
    before = draft()
    after = before.edited(Promote(keys))
    wanted = before.state.promoted(*keys)
    assert set(after.state.policies) == set(wanted.policies)
    if not keys:
        ignored = [each.id.name for each in after.state.policies if each.staged is not None]
        assert ignored == ["later"]
        assert after.get(Key("GlobalNetworkPolicy", None, "platform.base")) is None
        assert needed(after, Key("NetworkPolicy", "shop", "db"))["apiVersion"] == "networking.k8s.io/v1"


def test_an_edit_sees_those_before_it() -> None:
    manifest = {
        "apiVersion": "projectcalico.org/v3", "kind": "NetworkPolicy",
        "metadata": {"name": "new", "namespace": "shop"}, "spec": {"order": 1, "ingress": []},
    }  # fmt: skip
    key = Key("CalicoNetworkPolicy", "shop", "new")
    after = draft().edited(Put(key, manifest)).edited(Reorder(key, 9))
    assert needed(after, key)["spec"]["order"] == 9


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (Delete(Key("Tier", None, "none")), "Tier none is not there"),
        (Reorder(Key("NetworkPolicy", "shop", "dns"), 1), "has no order of its own"),
        (SetDefault("missing", Action.PASS), "Tier missing is not there"),
        (SetDefault("platform", Action.ALLOW), "Allow"),
        (Relabel(TIER, {"a": "b"}), "bear on no policy"),
        (Relabel(Key("Pod", "shop", "gone-*"), {"a": "b"}), "is not there"),
        (Promote((WEB,)), "is not staged"),
        (Promote((Key("StagedNetworkPolicy", "shop", "none"),)), "is not there"),
        (Put(WEB, {"apiVersion": "projectcalico.org/v3", "kind": "NetworkPolicy", "metadata": {}}), "name"),
    ],
)
def test_what_does_not_fit_is_said(edit: Edit, said: str) -> None:
    with pytest.raises(BadInputError, match=said):
        draft().edited(edit)


def test_manifests_are_written_as_they_are_read() -> None:
    for manifest in draft().objects.values():
        text = written_yaml(manifest)
        assert [each.value for each in read(text, "again").documents] == [manifest]
        assert text.startswith("apiVersion: ")
