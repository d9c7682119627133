"""Who is reached within three hops in Neo4j, against Cypher by hand over relationships marked beforehand."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager

import neo4j
import numpy as np

from bench.figures import Figure, Target, cost
from bench.servers import cpu, servers, stores
from bench.setting import Setting
from bench.stores import NOW
from bench.synthetic import CLUSTER, Cluster, batches
from bench.timing import Took, middle, percentile, took, waited
from tapetum.domain.endpoints import NodeKind, NodeRef
from tapetum.domain.moments import DAY, TimeRange
from tapetum.domain.scope import EVERYTHING
from tapetum.domain.service_graph import Direction
from tapetum.graphstore.port import GraphQuery
from tapetum.service.distributed.composition import Distributed

ROW = "engines.reach"
_AS_BY_HAND = Target(1.5, at_least=False)
_STARTS = 7
_HOPS = 3
_RUNS = 5
_BATCH = 50_000
_PEER = "Cypher by hand, edges marked beforehand"
# Each flow was seen once and is an edge of its own, so both have the same codes.
_MARK = """
MATCH (k:FlowKey) WHERE k.code >= $first AND k.code < $last AND k.action = 'allow'
MATCH ()-[t:TALKS {code: k.code}]->()
SET t.allowed = true
"""
_BY_HAND = """
MATCH p = (s:Workload {cluster: $cluster, namespace: $namespace, name: $name})
  (()-[t:TALKS WHERE t.allowed]->()){1,3}(e)
WITH e.name AS name, min(length(p)) AS hops
RETURN collect(name), collect(hops)
"""


def run(setting: Setting) -> list[Figure]:
    small, large = (setting.sized(edges, 2_000) for edges in (40_000, 1_000_000))
    few = Cluster(setting.sized(2_000, 200), setting.sized(60, 8), small, small, both=False)
    many = Cluster(setting.sized(50_000, 200), setting.sized(500, 8), large, large, both=False)
    return [*_over(setting, few), *_over(setting, many, _AS_BY_HAND)]


def _over(setting: Setting, cluster: Cluster, target: Target | None = None) -> list[Figure]:
    with stores(_now, empty=True) as worker:
        for batch in batches(cluster, _BATCH):
            worker.graph.write(
                lambda transaction, batch=batch: worker.graph.apply(
                    transaction, batch.id, batch.records, batch.traces
                )
            )
    with stores(_now) as replica, _by_hand(cluster) as peer:
        ours, theirs, first, told = asyncio.run(_compared(setting, replica, peer, cluster))
    what = f"{_HOPS} hops, {cluster.edges:,} edges"
    p95 = percentile([each.wall for each in ours], 0.95)
    return [
        cost(ROW, f"{what}, {told:,} reached, p50", middle(ours), middle(theirs), _PEER, target),
        Figure(ROW, f"{what}, p95", p95 * 1e3, "ms"),
        Figure(ROW, f"{what}, first query of a fresh replica", first.wall * 1e3, "ms"),
    ]


async def _compared(
    setting: Setting, store: Distributed, peer: "_ByHand", cluster: Cluster
) -> tuple[list[Took], list[Took], Took, int]:
    """Ours, the peer's, the very first of ours, and how many nodes were reached in the middle."""
    ours: list[Took] = []
    theirs: list[Took] = []
    told: list[int] = []
    first = await waited(lambda: _reach(store, cluster, 0), cpu)
    for start in np.random.default_rng(3).integers(0, cluster.workloads, _STARTS).tolist():
        found = await _reach(store, cluster, start)
        # By hand, it may come back to where it began; a node does not reach itself.
        if found != {name: hops for name, hops in peer.reach(start).items() if name != f"app-{start}-*"}:
            raise AssertionError("Reach is not what Cypher by hand finds.")
        told.append(len(found))
        for _ in range(setting.rounds):
            theirs += [took(lambda start=start: peer.reach(start), cpu) for _ in range(_RUNS)]
            ours += [
                await waited(lambda start=start: _reach(store, cluster, start), cpu) for _ in range(_RUNS)
            ]
    return ours, theirs, first, sorted(told)[len(told) // 2]


async def _reach(store: Distributed, cluster: Cluster, start: int) -> dict[str, int]:
    node = NodeRef(NodeKind.WORKLOAD, CLUSTER, *cluster.workload(start))
    query = GraphQuery(TimeRange(NOW - DAY, NOW))
    found, truncated = await store.graph.reach(
        EVERYTHING, query, node, Direction.OUTGOING, _HOPS, limit=1_000_000
    )
    if truncated:
        raise AssertionError("The reach was cut.")
    return {reached.node.name: reached.hops for reached in found}


class _ByHand:
    def __init__(self, driver: neo4j.Driver, cluster: Cluster) -> None:
        self._driver = driver
        self._cluster = cluster

    def mark(self) -> None:
        for first in range(0, self._cluster.edges, _BATCH):
            self._driver.execute_query(_MARK, first=first, last=first + _BATCH)

    def reach(self, start: int) -> dict[str, int]:
        namespace, name = self._cluster.workload(start)
        found = self._driver.execute_query(
            _BY_HAND,
            cluster=CLUSTER,
            namespace=namespace,
            name=name,
            routing_=neo4j.RoutingControl.READ,
        )
        return dict(zip(*found.records[0].values(), strict=True))


@contextmanager
def _by_hand(cluster: Cluster) -> Generator[_ByHand]:
    on = servers().neo4j
    with neo4j.GraphDatabase.driver(on.url, auth=on.auth) as driver:
        driver.execute_query("CREATE INDEX by_hand IF NOT EXISTS FOR (n:Workload) ON (n.name)")
        driver.execute_query("CALL db.awaitIndexes(300)")
        peer = _ByHand(driver, cluster)
        peer.mark()
        yield peer


def _now() -> int:
    return NOW
