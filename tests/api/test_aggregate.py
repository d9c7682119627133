"""Records in groups and over time, as the API tells them; of flows, by the rule of reporters."""

import asyncio
from typing import Any

import pytest
from hypothesis import given, settings

from tests.api.world import World, opened
from tests.contract.graphs import some_flows
from tests.support import oracle
from tests.support.factory import HOUR, MINUTE, NOW, Flow, wep

LAST_DAYS = {"from": "now-3d"}
ASK = """query($range: TimeRangeInput!, $kind: RecordKind!, $by: [String!], $metrics: [MetricInput!]!,
  $interval: Int, $limit: Int = 20, $reporters: ReporterRule = COMBINED, $filter: KQL) {
  aggregate(range: $range, kind: $kind, groupBy: $by, metrics: $metrics, interval: $interval, limit: $limit,
    reporters: $reporters, filter: $filter) {
    range { from to } interval starts rows { keys start values } columns groups truncated approximate
    other { keys start values } } }"""


async def ask(world: World, *metrics: tuple[str, str | None], **told: Any) -> dict[str, Any]:
    given: dict[str, Any] = {"range": LAST_DAYS, "kind": "FLOWS", **told}
    given["metrics"] = [{"op": op, "field": name} for op, name in metrics]
    return (await world.ask(ASK, given))["aggregate"]


async def test_rows_and_columns_say_the_same(world: World) -> None:
    world.commit(
        [Flow(at=NOW - HOUR), Flow(at=NOW - 3 * HOUR), Flow(source=wep("pay", "api"), bytes_in=2**52)]
    )
    told = await ask(
        world,
        ("COUNT", None),
        ("SUM", "bytesIn"),
        by=["sourceNamespace"],
        interval=3600,
        range={"from": "now-4h"},
    )
    assert told["interval"] == 3600
    assert [row["keys"] for row in told["rows"]] == [["shop"], ["shop"], ["pay"]]
    assert [row["values"] for row in told["rows"]] == [[1, 40], [1, 40], [1, 2**52]]
    columns = told["columns"]
    assert columns["keys"] == [["shop", "shop", "pay"]]
    assert columns["values"] == [[1, 1, 1], [40, 40, 2**52]]
    assert [told["starts"][bucket] for bucket in columns["bucket"]] == [row["start"] for row in told["rows"]]
    assert columns["other"] == {"bucket": [], "values": [[], []]}
    assert (told["groups"], told["truncated"], told["other"], told["approximate"]) == (2, False, [], False)


@settings(max_examples=40)
@given(flows=some_flows(40))
def test_what_several_reporters_said_counts_once(flows: list[Flow]) -> None:
    """Against the graph's oracle: every edge's allowed and denied, added up by the pair of namespaces."""
    with opened() as world:
        world.commit(flows)
        asyncio.run(_compare(world, oracle.distinct(flows)))


async def _compare(world: World, flows: list[Flow]) -> None:
    inside = [flow for flow in flows if NOW - 3 * 24 * HOUR <= flow.at < NOW]
    names = (
        "connections",
        "packetsIn",
        "packetsOut",
        "bytesIn",
        "bytesOut",
        "bytesToTarget",
        "bytesToSource",
    )
    told = await ask(
        world,
        ("COUNT", None),
        *(("SUM", name) for name in names),
        by=["cluster", "action"],
        limit=100,
    )
    found = {tuple(row["keys"]): row["values"] for row in told["rows"]}
    expected: dict[tuple[str, str], list[int]] = {}
    for (source, _), edge in oracle.service_graph(inside, "WORKLOAD", set()).items():
        for action, sums in (("allow", edge.allowed), ("deny", edge.denied)):
            if sums[0]:
                before = expected.get((source[1], action), [0] * 8)
                expected[source[1], action] = [a + (b or 0) for a, b in zip(before, sums, strict=True)]
    assert {key: [value or 0 for value in values] for key, values in found.items()} == expected


async def test_the_naive_sum_differs(world: World) -> None:
    both = [Flow(reporter=reporter, connections=5, bytes_in=10, bytes_out=90 if reporter == "src" else 10)
            for reporter in ("src", "dst")]  # fmt: skip
    world.commit([*both, Flow(reporter="fwd", connections=5)])
    metrics = (("SUM", "connections"), ("SUM", "bytesToTarget"))
    (combined,) = (await ask(world, *metrics))["rows"]
    (naive,) = (await ask(world, *metrics, reporters="EACH"))["rows"]
    assert combined["values"] == [5, 10]
    assert naive["values"] == [15, 90 + 10 + 50]


async def test_buckets_add_up_to_the_total(world: World) -> None:
    """A destination that reports in one bucket only is still the one that is heard in all of them."""
    flows = [Flow(at=NOW - hours * HOUR, reporter="src", connections=3) for hours in range(1, 5)]
    world.commit([*flows, Flow(at=NOW - 2 * HOUR, reporter="dst", connections=2)])
    (total,) = (await ask(world, ("SUM", "connections")))["rows"]
    series = (await ask(world, ("SUM", "connections"), interval=3600, range={"from": "now-1d"}))["rows"]
    assert total["values"] == [2]
    assert [row["values"] for row in series] == [[2]]


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"by": ["sourceNamespaces"]}, "did you mean source_namespace?"),
        ({"by": ["policyHits"]}, "name one of its parts"),
        ({"limit": 1001}, "1 to 1000"),
        ({"interval": 10}, "at most 2000"),
        ({"filter": "nonsense: 1"}, "nonsense"),
    ],
)
async def test_refusals_are_sentences(world: World, told: dict[str, Any], sentence: str) -> None:
    variables = {"range": {"from": "now-6h"}, "kind": "FLOWS", "metrics": [{"op": "COUNT"}], **told}
    _, message = await world.refusal(ASK, variables)
    assert sentence in message


async def test_many_rows_are_columns_only_and_are_paid_for(world: World) -> None:
    world.commit([Flow(at=NOW - minute * MINUTE, mark=minute) for minute in range(1, 130)])
    asked = 'range: {from: "now-3h"}, kind: FLOWS, metrics: [{op: COUNT}], interval: 60'
    query = f"{{ aggregate({asked}, limit: 1) {{ %s }} }}"
    columns = (await world.ask(query % "columns"))["aggregate"]["columns"]
    assert len(columns["bucket"]) == 129
    _, message = await world.refusal(query % "rows { values }")
    assert "at most 100 are given as objects" in message
    dear = f"{{ aggregate({asked}, limit: 1000) {{ rows {{ values keys start }} }} }}"
    _, message = await world.refusal(dear)
    assert "may return 300002 values" in message
    assert "rows" in await _told(world, dear.replace("interval: 60", "interval: null"))


async def _told(world: World, query: str) -> Any:
    return (await world.ask(query))["aggregate"]
