"""What-if over GraphQL: changes of a cluster's objects replayed over the flows that were recorded."""

from collections.abc import Generator
from typing import Any

import pytest

from tapetum.api import ApiSettings
from tapetum.domain.moments import iso
from tapetum.domain.scope import Scope
from tests.api.test_manifests import brought
from tests.api.world import World, opened
from tests.support.factory import MINUTE, NOW, Flow, net, wep

END = """{ side verdict doubts
  steps { kind namespace name action ruleIndex documentRule endOfTier staged } }"""
TRACE = f"verdict egress {END} ingress {END}"
SIMULATE = f"""query($changes: [PolicyChangeInput!]!, $range: TimeRangeInput!, $cluster: String, $filter: KQL,
  $first: Int! = 50, $after: String, $effect: PolicyEffect) {{
  simulatePolicies(changes: $changes, range: $range, cluster: $cluster, filter: $filter) {{
    problems {{ code message path }} cluster range {{ from to }} verdictKeys leftOut
    totals {{ effect paths traffic {{ records connections }} }} disagreeing {{ records }}
    objects {{ kind namespace name before after }}
    flips(first: $first, after: $after, effect: $effect) {{ totalCount pageInfo {{ hasNextPage endCursor }}
      nodes {{ id effect edgeId source {{ name namespace }} target {{ name namespace }} protocol port
        allowed {{ records connections bytesToTarget }} denied {{ records connections }} firstSeen lastSeen
        verdictKeys before {{ {TRACE} }} after {{ {TRACE} }} }} }} }} }}"""
RANGE = {"from": "now-1h"}
CLUSTER = """
apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: Namespace, metadata: {name: shop}}
- {apiVersion: v1, kind: Namespace, metadata: {name: data}}
- apiVersion: v1
  kind: Pod
  metadata: {name: web-1, generateName: web-, namespace: shop, labels: {app: web}}
- apiVersion: v1
  kind: Pod
  metadata: {name: db-1, generateName: db-, namespace: data, labels: {app: db}}
- apiVersion: projectcalico.org/v3
  kind: Tier
  metadata: {name: first}
  spec: {order: 1, defaultAction: Pass}
"""
POLICY = """
apiVersion: projectcalico.org/v3
kind: {kind}
metadata: {{name: {name}, namespace: data}}
spec:
  {{tier: {tier}, order: {order}, selector: app == 'db', types: [Ingress], ingress: [{{action: {action}}}]}}
"""


def policy(name: str, action: str, **more: Any) -> str:
    usual = {"order": 10, "tier": "default", "kind": "NetworkPolicy"}
    return POLICY.format(**usual | {"name": name, "action": action} | more)


def ref(name: str, kind: str = "CalicoNetworkPolicy", namespace: str | None = "data") -> dict[str, Any]:
    return {"kind": kind, "namespace": namespace, "name": name}


def talk(world: World, action: str = "allow", **more: Any) -> None:
    """From web to db as both ends report it, and from web to the world."""
    asked = {"port": 5432, "action": action, "connections": 3, **more}
    db = wep("data", "db")
    world.commit([Flow(dest=db, reporter="src", **asked), Flow(dest=db, reporter="dst", **asked)])
    world.commit([Flow(dest=net(), port=443, mark=more.get("mark", 0))])


async def simulated(
    world: World, *changes: dict[str, Any], token: str | None = None, **rest: Any
) -> dict[str, Any]:
    asked = {"changes": list(changes), "range": RANGE, **rest}
    return (await world.ask(SIMULATE, asked, token))["simulatePolicies"]


async def effects(world: World, *changes: dict[str, Any]) -> list[str]:
    """Of connections to the database."""
    found = await simulated(world, *changes)
    assert found["problems"] == []
    return [flip["effect"] for flip in found["flips"]["nodes"] if flip["port"] == 5432]


@pytest.fixture
async def shop(world: World) -> World:
    await brought(world, CLUSTER, at="now-1d")
    return world


