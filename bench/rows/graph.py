"""The namespace graph from roll-ups, against summing the raw flows by the engine itself."""

import asyncio
from typing import Any

from bench.figures import Figure, Of, Target, speed_up
from bench.setting import Setting
from bench.stores import NOW
from bench.synthetic import Cluster, opened
from bench.timing import Took, middle, percentile, took, waited
from tapetum.api.use.graph_comparison import COMPARED
from tapetum.domain.batches import RecordKind
from tapetum.domain.graph_comparison import GraphComparison, compare
from tapetum.domain.moments import HOUR, MINUTE, Micros, TimeRange
from tapetum.domain.scope import EVERYTHING
from tapetum.domain.service_graph import Level, ServiceGraph, Shape
from tapetum.domain.traffic import BYTES_IN, CONNECTIONS
from tapetum.graphstore.port import GraphQuery
from tapetum.logstore.port import Search
from tapetum.service.embedded import Embedded

ROW = "graph"
_RANGES = {"1 min": MINUTE, "5 min": 5 * MINUTE, "15 min": 15 * MINUTE} | {
    f"{n} h": n * HOUR for n in (1, 3, 6, 12, 24)
}
_FASTER = Target(20, at_least=True)
_QUICK = Target(30, at_least=False, of=Of.VALUE, unit="ms")
_COMPARED = Target(1000, at_least=False, of=Of.VALUE, unit="ms")
_RUNS = 15
"""Of ours for each run of the raw sum, which takes so much longer."""


