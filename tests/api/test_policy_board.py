"""The board of policies and the trace of a flow over GraphQL, as the store and the manifests tell them."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tapetum.api import ApiSettings, issue
from tapetum.domain.scope import Scope
from tests.api.test_manifests import brought
from tests.api.world import World, opened
from tests.support.factory import HOUR, MINUTE, NOW, End, Flow, Hit, wep

MANIFESTS = """
apiVersion: projectcalico.org/v3
kind: Tier
metadata: {name: security}
spec: {order: 100, defaultAction: Pass}
---
apiVersion: projectcalico.org/v3
kind: GlobalNetworkPolicy
metadata: {name: security.watch}
spec: {tier: security, order: 1, selector: has(app), ingress: [{action: Pass}]}
---
apiVersion: projectcalico.org/v3
kind: NetworkPolicy
metadata: {name: db, namespace: shop}
spec:
  order: 5
  selector: app == 'db'
  ingress:
    - {action: Allow, protocol: TCP, source: {selector: app == 'web'}, destination: {ports: [80]}}
    - {action: Allow, protocol: TCP, source: {selector: app == 'web'}, destination: {ports: [80]}}
---
apiVersion: projectcalico.org/v3
kind: StagedNetworkPolicy
metadata: {name: strict, namespace: shop}
spec: {order: 4, selector: app == 'db', ingress: [{action: Deny}]}
---
apiVersion: projectcalico.org/v3
kind: NetworkPolicy
metadata: {name: old, namespace: pay}
spec: {selector: app == 'gone'}
---
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: v1
kind: Pod
metadata: {name: web-1, generateName: web-, namespace: shop, labels: {app: web}}
status: {podIP: 10.0.0.1}
---
apiVersion: v1
kind: Pod
metadata: {name: db-1, generateName: db-, namespace: shop, labels: {app: db}}
status: {podIP: 10.0.0.2}
"""
WATCH = Hit(0, "security", "watch", "pass")
ALLOWED = Hit(1, "default", "db", "allow", namespace="shop")
STAGED = Hit(
    1, "default", "strict", "deny", namespace="shop", set="pending", staged=True, kind="StagedNetworkPolicy"
)
PENDING = (replace(WATCH, set="pending"), STAGED)
LOST = Hit(0, "default", "lost", "allow", namespace="shop")
ENDED = Hit(0, "default", "db", "deny", rule_index=-1, namespace="shop", end_of_tier=True)
IN = Flow(reporter="dst", connections=5, hits=(WATCH, ALLOWED, *PENDING))

COUNTS = "counts { allowed denied passed records last }"
POLICY = f"""id kind namespace name order staged selector governs selects maySelect {COUNTS} unused
  lastEvaluated rules {{ side index action traffic peer subject {COUNTS}
    finding {{ kind basis text by {{ name index }} }} }}"""
BOARD = f"""query($range: TimeRangeInput!) {{ policyBoard(range: $range) {{
  asOf interval starts clustersWithoutManifests unselected {{ records }}
  notImported {{ cluster tier kind namespace name {COUNTS} }}
  tiers {{ cluster name order defaultAction defined ended {{ denied allowed }}
    policies {{ {POLICY} }} }} }} }}"""
ONE = f"""query($id: ID!) {{ policy(id: $id) {{ {POLICY} yaml notes
  endpoints {{ namespace name sure }} history {{ from until }} counts {{ allowedTrend deniedTrend }} }} }}"""
TRACE = """query($flow: ID!) { policyTrace(flow: $flow) { side action warnings logged { set name action }
  enforced { verdict steps { tier name action ruleIndex endOfTier } doubts } pending { verdict }
  pendingAsLogged { steps { name staged } } } }"""
LAST_HOUR = {"from": "now-1h"}


async def filled(world: World) -> None:
    world.clock.now = NOW - HOUR
    await brought(world, MANIFESTS)
    world.clock.now = NOW
    world.commit(
        [
            IN,
            replace(IN, reporter="src", hits=(), mark=1),
            replace(IN, source=wep("pay", "x"), action="deny", hits=(WATCH, replace(ENDED, index=1)), mark=2),
            replace(IN, reporter="src", hits=(LOST,), connections=None, mark=3),
        ]
    )


async def board(world: World, token: str | None = None) -> dict[str, Any]:
    return (await world.ask(BOARD, {"range": LAST_HOUR}, token))["policyBoard"]


def by_name(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {policy["name"]: policy for tier in found["tiers"] for policy in tier["policies"]}


def done(counts: dict[str, Any]) -> tuple[str | None, ...]:
    return counts["allowed"], counts["denied"], counts["passed"], counts["records"]


async def test_tiers_and_policies_come_in_order_with_what_they_did(world: World) -> None:
    await filled(world)
    found = await board(world)
    assert [(tier["name"], tier["order"], tier["defaultAction"]) for tier in found["tiers"]] == [
        ("security", 100, "PASS"),
        ("default", 1_000_000, "DENY"),
    ]
    assert [policy["name"] for policy in found["tiers"][1]["policies"]] == ["strict", "db", "old"]
    assert found["tiers"][1]["ended"] == {"denied": "5", "allowed": "0"}
    policies = by_name(found)
    assert {name: done(policy["counts"]) for name, policy in policies.items()} == {
        "watch": ("0", "0", "10", "2"),
        "strict": ("0", "5", "0", "1"),
        "db": ("5", "0", "0", "1"),
        "old": ("0", "0", "0", "0"),
    }
    assert {name: (policy["selects"], policy["unused"]) for name, policy in policies.items()} == {
        "watch": (2, False),
        "strict": (1, False),
        "db": (1, False),
        "old": (0, True),
    }
    first, second = policies["db"]["rules"]
    assert (first["traffic"], first["peer"], done(first["counts"])) == (
        "tcp 80",
        'projectcalico.org/namespace == "shop" && app == "web"',
        ("5", "0", "0", "1"),
    )
    assert second["finding"] == {
        "kind": "SHADOWED",
        "basis": "ANY",
        "text": "Never reached, for any endpoints: all that it matches is decided before by ingress rule 0 "
        "of CalicoNetworkPolicy shop/db.",
        "by": [{"name": "db", "index": 0}],
    }
    lost = found["notImported"]
    assert [(each["name"], done(each["counts"])) for each in lost] == [("lost", (None, "0", "0", "1"))]
    assert found["clustersWithoutManifests"] == []


async def test_before_manifests_were_brought_only_logs_tell(world: World) -> None:
    world.commit([IN])
    found = await board(world)
    assert (found["tiers"], found["clustersWithoutManifests"]) == ([], ["east"])
    assert [each["name"] for each in found["notImported"]] == ["db", "watch", "strict"]


async def test_a_policy_has_its_manifest_history_and_endpoints(world: World) -> None:
    await filled(world)
    id_ = by_name(await board(world))["db"]["id"]
    await brought(world, MANIFESTS.replace("order: 5", "order: 6"))
    found = (await world.ask(ONE, {"id": id_}))["policy"]
    assert found["yaml"].startswith(
        "apiVersion: projectcalico.org/v3\nkind: NetworkPolicy\nmetadata:\n  name: db\n"
    )
    assert found["endpoints"] == [{"namespace": "shop", "name": "db-1", "sure": True}]
    assert [version["until"] is None for version in found["history"]] == [True, False]
    assert sum(map(int, found["counts"]["allowedTrend"])) == 5


async def test_a_limited_caller_sees_its_namespaces_and_its_own_traffic() -> None:
    with opened(ApiSettings(require_token=True)) as world:
        everyone = await secret(world, Scope())
        shop = await secret(world, Scope(namespaces=frozenset({("east", "shop")})))
        world.clock.now = NOW - HOUR
        await brought(world, MANIFESTS, token=everyone)
        world.clock.now = NOW
        world.commit([IN, replace(IN, source=wep("pay", "x"), mark=1)])
        whole, found = by_name(await board(world, everyone)), await board(world, shop)
        assert [tier["name"] for tier in found["tiers"]] == ["default"]
        assert by_name(found).keys() == {"strict", "db"}
        assert done(by_name(found)["db"]["counts"]) == ("5", "0", "0", "1")
        assert done(whole["db"]["counts"]) == ("10", "0", "0", "2")
        assert [each["name"] for each in found["notImported"]] == ["watch"], "its logs name it"
        for name, seen in (("db", True), ("watch", False), ("old", False)):
            told = (await world.ask(ONE, {"id": whole[name]["id"]}, shop))["policy"]
            assert (told is not None) is seen


async def secret(world: World, scope: Scope) -> str:
    made, text = issue("t", scope, ingest=False, lifetime=timedelta(hours=1), clock=world.clock)
    await world.context.catalog.add_token(replace(made, expires_at=NOW + HOUR))
    return text


async def traced(world: World, flow: Flow) -> dict[str, Any]:
    world.commit([flow])
    found = await world.ask(
        """query($range: TimeRangeInput!, $filter: KQL) {
          flows(range: $range, first: 1, filter: $filter) { nodes { id } } }""",
        {"range": LAST_HOUR, "filter": f"bytes_in: {flow.bytes_in}"},
    )
    return (await world.ask(TRACE, {"flow": found["flows"]["nodes"][0]["id"]}))["policyTrace"]


async def test_a_flow_whose_other_end_has_no_type_is_traced(world: World) -> None:
    world.clock.now = NOW - HOUR
    await brought(world, MANIFESTS)
    world.clock.now = NOW
    found = await traced(world, replace(IN, source=End(None, None, None, "pub"), bytes_in=7002))
    assert (found["side"], found["enforced"]["verdict"]) == ("INGRESS", "DENY")


async def test_a_flow_is_traced_beside_what_its_record_says(world: World) -> None:
    world.clock.now = NOW - HOUR
    await brought(world, MANIFESTS)
    world.clock.now = NOW
    agreed = await traced(world, replace(IN, bytes_in=7001))
    assert agreed["warnings"] == []
    assert (
        agreed["side"],
        agreed["action"],
        agreed["enforced"]["verdict"],
        agreed["pending"]["verdict"],
    ) == (
        "INGRESS",
        "ALLOW",
        "ALLOW",
        "DENY",
    )
    assert [(step["name"], step["action"], step["ruleIndex"]) for step in agreed["enforced"]["steps"]] == [
        ("watch", "PASS", 0),
        ("db", "ALLOW", 0),
    ]
    assert agreed["pendingAsLogged"]["steps"] == [
        {"name": "watch", "staged": False},
        {"name": "strict", "staged": True},
    ]
    assert [(hit["set"], hit["name"]) for hit in agreed["logged"]] == [
        ("ENFORCED", "watch"),
        ("ENFORCED", "db"),
        ("PENDING", "watch"),
        ("PENDING", "strict"),
    ]
    denied = await traced(
        world, replace(IN, action="deny", hits=(WATCH, replace(ENDED, index=1)), bytes_in=7002)
    )
    assert denied["warnings"] == [
        "The manifests as of then allow it, and the record says deny: the manifests are not what was in "  # noqa: ISC004
        "force on that node, or the connection is older than they are."
    ]
    other = await traced(world, replace(IN, hits=(ALLOWED,), bytes_in=7003))
    assert other["warnings"] == [
        "The record names other enforced steps than the manifests as of then lead to."
    ]
    without_rules = replace(ALLOWED, tier="", rule_index=-2)  # as Hubble names policies
    named = await traced(world, replace(IN, hits=(without_rules,), bytes_in=7004))
    assert named["warnings"] == []


@pytest.mark.parametrize(
    ("flow", "warning"),
    [
        (replace(IN, at=NOW - MINUTE, bytes_in=7004), "No manifests of the cluster are known as of then"),
    ],
)
async def test_what_is_not_known_is_said(world: World, flow: Flow, warning: str) -> None:
    found = await traced(world, flow)
    assert found["enforced"] is None
    assert found["warnings"][0].startswith(warning)


async def test_a_flow_in_transit_is_refused(world: World) -> None:
    world.commit([replace(IN, reporter="fwd")])
    found = await world.ask("""{ flows(range: {from: "now-1h"}, first: 1) { nodes { id } } }""")
    code, message = await world.refusal(TRACE, {"flow": found["flows"]["nodes"][0]["id"]})
    assert code == "BAD_INPUT"
    assert "in transit" in message
    assert (await world.refusal(TRACE, {"flow": "nonsense"}))[0] == "BAD_INPUT"