async def test_a_policy_that_denies_is_shown_with_all_that_it_stops(shop: World) -> None:
    talk(shop)
    found = await simulated(shop, {"apply": policy("closed", "Deny")})
    assert (found["problems"], found["cluster"], found["leftOut"]) == ([], "east", "0")
    assert found["range"] == {"from": iso(NOW - 60 * MINUTE), "to": iso(NOW)}
    (flip,) = found["flips"]["nodes"]
    assert (flip["effect"], flip["protocol"], flip["port"], flip["verdictKeys"]) == (
        "NEWLY_DENIED",
        "tcp",
        5432,
        1,
    )
    assert flip["source"] == {"name": "web-*", "namespace": "shop"}
    assert flip["target"] == {"name": "db-*", "namespace": "data"}
    assert flip["allowed"] == {"records": "1", "connections": "3", "bytesToTarget": "40"}
    assert flip["denied"] == {"records": "0", "connections": "0"}
    assert flip["firstSeen"] == flip["lastSeen"] == iso(NOW - 10 * MINUTE)
    assert (flip["before"]["verdict"], flip["after"]["verdict"]) == ("ALLOW", "DENY")
    step = {
        **ref("closed"), "action": "DENY", "ruleIndex": 0, "documentRule": 0, "endOfTier": False,
        "staged": False,
    }  # fmt: skip
    assert flip["after"]["ingress"] == {"side": "INGRESS", "verdict": "DENY", "steps": [step], "doubts": []}
    totals = {each["effect"]: (each["paths"], each["traffic"]["connections"]) for each in found["totals"]}
    assert totals == {
        "UNCHANGED": (1, "1"),
        "NEWLY_DENIED": (1, "3"),
        "NEWLY_ALLOWED": (0, "0"),
        "UNCERTAIN": (0, "0"),
    }
    (made,) = found["objects"]
    assert (made["kind"], made["namespace"], made["name"], made["before"]) == (*ref("closed").values(), None)
    assert "selector: app == 'db'" in made["after"]
    asked = "query($id: ID!, $in: TimeRangeInput!) { serviceEdge(id: $id, range: $in) { allowed { records }}}"
    edge = await shop.ask(asked, {"id": flip["edgeId"], "in": RANGE})
    assert edge["serviceEdge"]["allowed"]["records"] == "1", "it is an edge of the service graph"


async def test_every_kind_of_change(shop: World) -> None:
    closed, opened_ = policy("closed", "Deny", order=20), policy("open", "Allow", order=10)
    staged = policy("later", "Deny", order=5, kind="StagedNetworkPolicy")
    await brought(shop, closed, opened_, staged, at="now-1h")
    talk(shop)
    assert await effects(shop) == []
    assert await effects(shop, {"delete": ref("closed")}) == []
    assert await effects(shop, {"delete": ref("open")}) == ["NEWLY_DENIED"]
    assert await effects(shop, {"reorder": {"object": ref("closed"), "order": 1}}) == ["NEWLY_DENIED"]
    assert await effects(shop, {"promote": {}}) == ["NEWLY_DENIED"]
    assert await effects(shop, {"promote": {"policies": [ref("later", "StagedNetworkPolicy")]}}) == [
        "NEWLY_DENIED"
    ]
    unlabelled = {"object": ref("db-*", "Pod"), "set": [{"key": "app", "value": "other"}]}
    assert await effects(shop, {"delete": ref("open")}, {"relabel": unlabelled}) == []
    elsewhere = policy("open", "Deny", tier="first")
    ended = {"tierDefault": {"tier": "first", "action": "DENY"}}
    passing = elsewhere.replace("ingress: [{action: Deny}]", "ingress: []")
    assert await effects(shop, {"delete": ref("open")}, {"delete": ref("closed")}, {"apply": passing}) == []
    assert await effects(
        shop, {"delete": ref("open")}, {"delete": ref("closed")}, {"apply": passing}, ended
    ) == ["NEWLY_DENIED"]


async def test_what_was_denied_comes_through(shop: World) -> None:
    await brought(shop, policy("closed", "Deny"), at="now-1h")
    talk(shop, "deny")
    found = await simulated(shop, {"delete": ref("closed")})
    (flip,) = found["flips"]["nodes"]
    assert (flip["effect"], flip["denied"]["records"]) == ("NEWLY_ALLOWED", "2")
    assert found["disagreeing"] == {"records": "0"}


async def test_logs_that_say_otherwise_are_told(shop: World) -> None:
    await brought(shop, policy("closed", "Deny"), at="now-1h")
    talk(shop)
    found = await simulated(shop, {"delete": ref("closed")})
    assert found["disagreeing"] == {"records": "1"}


async def test_the_cluster_is_as_it_was_at_the_end_of_the_range(shop: World) -> None:
    talk(shop, at=NOW - 40 * MINUTE)
    await brought(shop, policy("closed", "Deny"), at="now-20m")
    change = {"delete": ref("closed")}
    early = {"range": {"from": "now-1h", "to": "now-30m"}}
    (problem,) = (await simulated(shop, change, **early))["problems"]
    assert problem["message"].startswith("CalicoNetworkPolicy data/closed is not there")
    assert (await simulated(shop, change))["problems"] == []


async def test_a_filter_narrows_what_is_replayed(shop: World) -> None:
    talk(shop)
    change = {"apply": policy("closed", "Deny")}
    assert (await simulated(shop, change, filter="dest_port: 5432"))["verdictKeys"] == 2
    assert (await simulated(shop, change, filter="dest_port: 443"))["flips"]["nodes"] == []