def run(setting: Setting) -> list[Figure]:
    cluster = Cluster(
        workloads=setting.sized(2_000, 100),
        namespaces=setting.sized(60, 8),
        edges=setting.sized(40_000, 1_000),
        flows=setting.sized(10_000_000, 50_000),
    )
    with opened(cluster, setting.cache) as store:  # built here if it has to be
        del store
    day = TimeRange(NOW - 24 * HOUR, NOW)
    cold: list[Took] = []
    for _ in range(setting.rounds):
        with opened(cluster, setting.cache) as store:
            cold.append(asyncio.run(waited(lambda store=store: _from_rollups(store, day))))
    figures: list[Figure] = []
    faster: list[Micros] = []
    with opened(cluster, setting.cache) as store:
        for name, length in _RANGES.items():
            asked = TimeRange((NOW - length) // MINUTE * MINUTE, NOW)
            found = asyncio.run(_range(setting, store, name, asked))
            faster += [length] if (found[0].ratio or 0) > 1 else []
            figures += found
        figures += asyncio.run(_compared(setting, store))
    if faster:
        figures.append(Figure(ROW, "shortest range that roll-ups answer faster", min(faster) / MINUTE, "min"))
    figures.append(Figure(ROW, "first query after start, 24 h", middle(cold).wall * 1e3, "ms"))
    return figures


async def _range(setting: Setting, store: Embedded, name: str, asked: TimeRange) -> list[Figure]:
    within = store.graph.effective(asked, NOW)
    by_hand = {row[:2]: row[2:5] for row in _by_hand(store, within)}
    graphs = await _from_rollups(store, asked), await _from_raw(store, within)
    if any(_figures(graph) != by_hand for graph in graphs):
        raise AssertionError("The graph from roll-ups is not the sum of the raw flows.")
    ours: list[Took] = []
    by_key: list[Took] = []
    by_name: list[Took] = []
    for _ in range(setting.rounds):
        by_key.append(await waited(lambda: _from_raw(store, within)))
        ours += [await waited(lambda: _from_rollups(store, asked)) for _ in range(_RUNS)]
        by_name.append(took(lambda: _by_hand(store, within)))
    quickest, other = sorted(
        [("GROUP BY flow key", middle(by_key)), ("GROUP BY names", middle(by_name))],
        key=lambda peer: peer[1].wall,
    )
    p50, judged = middle(ours), name == "24 h"
    figures = [
        speed_up(ROW, f"{name}, p50", p50, quickest[1], quickest[0], _FASTER if judged else None),
        speed_up(ROW, f"{name}, p50", p50, other[1], other[0]),
    ]
    if judged:
        p95 = percentile([each.wall for each in ours], 0.95)
        figures += [
            Figure(ROW, f"{name}, p50", p50.wall * 1e3, "ms", target=_QUICK),
            Figure(ROW, f"{name}, p95", p95 * 1e3, "ms"),
        ]
    return figures


async def _compared(setting: Setting, store: Embedded) -> list[Figure]:
    """Half a day beside the half before, whole and by workloads, as `compareGraphs` does it."""
    half = NOW - 12 * HOUR
    sides = TimeRange(NOW - 24 * HOUR, half), TimeRange(half, NOW)
    figures: list[Figure] = []
    for level in Level:
        shape = Shape(level, limit=COMPARED)

        async def both(shape: Shape = shape) -> GraphComparison:
            was, now = [
                await store.graph.service_graph(EVERYTHING, GraphQuery(side), shape) for side in sides
            ]
            return compare(was, now, 2.0)

        took_ = [await waited(both) for _ in range(5 * setting.rounds)]
        name = f"12 h beside 12 h, {level.value.lower()}s, p50"
        figures.append(Figure(ROW, name, middle(took_).wall * 1e3, "ms", target=_COMPARED))
    return figures


async def _from_rollups(store: Embedded, asked: TimeRange) -> ServiceGraph:
    return await store.graph.service_graph(EVERYTHING, GraphQuery(asked), Shape())


async def _from_raw(store: Embedded, within: TimeRange) -> ServiceGraph:
    """The engine sums by our hash of the key, which is its fastest way; then the same arithmetic."""
    sums = await store.logs.sums(EVERYTHING, Search(RecordKind.FLOWS, within))
    return await store.graph.fold(EVERYTHING, within, sums, Shape())


_KEY = "source_namespace, source_name_aggr, dest_namespace, dest_name_aggr, proto, dest_port"
_COUNTERS = ("num_flows_started", "packets_in", "packets_out", "bytes_in", "bytes_out")
_FROM_DESTINATION = "FILTER (action = 'allow' AND reporter = 'dst')"
_FROM_SOURCE = "FILTER (action = 'allow' AND reporter = 'src' AND NOT heard)"
_BY_HAND = f"""
WITH said AS (
  SELECT {_KEY}, reporter, action, {", ".join(f"sum({name}) AS {name}" for name in _COUNTERS)}
  FROM flows WHERE start_time >= make_timestamp(?) AND start_time < make_timestamp(?) GROUP BY ALL
), combined AS (
  SELECT {_KEY},
    {", ".join(f"coalesce(sum({n}) {_FROM_DESTINATION}, sum({n}) {_FROM_SOURCE}, 0) AS {n}" for n in _COUNTERS)},
    coalesce(sum(num_flows_started) FILTER (action = 'deny' AND reporter != 'fwd'), 0) AS denied
  FROM (SELECT *, bool_or(reporter = 'dst') OVER (PARTITION BY {_KEY}) AS heard FROM said) GROUP BY ALL
)
SELECT source_namespace, dest_namespace, sum(num_flows_started)::BIGINT, sum(denied)::BIGINT, sum(bytes_in)::BIGINT,
  sum(bytes_out), sum(packets_in), sum(packets_out)
FROM combined GROUP BY ALL
"""  # noqa: E501 - a statement reads better unbroken


def _by_hand(store: Embedded, within: TimeRange) -> list[tuple[Any, ...]]:
    """What one writes without roll-ups: names, no key of ours, the whole rule in SQL."""
    return store.engine.read_now(
        lambda connection: connection.execute(_BY_HAND, [within.start, within.end]).fetchall()
    )


def _figures(graph: ServiceGraph) -> dict[tuple[str, str], tuple[int, int, int]]:
    names = [node.name for node in graph.nodes]
    return {
        (names[source], names[target]): (
            int(allowed[CONNECTIONS]),
            int(denied[CONNECTIONS]),
            int(allowed[BYTES_IN]),
        )
        for source, target, allowed, denied in zip(
            graph.source, graph.target, graph.allowed.counts, graph.denied.counts, strict=True
        )
    }
