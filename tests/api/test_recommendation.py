"""Policies recommended over GraphQL, from stored flows and manifests."""

from collections.abc import Generator
from dataclasses import replace
from typing import Any

import pytest

from tapetum.api import ApiSettings
from tapetum.domain.alerts import Alert, Status, Triage
from tapetum.domain.batches import RecordKind
from tapetum.domain.moments import DAY
from tapetum.domain.scope import EVERYTHING, Scope
from tapetum.policy.resources.manifests import read_manifests
from tests.api.test_manifests import brought, token
from tests.api.world import World, opened
from tests.support.factory import HOUR, MINUTE, NOW, Flow, net, wep
from tests.support.records import Entry

MANIFESTS = """
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
---
apiVersion: v1
kind: Pod
metadata: {name: pay-1, generateName: pay-, namespace: pay, labels: {app: pay}}
status: {podIP: 10.0.0.3}
"""
RULE = """action peer protocol ports connections daysSeen coverage oneSided unusedPairs notes firstSeen
  flows { source target reporter connections } unused { namespace name ports endpoints }"""
ASK = f"""query($target: RecommendationTarget!, $range: TimeRangeInput!, $until: TimePoint, $unwanted: [KQL!],
    $alerts: Boolean! = true, $options: RecommendationOptions! = {{}}, $limit: Int! = 20) {{
  recommendPolicies(target: $target, range: $range, learnUntil: $until, unwanted: $unwanted,
      alerts: $alerts, options: $options, limit: $limit) {{
    cluster connections total idle leftOut learnt {{ from to }} problems {{ code message path }}
    policies {{ namespace workload kind name yaml notes ingress {{ {RULE} }} egress {{ {RULE} }} }}
    unlearnt {{ source target port connections why }}
    test {{ range {{ from to }} legitimate {{ connections denied uncertain shareDenied }}
      unwanted {{ connections denied }} newlyAllowed
      lost {{ source target port connections decidedBy }} }} }} }}"""
RANGE = {"from": "now-2d", "to": "now"}
EARLY = NOW - DAY
SENT = Flow(at=EARLY, connections=6)
TAKEN = replace(SENT, reporter="dst", connections=7)


async def filled(world: World) -> None:
    world.clock.now = NOW - 3 * DAY
    await brought(world, MANIFESTS)
    world.clock.now = NOW
    world.commit(
        [
            SENT,
            TAKEN,
            replace(TAKEN, at=EARLY + HOUR, mark=1, connections=3),
            replace(TAKEN, at=EARLY - DAY + HOUR, mark=2, connections=1),
            replace(SENT, port=22, mark=3, fields=(("process_name", "/opt/x"),)),
            replace(SENT, dest=net("pub"), port=443, domain="api.example.com", mark=4),
            replace(TAKEN, source=wep("pay", "pay"), action="deny", mark=5),
            replace(TAKEN, at=NOW - HOUR, connections=90, mark=6),
            replace(TAKEN, at=NOW - HOUR, port=9, connections=10, mark=7),
            replace(
                SENT, at=NOW - MINUTE, port=22, connections=2, mark=8, fields=(("process_name", "/opt/x"),)
            ),
        ]
    )


async def asked(world: World, secret: str | None = None, **variables: Any) -> dict[str, Any]:
    given = {"target": {"cluster": "east"}, "range": RANGE, **variables}
    return (await world.ask(ASK, given, secret))["recommendPolicies"]


