"""The namespace graph from roll-ups in Neo4j, against aggregating the very same flows in Elasticsearch.

All flows are in the graph; of the newest tenth there are documents too, so both answer for those hours.
"""

import asyncio
import math
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace

import numpy as np
import pyarrow as pa

from bench.aggregating import EXACT, Aggregating
from bench.figures import Figure, Of, Target, speed_up
from bench.servers import cpu, stores
from bench.setting import Setting
from bench.stores import NOW
from bench.synthetic import Cluster, batches
from bench.timing import Took, middle, percentile, waited
from tapetum.domain.batches import Batch
from tapetum.domain.moments import DAY, HOUR, MINUTE, TimeRange
from tapetum.domain.scope import EVERYTHING
from tapetum.domain.service_graph import ServiceGraph, Shape
from tapetum.domain.traffic import CONNECTIONS
from tapetum.graphstore.port import GraphQuery
from tapetum.service.distributed.composition import Distributed

ROW = "engines.graph"
_SHARE = 10
_RANGES = {"1 min": MINUTE, "5 min": 5 * MINUTE, "15 min": 15 * MINUTE, "1 h": HOUR, "2 h": 2 * HOUR}
_BATCH = 250_000
_DELIVERY = 1_000
_FASTER = Target(20, at_least=True)
_QUICK = Target(300, at_least=False, of=Of.VALUE, unit="ms")
_RUNS = 9
"""Of ours for each aggregation, which takes so much longer."""


def run(setting: Setting) -> list[Figure]:
    cluster = Cluster(
        workloads=setting.sized(2_000, 100),
        namespaces=setting.sized(60, 8),
        edges=setting.sized(40_000, 1_000),
        flows=setting.sized(10_000_000, 50_000),
    )
    with stores(_now, empty=True) as worker:
        _fill(worker, cluster)
        return asyncio.run(_figures(setting, cluster, worker))


