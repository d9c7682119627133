"""Who is reached within three hops over a million edges, against recursive SQL over the same edges."""

import asyncio

import duckdb
import numpy as np

from bench.figures import Figure, Target, speed_up
from bench.setting import Setting
from bench.stores import NOW
from bench.synthetic import CLUSTER, Cluster, opened
from bench.timing import Took, middle, percentile, took, waited
from tapetum.domain.endpoints import NodeKind, NodeRef
from tapetum.domain.moments import HOUR, TimeRange
from tapetum.domain.scope import EVERYTHING
from tapetum.domain.service_graph import Direction
from tapetum.graphstore.port import GraphQuery
from tapetum.service.embedded import Embedded

ROW = "reach"
_FASTER = Target(5, at_least=True)
_STARTS = 7
_HOPS = 3
_RUNS = 5
_RECURSIVE = """
WITH RECURSIVE reached(node, hops) AS (
  SELECT ?::INTEGER, 0
  UNION
  SELECT e.target, r.hops + 1 FROM reached r JOIN edges e ON e.source = r.node WHERE r.hops < ?
)
SELECT node, min(hops) FROM reached GROUP BY node HAVING min(hops) > 0
"""


def run(setting: Setting) -> list[Figure]:
    edges = setting.sized(1_000_000, 2_000)
    cluster = Cluster(setting.sized(50_000, 200), setting.sized(500, 8), edges, edges, both=False)
    with opened(cluster, setting.cache) as store:
        ours, theirs, first = asyncio.run(_compared(setting, store, cluster))
    return [
        speed_up(
            ROW,
            f"{_HOPS} hops, {edges:,} edges, p50",
            middle(ours),
            middle(theirs),
            "recursive SQL, edges as integers in memory",
            _FASTER,
        ),
        Figure(ROW, "p95", percentile([each.wall for each in ours], 0.95) * 1e3, "ms"),
        Figure(ROW, "first after start", first.wall * 1e3, "ms"),
    ]


async def _compared(
    setting: Setting, store: Embedded, cluster: Cluster
) -> tuple[list[Took], list[Took], Took]:
    """Ours, the peer's, and the very first of ours."""
    ours: list[Took] = []
    theirs: list[Took] = []
    first = await waited(lambda: _reach(store, cluster, 0))
    peer = _peer(store)
    for start in np.random.default_rng(3).integers(0, cluster.workloads, _STARTS).tolist():

        def its(start: int = start) -> list[tuple[int, int]]:
            return peer.execute(_RECURSIVE, [start, _HOPS]).fetchall()

        # The peer may come back to where it began; a node does not reach itself.
        if await _reach(store, cluster, start) != {
            f"app-{node}-*": hops for node, hops in its() if node != start
        }:
            raise AssertionError("Reach is not what recursive SQL finds.")
        for _ in range(setting.rounds):
            theirs.append(took(its))
            ours += [await waited(lambda start=start: _reach(store, cluster, start)) for _ in range(_RUNS)]
    peer.close()
    return ours, theirs, first


async def _reach(store: Embedded, cluster: Cluster, start: int) -> dict[str, int]:
    node = NodeRef(NodeKind.WORKLOAD, CLUSTER, *cluster.workload(start))
    query = GraphQuery(TimeRange(NOW - 24 * HOUR, NOW))
    found, truncated = await store.graph.reach(
        EVERYTHING, query, node, Direction.OUTGOING, _HOPS, limit=1_000_000
    )
    if truncated:
        raise AssertionError("The reach was cut.")
    return {reached.node.name: reached.hops for reached in found}


def _peer(store: Embedded) -> duckdb.DuckDBPyConnection:
    """The allowed edges alone, as small integers in memory: the best that SQL can be given."""
    edges = store.engine.read_now(
        lambda connection: connection.sql(
            "SELECT split_part(source_name_aggr, '-', 2)::INTEGER AS source, "
            "split_part(dest_name_aggr, '-', 2)::INTEGER AS target FROM flow_keys WHERE action = 'allow'"
        ).to_arrow_table()
    )
    peer = duckdb.connect(config={"threads": 2})
    peer.register("given", edges)
    peer.execute("CREATE TABLE edges AS FROM given ORDER BY source")
    peer.unregister("given")
    return peer