@pytest.mark.parametrize(
    ("change", "path", "said"),
    [
        ({"apply": "kind: {"}, "changes[0].apply", "line 2"),
        ({"apply": policy("closed", "Perhaps")}, "changes[0].apply", "Perhaps"),
        (
            {"apply": "a: &a [x]\nb: [*a, *a]"},
            "changes[0].apply",
            "apiVersion",
        ),
        ({"apply": ""}, "changes[0]", "empty"),
        ({"delete": ref("none")}, "changes[0]", "is not there"),
        ({"promote": {}}, "changes[0]", "Nothing is staged"),
        ({"tierDefault": {"tier": "first", "action": "ALLOW"}}, "changes[0]", "Allow"),
    ],
)
async def test_what_is_wrong_is_told_and_nothing_simulated(
    shop: World, change: dict[str, Any], path: str, said: str
) -> None:
    talk(shop)
    found = await simulated(shop, change)
    (problem,) = found["problems"]
    assert (problem["code"], problem["path"]) == ("BAD_INPUT", path)
    assert said in problem["message"]
    assert (found["flips"], found["totals"], found["objects"], found["cluster"]) == (None, [], [], None)


async def test_a_fault_is_told_of_the_change_that_has_it(shop: World) -> None:
    """However many documents the changes before it had."""
    talk(shop)
    two = "---\n".join(policy(name, "Deny") for name in ("one", "two"))
    found = await simulated(shop, {"apply": two}, {"delete": ref("none")})
    assert [problem["path"] for problem in found["problems"]] == ["changes[1]"]


async def test_one_cluster_is_meant(shop: World) -> None:
    talk(shop)
    shop.commit([Flow(cluster="west")], cluster="west")
    (problem,) = (await simulated(shop))["problems"]
    assert (problem["path"], "east, west" in problem["message"]) == ("cluster", True)
    assert (await simulated(shop, cluster="west"))["problems"] == []
    (problem,) = (await simulated(shop, cluster="north"))["problems"]
    assert problem["message"].startswith("Neither records nor manifests of 'north' are here")


async def test_pages_go_on_within_their_own_range_and_change(shop: World) -> None:
    shop.commit([Flow(dest=wep("data", "db"), port=port, reporter="dst") for port in range(1, 8)])
    change = {"apply": policy("closed", "Deny")}
    first = await simulated(shop, change, first=3)
    fixed, pages, after = first["range"], [first], first["flips"]["pageInfo"]["endCursor"]
    while pages[-1]["flips"]["pageInfo"]["hasNextPage"]:
        pages.append(await simulated(shop, change, first=3, after=after, range=fixed))
        after = pages[-1]["flips"]["pageInfo"]["endCursor"]
    ports = [flip["port"] for page in pages for flip in page["flips"]["nodes"]]
    assert sorted(ports) == list(range(1, 8))
    assert {page["flips"]["totalCount"] for page in pages} == {"7"}
    cursor = first["flips"]["pageInfo"]["endCursor"]
    for other, said in (
        ({"range": {"from": "now-2h"}}, "another range"),
        ({"range": fixed, "filter": "dest_port: 1"}, "another filter"),
    ):
        _, sentence = await shop.refusal(SIMULATE, {"changes": [change], "after": cursor, **other})
        assert said in sentence


@pytest.fixture
def guarded() -> Generator[World]:
    with opened(ApiSettings(require_token=True)) as one:
        yield one


async def test_a_caller_of_namespaces_sees_their_traffic_and_changes_their_objects(guarded: World) -> None:
    everything = await guarded.token(Scope())
    data = await guarded.token(Scope(namespaces=frozenset({("east", "data")})))
    await brought(guarded, CLUSTER, at="now-1d", token=everything)
    talk(guarded)
    guarded.commit([Flow(source=wep("data", "app"), dest=wep("data", "db"), port=1, reporter="dst")])
    change = {"apply": policy("closed", "Deny")}
    seen = await simulated(guarded, change, token=data)
    assert [flip["port"] for flip in seen["flips"]["nodes"]] == [1]
    assert seen["verdictKeys"] == 1
    assert "shop" not in str(seen)
    whole = await simulated(guarded, change, token=everything)
    assert sorted(flip["port"] for flip in whole["flips"]["nodes"]) == [1, 5432]
    for forbidden in (
        {"tierDefault": {"tier": "default", "action": "PASS"}},
        {"delete": ref("first", "Tier", None)},
        {"relabel": {"object": ref("web-*", "Pod", "shop"), "remove": ["app"]}},
    ):
        (problem,) = (await simulated(guarded, forbidden, token=data))["problems"]
        assert problem["code"] == "NOT_ALLOWED"


async def test_a_long_manifest_may_be_tried(shop: World) -> None:
    talk(shop)
    found = await simulated(shop, {"apply": policy("closed", "Deny") + "# " + "x" * (1 << 20)})
    assert [flip["effect"] for flip in found["flips"]["nodes"]] == ["NEWLY_DENIED"]


async def test_a_late_record_of_a_known_connection_counts(shop: World) -> None:
    fixed = {"from": iso(NOW - 60 * MINUTE), "to": iso(NOW)}
    change = {"apply": policy("closed", "Deny")}
    told: list[str] = []
    for mark in range(2):
        shop.commit([Flow(dest=wep("data", "db"), port=5432, reporter="dst", mark=mark)])
        (flip,) = (await simulated(shop, change, range=fixed))["flips"]["nodes"]
        told.append(flip["allowed"]["records"])
    assert told == ["1", "2"]
