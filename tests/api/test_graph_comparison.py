"""Two ranges side by side over GraphQL: against sums over each range's flows; policies that changed."""

from typing import Any

import pytest

from tapetum.api import ApiSettings
from tapetum.domain.endpoints import NodeKind, NodeRef
from tapetum.domain.identity import edge_id
from tapetum.domain.scope import Scope
from tests.api.test_graph import node_ref, sums
from tests.api.test_manifests import brought
from tests.api.world import World, opened
from tests.support import oracle
from tests.support.factory import HOUR, MINUTE, NOW, Flow, Hit, wep

WEB, API, DB = wep("shop", "web"), wep("shop", "api"), wep("data", "db")
DENIED = Hit(0, "default", "db", "deny", namespace="data")
OPEN = Hit(0, "default", "db", "allow", namespace="data")
THEN, NOW_ = NOW - 90 * MINUTE, NOW - 10 * MINUTE
BEFORE = [
    Flow(WEB, API, THEN, mark=1, connections=10),
    Flow(WEB, DB, THEN, mark=2, hits=(OPEN,), reporter="dst", connections=10),
    Flow(API, wep("old", "gone"), THEN, mark=3),
    Flow(wep("busy", "a"), wep("busy", "b"), THEN, mark=4, connections=100),
]
AFTER = [
    Flow(WEB, API, NOW_, mark=11, connections=11),
    Flow(WEB, DB, NOW_, mark=12, hits=(DENIED,), reporter="dst", action="deny", connections=10),
    Flow(API, wep("new", "fresh"), NOW_, mark=13),
    Flow(wep("busy", "a"), wep("busy", "b"), NOW_, mark=14, connections=900),
]
T = "{ records connections packetsIn packetsOut bytesIn bytesOut bytesToTarget bytesToSource }"
ASK = f"""query($range: TimeRangeInput!, $before: TimeRangeInput!, $factor: Float! = 2, $limit: Int! = 5000,
  $filter: KQL) {{
  compareGraphs(range: $range, before: $before, factor: $factor, limit: $limit, filter: $filter,
    level: WORKLOAD) {{
    range {{ from to }} before {{ from to }} comparable truncated stale asOf counts {{ change edges }}
    nodes {{ id name }} columns
    edges {{ id sourceId targetId change ratio
      before {{ allowed {T} denied {T} }} after {{ allowed {T} denied {T} }} }} }} }}"""
RANGES = {
    "range": {"from": "now-1h"},
    "before": {"from": "now-2h", "to": "now-1h"},
}
EDGE = """query($id: ID!, $range: TimeRangeInput!, $before: TimeRangeInput!) {
  compareEdge(id: $id, range: $range, before: $before) {
    before { allowed { connections } denied { connections } policies { name action } }
    after { allowed { connections } denied { connections } }
    policyChanges { kind namespace name how decided version { by document } } } }"""


def policy(namespace: str, name: str, action: str) -> str:
    return f"""
apiVersion: projectcalico.org/v3
kind: NetworkPolicy
metadata: {{name: {name}, namespace: {namespace}}}
spec: {{selector: all(), ingress: [{{action: {action}}}]}}
---"""


@pytest.fixture
def filled(world: World) -> World:
    world.commit(BEFORE)
    world.commit(AFTER)
    return world


async def compared(world: World, token: str | None = None, **asked: Any) -> dict[str, Any]:
    return (await world.ask(ASK, RANGES | asked, token))["compareGraphs"]


def id_of(source: Any, dest: Any) -> str:
    return edge_id(*(NodeRef(NodeKind.WORKLOAD, "east", end.namespace, end.name) for end in (source, dest)))


async def test_both_sides_are_what_their_records_add_up_to(filled: World) -> None:
    found = await compared(filled)
    for side, flows in (("before", BEFORE), ("after", AFTER)):
        told = {each["id"]: each[side] for each in found["edges"]}
        wanted = {
            edge_id(node_ref(source), node_ref(target)): (edge.allowed, edge.denied)
            for (source, target), edge in oracle.service_graph(flows, "WORKLOAD", ()).items()
        }
        shown = {id_: (sums(each["allowed"]), sums(each["denied"])) for id_, each in told.items()}
        assert {id_: each for id_, each in shown.items() if each[0][0] or each[1][0]} == wanted
    assert {each["id"]: each["change"] for each in found["edges"]} == {
        id_of(WEB, DB): "VERDICT",
        id_of(API, wep("new", "fresh")): "NEW",
        id_of(API, wep("old", "gone")): "GONE",
        id_of(wep("busy", "a"), wep("busy", "b")): "VOLUME",
        id_of(WEB, API): "SAME",
    }
    assert [each["change"] for each in found["edges"]] == ["VERDICT", "NEW", "GONE", "VOLUME", "SAME"]
    assert {each["change"]: each["edges"] for each in found["counts"]} == dict.fromkeys(
        ("VERDICT", "NEW", "GONE", "VOLUME", "SAME"), 1
    )
    assert [each["ratio"] for each in found["edges"]] == [1.0, None, 0.0, 9.0, 1.1]
    assert (found["comparable"], found["truncated"], found["stale"]) == (True, False, False)