async def test_policies_come_with_what_they_rest_on_and_how_they_test(world: World) -> None:
    await filled(world)
    found = await asked(world, until="now-2h", unwanted=["process_name: /opt*"], options={"style": "CALICO"})
    assert (found["problems"], found["cluster"], found["leftOut"]) == ([], "east", "0")
    assert [(each["namespace"], each["workload"]) for each in found["policies"]] == [
        ("shop", "db"),
        ("shop", "web"),
    ]
    assert found["idle"] == ["pay/pay"]
    db, web = found["policies"]
    (rule,) = db["ingress"]
    assert (rule["peer"], rule["ports"], rule["connections"]) == ('shop: app == "web"', [80], "11")
    assert (rule["daysSeen"], rule["oneSided"], rule["unusedPairs"], rule["unused"]) == (2, False, "0", [])
    assert {(each["source"], each["reporter"]) for each in rule["flows"]} == {
        ("shop/web-*", "SRC"),
        ("shop/web-*", "DST"),
    }
    assert [each["peer"] for each in web["egress"]] == ['shop: app == "db"', "api.example.com"]
    assert db["egress"] == []
    read = read_manifests([("a", "---\n".join(each["yaml"] for each in found["policies"]))])
    assert (read.problems, len(read.resources)) == ((), 2)
    assert "# 11 connections" in db["yaml"]
    assert found["unlearnt"] == [
        {"source": "shop/web", "target": "shop/db", "port": 22, "connections": "6", "why": "UNWANTED"}
    ]
    test = found["test"]
    assert test["legitimate"] == {"connections": "100", "denied": "10", "uncertain": "0", "shareDenied": 0.1}
    assert test["unwanted"] == {"connections": "2", "denied": "2"}
    assert [(each["source"], each["port"], each["connections"]) for each in test["lost"]] == [
        ("shop/web-*", 9, "10")
    ]


def shown(*flows: Flow, status: Status = Status.OPEN) -> Alert:
    """An alert about them, of any detector but the first denial."""
    return Alert(
        id="scan", time=flows[0].at, kind="detector", rule="port-scan", title="", description="", severity=9,
        cluster="east", source=None, target=None, protocol=None, port=None, status=status,
        evidence=tuple(each.id for each in flows),
    )  # fmt: skip


async def test_what_alerts_show_is_not_learnt_until_somebody_dismisses_them(world: World) -> None:
    odd = replace(SENT, port=4444, mark=9)
    later = replace(SENT, port=4444, mark=10, at=NOW - HOUR, connections=5)
    await filled(world)
    world.commit([odd, later])
    world.alert(shown(odd))
    web = {"cluster": "east", "selector": "app == 'web'"}
    found = await asked(world, target=web, until="now-2h", unwanted=["dest_port: 22"])
    assert {(each["port"], each["why"]) for each in found["unlearnt"]} == {(22, "UNWANTED"), (4444, "ALERT")}
    assert 4444 not in [port for rule in found["policies"][0]["egress"] for port in rule["ports"]]
    assert found["test"]["legitimate"]["denied"] == "10"
    assert found["test"]["unwanted"] == {"connections": "7", "denied": "7"}
    await world.context.logs.triage_alert(EVERYTHING, "scan", Triage(Status.DISMISSED, None, NOW))
    found = await asked(world, target=web, until="now-2h")
    assert "ALERT" not in {each["why"] for each in found["unlearnt"]}
    assert 4444 in [port for rule in found["policies"][0]["egress"] for port in rule["ports"]]


async def test_alerts_need_not_mark_anything(world: World) -> None:
    await filled(world)
    world.alert(shown(SENT))
    assert "ALERT" in {each["why"] for each in (await asked(world))["unlearnt"]}
    assert "ALERT" not in {each["why"] for each in (await asked(world, alerts=False))["unlearnt"]}