def _fill(worker: Distributed, cluster: Cluster) -> None:
    left = cluster.flows
    for batch in batches(cluster, min(_BATCH, cluster.flows // _SHARE)):
        _apply(worker, batch)
        if left <= cluster.flows // _SHARE:
            with worker.logs.transaction(batch.id) as attempt:
                worker.logs.append(attempt, batch)
        left -= batch.records.num_rows
    worker.logs.refresh()
    worker.graph.upkeep.tidy(NOW)  # as workers do every minute


def _apply(worker: Distributed, batch: Batch) -> None:
    worker.graph.write(
        lambda transaction: worker.graph.apply(transaction, batch.id, batch.records, batch.traces)
    )


async def _figures(setting: Setting, cluster: Cluster, worker: Distributed) -> list[Figure]:
    figures: list[Figure] = []
    meets, flows, peers = math.inf, 0, dict[str, Took]()
    async with _replica() as replica:
        for name, length in _RANGES.items():
            flows, ours, peers = await _range(setting, replica, length)
            figures += [
                speed_up(ROW, f"{name}, {flows:,} flows, p50", ours, took, peer)
                for peer, took in peers.items()
            ]
            quickest = min(took.wall for took in peers.values())
            meets = min(meets, flows if ours.wall < quickest else math.inf)
        figures.append(
            Figure(ROW, "fewest flows that roll-ups sum up faster, of these ranges", meets, "flows")
        )
        figures += await _day(setting, cluster, replica, worker, flows, peers)
    return figures


async def _range(setting: Setting, replica: Distributed, length: int) -> tuple[int, Took, dict[str, Took]]:
    """How many flows started in a range, and what the graph of it takes from roll-ups and from documents."""
    within = replica.graph.effective(_last(length), NOW)
    by_hand = Aggregating(replica.logs)
    flows = await _checked(replica, by_hand, within)
    ours: list[Took] = []
    theirs: dict[str, list[Took]] = {}
    for _ in range(setting.rounds):
        for peer, ask in by_hand.ways.items():
            theirs.setdefault(peer, []).append(await waited(lambda ask=ask: ask(within), cpu))
        ours += [await waited(lambda: _from_rollups(replica, within), cpu) for _ in range(_RUNS)]
    return flows, middle(ours), {peer: middle(seen) for peer, seen in theirs.items()}


async def _day(
    setting: Setting,
    cluster: Cluster,
    replica: Distributed,
    worker: Distributed,
    flows: int,
    peers: dict[str, Took],
) -> list[Figure]:
    """A day's graph beside the aggregation of the longest range that has documents: far fewer flows."""
    asked = _last(DAY)
    still = [await waited(lambda: _from_rollups(replica, asked), cpu) for _ in range(_RUNS * setting.rounds)]
    first: list[Took] = []
    for _ in range(setting.rounds):
        async with _replica() as fresh:
            first.append(await waited(lambda fresh=fresh: _from_rollups(fresh, asked), cpu))
    following: list[Took] = []
    for batch in _deliveries(cluster, _RUNS * setting.rounds):
        await asyncio.to_thread(_apply, worker, batch)
        following.append(await waited(lambda: _from_rollups(replica, asked), cpu))
    before, after = await _from_rollups(replica, asked), await _from_rollups(worker, asked)
    if _connections(before) != _connections(after):
        raise AssertionError("The replica does not follow the worker.")
    what = f"24 h, {cluster.flows:,} flows, p50"
    return [
        *(
            speed_up(
                ROW,
                what,
                middle(still),
                took,
                f"{peer} of the newest {flows:,} only",
                _FASTER if peer == EXACT else None,
            )
            for peer, took in peers.items()
        ),
        Figure(ROW, what, middle(still).wall * 1e3, "ms", target=_QUICK),
        Figure(ROW, f"{what}, a commit before each", middle(following).wall * 1e3, "ms", target=_QUICK),
        Figure(ROW, "24 h, p95, a commit before each", _p95(following) * 1e3, "ms"),
        Figure(ROW, "24 h, first query of a fresh replica", middle(first).wall * 1e3, "ms"),
    ]


@asynccontextmanager
async def _replica() -> AsyncGenerator[Distributed]:
    with stores(_now) as opened:
        yield opened
        await opened.logs.aclose()


async def _checked(replica: Distributed, by_hand: Aggregating, within: TimeRange) -> int:
    """How many flows started in the range, where roll-ups and documents agree."""
    sums = await by_hand.by_key(within)
    raw = await replica.graph.fold(EVERYTHING, within, sums, Shape())
    graph = await _from_rollups(replica, within)
    if _connections(graph) != _connections(raw):
        raise AssertionError("The graph from roll-ups is not the sum of the documents.")
    flows = int(sums.counts[:, 0].sum())
    if flows != await by_hand.by_namespaces(within):
        raise AssertionError("The two aggregations count different flows.")
    return flows


async def _from_rollups(store: Distributed, asked: TimeRange) -> ServiceGraph:
    return await store.graph.service_graph(EVERYTHING, GraphQuery(asked), Shape())


def _connections(graph: ServiceGraph) -> dict[tuple[str, str], tuple[int, int]]:
    names = [node.name for node in graph.nodes]
    columns = (graph.allowed.counts[:, CONNECTIONS], graph.denied.counts[:, CONNECTIONS])
    return {
        (names[source], names[target]): (int(allowed), int(denied))
        for source, target, allowed, denied in zip(graph.source, graph.target, *columns, strict=True)
    }


def _deliveries(cluster: Cluster, count: int) -> list[Batch]:
    """Some of the newest flows once more, as if they had come just now."""
    (batch,) = list(batches(replace(cluster, flows=count * _DELIVERY), count * _DELIVERY))
    times = np.full(batch.records.num_rows, NOW - MINUTE)
    place = batch.records.schema.get_field_index("start_time")
    field = batch.records.schema.field(place)
    records = batch.records.set_column(place, field, pa.array(times).cast(field.type))
    return [
        replace(batch, id=f"delivery-{number}", records=records.slice(number * _DELIVERY, _DELIVERY))
        for number in range(count)
    ]


def _last(length: int) -> TimeRange:
    return TimeRange((NOW - length) // MINUTE * MINUTE, NOW)


def _p95(seen: list[Took]) -> float:
    return percentile([each.wall for each in seen], 0.95)


def _now() -> int:
    return NOW