async def test_columns_say_the_same(filled: World) -> None:
    found = await compared(filled)
    told = found["columns"]["edges"]
    assert told["id"] == [each["id"] for each in found["edges"]]
    for name in ("change", "ratio"):
        assert told[name] == [each[name] for each in found["edges"]]
    for side, columns in (("before", told["before"]), ("after", told)):
        for verdict in ("allowed", "denied"):
            for counter in ("records", "connections", "bytesToTarget"):
                assert list(map(str, columns[verdict][counter])) == [
                    str(each[side][verdict][counter]) for each in found["edges"]
                ]
    assert found["columns"]["nodes"]["id"] == [each["id"] for each in found["nodes"]]


async def test_each_side_says_which_range_was_summed(filled: World) -> None:
    found = await compared(filled, range={"from": "now-20h"}, before={"from": "now-10d", "to": "now-9d"})
    assert found["range"] == {"from": "2026-11-22T18:37:00.000Z", "to": "2026-11-23T14:38:00.000Z"}
    assert found["before"] == {"from": "2026-11-13T14:00:00.000Z", "to": "2026-11-14T15:00:00.000Z"}
    assert not found["comparable"], "nothing flowed before"
    assert {each["change"] for each in found["edges"]} == {"NEW"}


async def test_what_lies_between_two_ranges_counts_once(filled: World) -> None:
    """Roll-ups widen both, the earlier one to hours."""
    between = Flow(API, WEB, NOW - 20 * HOUR + MINUTE, mark=21)
    filled.commit([between])
    found = await compared(filled, range={"from": "now-20h"}, before={"from": "now-40h", "to": "now-20h"})
    assert found["range"]["from"] == "2026-11-22T18:37:00.000Z"
    assert found["before"] == {"from": "2026-11-21T22:00:00.000Z", "to": "2026-11-22T18:00:00.000Z"}
    assert {each["id"]: each["change"] for each in found["edges"]}[id_of(API, WEB)] == "NEW"


async def test_a_limit_and_a_filter_narrow(filled: World) -> None:
    found = await compared(filled, limit=2)
    assert [each["change"] for each in found["edges"]] == ["VERDICT", "NEW"]
    assert found["truncated"]
    assert sum(each["edges"] for each in found["counts"]) == 5, "of all that were compared"
    narrow = await compared(filled, filter="dest_namespace: data")
    assert [each["change"] for each in narrow["edges"]] == ["VERDICT"]


async def test_only_what_the_caller_sees_is_compared() -> None:
    with opened(ApiSettings(require_token=True)) as world:
        world.commit(BEFORE)
        world.commit(AFTER)
        scope = Scope(namespaces=frozenset({("east", "busy")}))
        found = await compared(world, await world.token(scope))
        assert [each["change"] for each in found["edges"]] == ["VOLUME"]
        assert sum(each["edges"] for each in found["counts"]) == 1
        assert {each["name"] for each in found["nodes"]} == {"a-*", "b-*"}
        hidden = {"id": id_of(WEB, DB), **RANGES}
        assert await world.ask(EDGE, hidden, await world.token(scope)) == {"compareEdge": None}


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"before": RANGES["range"]}, "before is summed over the same time as range"),
        ({"before": {"from": "soon"}}, "soon"),
        (
            {
                "range": {"from": "now-6000m", "to": "now-5910m"},
                "before": {"from": "now-5995m", "to": "now-5905m"},
            },
            "before is summed over the same time as range",
        ),
        ({"factor": 1}, "factor is 1; give it a value from 1.1 to 1000"),
        ({"limit": 0}, "limit is 0"),
    ],
)
async def test_what_cannot_be_compared_is_refused(world: World, asked: dict[str, Any], sentence: str) -> None:
    code, message = await world.refusal(ASK, RANGES | asked)
    assert code == "BAD_INPUT"
    assert sentence in message


async def test_an_edge_is_told_with_the_policies_that_changed(filled: World) -> None:
    filled.clock.now = NOW - 3 * HOUR
    both = policy("data", "db", "Allow") + policy("shop", "web", "Allow") + policy("pay", "x", "Allow")
    await brought(filled, both)
    filled.clock.now = NOW - 30 * MINUTE
    await brought(filled, both.replace("Allow", "Deny"))
    await brought(filled, policy("data", "late", "Allow"))
    filled.clock.now = NOW
    found = (await filled.ask(EDGE, {"id": id_of(WEB, DB), **RANGES}))["compareEdge"]
    assert found["before"]["allowed"]["connections"] == "10"
    assert found["before"]["policies"] == [{"name": "db", "action": "ALLOW"}]
    assert found["after"]["denied"]["connections"] == "10"
    changes = found["policyChanges"]
    assert [(each["name"], each["how"], each["decided"]) for each in changes] == [
        ("db", "EDITED", True),
        ("late", "FIRST_KNOWN", False),
        ("web", "EDITED", False),
    ], "those of neither end are left out, and the one that decided comes first"
    assert changes[0]["version"]["document"]["spec"]["ingress"] == [{"action": "Deny"}]


async def test_an_edge_that_is_gone_has_one_side(filled: World) -> None:
    asked = {"id": id_of(API, wep("old", "gone")), **RANGES}
    found = (await filled.ask(EDGE, asked))["compareEdge"]
    assert (found["after"], found["policyChanges"]) == (None, [])
    assert found["before"]["allowed"]["connections"] is not None
    nothing = {"id": id_of(wep("no", "one"), WEB), **RANGES}
    assert await filled.ask(EDGE, nothing) == {"compareEdge": None}
