"""The security posture over GraphQL, from what the stores hold of flows and manifests."""

from dataclasses import replace
from typing import Any

import pytest

from tapetum.api import ApiSettings
from tapetum.api.use.builtin import documents
from tapetum.domain.documents import DocumentKind
from tapetum.domain.networks import Networks
from tapetum.domain.scope import Scope
from tapetum.posture.components import CLEARTEXT_PORTS
from tests.api.test_manifests import brought
from tests.api.world import World, opened
from tests.support.factory import HOUR, MINUTE, NOW, Flow, Hit, net, netset, wep

MANIFESTS = """
{apiVersion: v1, kind: Namespace, metadata: {name: shop}}
---
{apiVersion: v1, kind: Pod, metadata: {name: web-1, generateName: web-, namespace: shop, labels: {app: web}}}
---
{apiVersion: v1, kind: Pod, metadata: {name: db-1, generateName: db-, namespace: shop, labels: {app: db}}}
---
apiVersion: projectcalico.org/v3
kind: NetworkPolicy
metadata: {name: db, namespace: shop}
spec: {selector: app == 'db', types: [Ingress, Egress], ingress: [{action: Allow}], egress: [{action: Allow}]}
"""
ASK = """query($from: TimePoint! = "now-1h", $clusters: [ID!]) {
  securityPosture(range: {from: $from}, clusters: $clusters) {
    starts clustersWithoutManifests namespacesTotal actionsTotal
    overall { ...score } clusters { ...score } namespaces { ...score }
    actions { component cluster namespace text workloads gain certain page filter } } }
  fragment score on PostureScore { cluster namespace score atMost coverage workloads trend trendCoverage
    components { component weight score coverage safe unsafe unknown examples } }"""

COUNT = 'query($filter: KQL) { flows(range: {from: "now-1h"}, first: 9, filter: $filter) { totalCount } }'

WEB, DB, PAY = wep("shop", "web"), wep("shop", "db"), wep("pay", "api")
OPEN = Hit(0, "__PROFILE__", "kns.shop", "allow", kind="Profile")
POLICED = Hit(0, "default", "db", "allow", namespace="shop")
STAGED = replace(POLICED, name="strict", action="deny", set="pending", staged=True)
FLOWS = [
    Flow(source=WEB, dest=net("pub"), port=443, hits=(OPEN,)),
    Flow(source=DB, dest=net("pub"), port=443, hits=(POLICED,), at=NOW - 40 * MINUTE),
    Flow(source=net("pub"), dest=WEB, reporter="dst", port=8443, hits=(OPEN,)),
    Flow(source=WEB, dest=DB, port=6379, hits=(OPEN,)),
    Flow(source=WEB, dest=DB, reporter="dst", port=5432, hits=(POLICED, STAGED)),
    Flow(source=PAY, dest=DB, port=5432, action="deny", hits=(replace(POLICED, action="deny"),)),
    Flow(source=PAY, dest=netset("partners"), port=443, hits=()),
]


async def filled(world: World) -> None:
    world.clock.now = NOW - 2 * HOUR
    await brought(world, MANIFESTS)
    world.clock.now = NOW
    world.commit(FLOWS)


async def posture(world: World, token: str | None = None, **told: Any) -> dict[str, Any]:
    return (await world.ask(ASK, told, token))["securityPosture"]


def parts(score: dict[str, Any]) -> dict[str, tuple[int, int, int]]:
    return {
        each["component"]: (each["safe"], each["unsafe"], each["unknown"]) for each in score["components"]
    }


async def test_a_score_says_what_it_is_made_of(world: World) -> None:
    await filled(world)
    found = await posture(world)
    namespaces = {each["namespace"]: each for each in found["namespaces"]}
    assert parts(namespaces["shop"]) == {
        "ISOLATION": (1, 2, 0),
        "EGRESS": (1, 1, 0),
        "EXPOSURE": (1, 1, 0),
        "CLEARTEXT": (1, 1, 0),
        "GAPS": (1, 1, 0),
        "IMAGES": (0, 0, 2),
    }
    assert parts(namespaces["pay"]) == {
        "ISOLATION": (0, 0, 2),
        "EGRESS": (0, 0, 1),
        "EXPOSURE": (1, 0, 0),
        "CLEARTEXT": (1, 0, 0),
        "GAPS": (0, 1, 0),
        "IMAGES": (0, 0, 1),
    }
    examples = {each["component"]: each["examples"] for each in namespaces["shop"]["components"]}
    assert examples["ISOLATION"] == ["shop", "shop/web-*"]
    assert (examples["EGRESS"], examples["GAPS"]) == (["shop/web-*"], ["shop/db-*"])
    assert namespaces["shop"]["score"] == pytest.approx(30 / 3 + (25 + 20 + 15 + 10) / 2)
    assert (namespaces["pay"]["score"], namespaces["pay"]["atMost"]) == pytest.approx((35, 90))
    assert [each["namespace"] for each in found["namespaces"]] == ["pay", "shop"]
    (east,) = found["clusters"]
    assert east["components"] == found["overall"]["components"]
    assert (east["cluster"], east["workloads"], found["namespacesTotal"]) == ("east", 3, 2)