async def test_addresses_have_the_names_that_their_clients_asked_for(world: World) -> None:
    """An alias is asked for. Another client's question tells nothing, nor does what no policy may name."""
    asked_for = (
        ("web-*", "CDN.example.net", "203.0.113.7"),
        ("db-*", "other.example.net", "203.0.113.9"),
        *(("web-*", name, "203.0.113.11") for name in ("*.com", "", "a b.example", "com", "\u202e.example")),
    )
    await filled(world)
    for port, address in enumerate(sorted({address for *_, address in asked_for}), 8441):
        world.commit([replace(SENT, dest=net(), port=port, fields=(("dest_ip", address),))])
    world.log(*(lookup(*each) for each in asked_for))
    found = await asked(world, options={"style": "CALICO"})
    web = next(each for each in found["policies"] if each["workload"] == "web")
    peers = {port: each["peer"] for each in web["egress"] for port in each["ports"]}
    assert [peers[port] for port in (8442, 8443)] == ["cdn.example.net", "203.0.113.9/32"]
    assert peers[8441] == "203.0.113.11/32"
    tested = await asked(world, until="now-25h", range=RANGE, options={"style": "CALICO"})
    assert tested["problems"] == []


def lookup(client: str, name: str, address: str) -> Entry:
    given = {"name": "edge.example.org.", "type": "A", "class": "IN", "rdata": [address]}
    fields = {
        "client_namespace": "shop", "client_name_aggr": client, "qname": f"{name}.", "qtype": "A",
        "rcode": "NoError", "count": 1, "rrsets": [given],
    }  # fmt: skip
    return Entry(RecordKind.DNS, EARLY - HOUR, fields=tuple(fields.items()))


async def test_without_a_moment_all_is_learnt_and_nothing_tested(world: World) -> None:
    await filled(world)
    found = await asked(world, target={"namespaces": ["shop"], "selector": "app == 'db'"}, limit=1)
    assert (found["test"], found["total"], found["idle"]) == (None, 1, [])
    (policy,) = found["policies"]
    assert (policy["kind"], policy["name"]) == ("StagedNetworkPolicy", "recommended-db")
    assert [each["ports"] for each in policy["ingress"]] == [[9, 22, 80]]
    kubernetes = await asked(world, options={"style": "KUBERNETES", "minDays": 2})
    assert {each["why"] for each in kubernetes["unlearnt"]} == {"FEW_DAYS"}
    assert {each["kind"] for each in kubernetes["policies"]} == {"NetworkPolicy"}


@pytest.mark.parametrize(
    ("variables", "path", "said"),
    [
        ({"target": {"cluster": "west"}}, "target.cluster", "No manifests of west are known"),
        ({"target": {"cluster": "east", "selector": "app ="}}, "target.selector", "column"),
        ({"until": "now-9d"}, "learnUntil", "lies outside of the range"),
        ({"range": {"from": "now-60d", "to": "now"}}, "range", "longer than 31 days"),
        ({"unwanted": ["dest_port: 1"] * 11}, "unwanted", "At most 10"),
    ],
)
async def test_what_cannot_be_answered_is_said(
    world: World, variables: dict[str, Any], path: str, said: str
) -> None:
    await filled(world)
    found = await asked(world, **variables)
    (problem,) = found["problems"]
    assert (problem["code"], problem["path"]) == ("BAD_INPUT", path)
    assert said in problem["message"]
    assert (found["policies"], found["total"], found["test"]) == ([], 0, None)


async def test_manifests_must_be_there(world: World) -> None:
    world.commit([SENT])
    (problem,) = (await asked(world))["problems"]
    assert "bring them in with `importManifests` first" in problem["message"]


@pytest.fixture
def guarded() -> Generator[World]:
    with opened(ApiSettings(require_token=True)) as one:
        yield one


async def test_who_sees_some_namespaces_only_is_refused(guarded: World) -> None:
    """What is learnt without the flows of the others would deny them."""
    some = await token(guarded, "shop", Scope(frozenset({"east"}), frozenset({("east", "shop")})))
    (problem,) = (await asked(guarded, some))["problems"]
    assert problem["code"] == "NOT_ALLOWED"
    other = await token(guarded, "west", Scope(frozenset({"west"})))
    (problem,) = (await asked(guarded, other))["problems"]
    assert (problem["code"], problem["path"]) == ("BAD_INPUT", "target.cluster")