async def test_actions_lead_to_what_they_are_about(world: World) -> None:
    await filled(world)
    found = await posture(world)
    gains = [each["gain"] for each in found["actions"]]
    assert gains == sorted(gains, reverse=True)
    assert found["overall"]["score"] + sum(gains) == pytest.approx(100)
    told = {(each["component"], each["namespace"]): each for each in found["actions"]}
    isolate = told["ISOLATION", "shop"]
    assert isolate["text"] == (
        "1 workload and new pods of shop without policies that deny by default, in both directions; let some "
        "be recommended."
    )
    assert (isolate["page"], isolate["certain"], isolate["workloads"]) == (
        "RECOMMENDED_POLICIES",
        True,
        ["web-*"],
    )
    unknown = told["ISOLATION", None]
    assert (unknown["page"], unknown["certain"], unknown["filter"]) == ("POLICIES", False, None)
    for component, namespace, count in (
        ("EXPOSURE", "shop", 1),
        ("CLEARTEXT", "shop", 1),
        ("GAPS", "shop", 1),
        ("GAPS", "pay", 1),
    ):
        action = told[component, namespace]
        assert action["page"] == "LOGS"
        counted = await world.ask(
            COUNT,
            {"filter": action["filter"]},
        )
        assert counted["flows"]["totalCount"] == str(count), component


@pytest.mark.parametrize(
    ("address", "expected"),
    [("185.220.101.1", (0, 1, 0)), ("10.1.2.3", (1, 0, 0)), (None, (0, 0, 1))],
)
async def test_the_address_of_a_network_set_decides_whether_it_is_outside(
    world: World, address: str | None, expected: tuple[int, int, int]
) -> None:
    network = None if address is None else Networks().classify(address)
    given = (("source_ip", address), ("source_network", network))
    told = Flow(source=netset("partners"), dest=WEB, reporter="dst", hits=(OPEN,), fields=given)
    world.commit([told])
    found = await posture(world)
    assert parts(found["overall"])["EXPOSURE"] == expected
    for action in found["actions"]:
        if action["component"] == "EXPOSURE" and action["certain"]:
            counted = await world.ask(COUNT, {"filter": action["filter"]})
            assert counted["flows"]["totalCount"] == "1"


@pytest.mark.parametrize(("network", "expected"), [("pub", (0, 1, 0)), ("pvt", (1, 0, 0)), (None, (0, 1, 0))])
async def test_to_a_network_sets_private_addresses_nothing_leaves(
    world: World, network: str | None, expected: tuple[int, int, int]
) -> None:
    """A set without addresses in its records counts as outside."""
    given = (("dest_network", network),)
    world.commit([Flow(source=WEB, dest=netset("partners"), hits=(OPEN,), fields=given)])
    assert parts((await posture(world))["overall"])["EGRESS"] == expected


async def test_the_trend_shows_when(world: World) -> None:
    await filled(world)
    found = await posture(world, **{"from": "now-2h"})
    trend = found["overall"]["trend"]
    assert len(found["starts"]) == len(trend) == 8
    # Before the flows only manifests tell of anybody: of two workloads and new pods one is isolated.
    assert trend[0] == pytest.approx(30 / 3)
    assert trend[-1] > trend[0]
    assert found["overall"]["trendCoverage"][0] == pytest.approx(0.3)
    other = await posture(world, **{"from": "now-4h"})
    assert other["overall"]["trend"][0] is None


async def test_without_data_nothing_is_safe(world: World) -> None:
    assert (await posture(world))["overall"]["score"] is None
    world.commit([FLOWS[1]])
    found = await posture(world)
    assert found["clustersWithoutManifests"] == ["east"]
    assert parts(found["overall"]) == {
        "ISOLATION": (0, 0, 2),
        "EGRESS": (1, 0, 0),
        "EXPOSURE": (0, 0, 1),
        "CLEARTEXT": (1, 0, 0),
        "GAPS": (0, 0, 1),
        "IMAGES": (0, 0, 1),
    }
    assert (found["overall"]["score"], found["overall"]["atMost"]) == pytest.approx((40, 100))
    assert found["overall"]["coverage"] == pytest.approx(0.4)
    assert all(each["score"] is None for each in found["overall"]["components"] if not each["coverage"])
    assert (await posture(world, **{"from": "now-10m"}))["overall"]["score"] is None
    assert (await posture(world, clusters=["west"]))["clusters"] == []


async def test_a_limited_caller_is_told_of_its_own_namespaces() -> None:
    with opened(ApiSettings(require_token=False)) as world:
        await filled(world)
        token = await world.token(Scope(namespaces=frozenset({("east", "shop")})))
        found = await posture(world, token)
    assert [each["namespace"] for each in found["namespaces"]] == ["shop"]
    assert "pay" not in str(found)


async def test_a_range_to_come_is_refused(world: World) -> None:
    code, text = await world.refusal(
        'query { securityPosture(range: {from: "now+1h", to: "now+2h"}) { starts } }'
    )
    assert (code, text) == ("BAD_INPUT", "The range begins in the future; let it begin earlier.")


def test_the_ports_are_those_of_the_preset() -> None:
    preset = next(each for key, each in documents(DocumentKind.PRESET).items() if key.endswith("cleartext"))
    assert f"dest_port: ({' or '.join(map(str, CLEARTEXT_PORTS))})" in preset.body
