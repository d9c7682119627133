"""The embedded GraphStore: roll-ups in DuckDB, the graph itself in memory as flat arrays.

The arrays are a cache of the flow_keys and edge tables, rebuilt at start and extended after each commit.
"""

import threading

import numpy as np
import pyarrow as pa

from tapetum.domain.arrow import compute as pc
from tapetum.domain.endpoints import NodeKind, NodeRef
from tapetum.domain.flows import COUNTERS, Reporter
from tapetum.domain.moments import DAY, HOUR, MINUTE, Clock, Micros, TimeRange
from tapetum.domain.scope import Scope
from tapetum.domain.service_graph import Direction, EdgeDetail, KeySums, Reached, ServiceGraph, Shape
from tapetum.embedded.duckdb import Connection, Engine, Transaction
from tapetum.embedded.duckdb_kql import compile_sql
from tapetum.graphstore import duckdb_apply, folding
from tapetum.graphstore.duckdb_tables import TABLE, TABLES, keeps_minutes
from tapetum.graphstore.folding import Mask, Sums
from tapetum.graphstore.port import Applied, GraphQuery, GraphStore, NamespaceSummary
from tapetum.graphstore.registry import Registry
from tapetum.graphstore.rollups import Block, Rollups, make_block, pieces
from tapetum.graphstore.topology import REPORTERS, Topology, View
from tapetum.graphstore.traversal import Network


class DuckDBGraphStore(GraphStore[Transaction]):
    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock
        self._lock = threading.Lock()
        self._topology = Topology()
        self._registry = Registry()
        self._denied_pairs: set[tuple[int, int]] = set()
        self._rollups = Rollups(self._load)
        self._network: tuple[int, Network] | None = None
        with engine.transaction() as transaction:
            transaction.connection.execute(TABLES)
        engine.read_now(self._catch_up)

    def apply(self, tx: Transaction, batch_id: str, fresh: pa.Table) -> Applied:  # noqa: ARG002 - the log store holds the ids in the same transaction
        if not fresh.num_rows:
            return Applied(())
        oldest = keeps_minutes(self._clock())
        with self._lock:
            change, _ = duckdb_apply.work_out(fresh, self._registry, self._topology.keys, oldest)
            keys = duckdb_apply.with_nodes(self._topology, change.keys)
            denied = duckdb_apply.first_denied(fresh, self._topology, keys, self._denied_pairs)
        duckdb_apply.write(tx.connection, change)

        def follow() -> None:
            with self._lock:
                self._enter(keys)
                for unit, sums in (
                    (MINUTE, change.minutes),
                    (HOUR, change.hours),
                    (DAY, change.hours.coarser(DAY // HOUR)),
                ):
                    self._rollups.follow(unit, sums.buckets, sums.codes, sums.counts)

        tx.after_commit(follow)
        return Applied(tuple(denied))

    def effective(self, asked: TimeRange, now: Micros) -> TimeRange:
        return asked.widened(MINUTE if asked.start >= now - DAY - MINUTE else HOUR)

    def forget(self) -> None:
        """Drop cached sums, after upkeep changed the tables."""
        with self._lock:
            self._rollups.forget()

    async def service_graph(self, scope: Scope, query: GraphQuery, shape: Shape) -> ServiceGraph:
        within = self.effective(query.range, self._clock())

        def work(connection: Connection) -> ServiceGraph:
            view, sums = self._sums(connection, scope, query, within)
            return folding.fold(view, sums, shape, within, self._clock())

        return await self._engine.read(work)

    async def fold(self, scope: Scope, within: TimeRange, sums: KeySums, shape: Shape) -> ServiceGraph:
        def work(connection: Connection) -> ServiceGraph:
            view, rows = self._rows(connection, scope, sums)
            return folding.fold(view, rows, shape, within, self._clock())

        return await self._engine.read(work)

    async def edge(
        self, scope: Scope, query: GraphQuery, source: NodeRef, target: NodeRef, sums: KeySums | None
    ) -> EdgeDetail | None:
        within = self.effective(query.range, self._clock()) if sums is None else query.range

        def work(connection: Connection) -> EdgeDetail | None:
            if sums is None:
                view, rows = self._sums(connection, scope, query, within)
            else:
                view, rows = self._rows(connection, scope, sums)
            chosen = folding.between(view, source, target)[rows.codes]
            return folding.detail(view, Sums(rows.codes[chosen], rows.counts[chosen]), source, target, within)

        return await self._engine.read(work)

    async def edge_keys(self, scope: Scope, source: NodeRef, target: NodeRef) -> tuple[int, ...]:
        view = self._view()
        chosen = folding.between(view, source, target) & folding.visible(view, scope)
        return tuple(view.flow_key[chosen].tolist())

    async def exists(self, scope: Scope, node: NodeRef) -> bool:
        view = self._view()
        ends = folding.standing_for(view, node)
        touching = (ends[view.edge_source] | ends[view.edge_target])[view.edge]
        return bool((touching & folding.visible(view, scope)).any())

    async def namespaces(
        self, scope: Scope, clusters: frozenset[str] | None, limit: int
    ) -> list[NamespaceSummary]:
        view, narrowed = self._view(), scope.narrowed(clusters)
        counts: dict[NodeRef, int] = {}
        for node in view.nodes:
            folded = node.folded
            if folded.kind is NodeKind.NAMESPACE and narrowed.sees(node.cluster, node.namespace):
                counts[folded] = counts.get(folded, 0) + (node.kind is NodeKind.WORKLOAD)
        ordered = sorted(counts, key=lambda node: (node.cluster, node.name))[:limit]
        return [NamespaceSummary(node.cluster, node.name, counts[node]) for node in ordered]

    async def members(self, scope: Scope, namespace: NodeRef) -> int:
        found = await self.namespaces(scope, frozenset([namespace.cluster]), len(self._topology.nodes))
        return next((summary.workloads for summary in found if summary.name == namespace.name), 0)

    async def reach(
        self, scope: Scope, query: GraphQuery, start: NodeRef, direction: Direction, hops: int, limit: int
    ) -> tuple[list[Reached], bool]:
        def work(connection: Connection) -> tuple[list[Reached], bool]:
            view, network, allowed = self._allowed(connection, scope, query)
            first = np.flatnonzero(folding.standing_for(view, start))
            distance = network.reach(first, allowed, direction, hops)
            nodes = np.flatnonzero(distance > 0)
            nodes = nodes[np.argsort(distance[nodes], kind="stable")]
            reached = [Reached(view.nodes[node], int(distance[node])) for node in nodes[:limit]]
            return reached, len(nodes) > limit

        return await self._engine.read(work)

    async def paths(
        self, scope: Scope, query: GraphQuery, start: NodeRef, end: NodeRef, limit: int
    ) -> list[tuple[NodeRef, ...]]:
        def work(connection: Connection) -> list[tuple[NodeRef, ...]]:
            view, network, allowed = self._allowed(connection, scope, query)
            first = np.flatnonzero(folding.standing_for(view, start))
            found = network.paths(first, folding.standing_for(view, end), allowed, limit)
            return [tuple(view.nodes[node] for node in path) for path in found]

        return await self._engine.read(work)

    def _view(self) -> View:
        with self._lock:
            return self._topology.view()

    def _sums(
        self, connection: Connection, scope: Scope, query: GraphQuery, within: TimeRange
    ) -> tuple[View, Sums]:
        with self._lock:
            view = self._topology.view()
            counts = self._rollups.total(pieces(within), len(view.edge))
        chosen = (counts[:, 0] > 0) & self._chosen(connection, view, scope, query)
        codes = np.flatnonzero(chosen)
        return view, Sums(codes, counts[codes])

    def _rows(self, connection: Connection, scope: Scope, sums: KeySums) -> tuple[View, Sums]:
        """Sums of raw records by code; a key committed this instant is fetched rather than missed."""
        with self._lock:
            codes = self._registry.find(sums.keys)
            if (codes < 0).any():
                self._catch_up(connection)
                codes = self._registry.find(sums.keys)
            view = self._topology.view()
        keep = codes >= 0
        keep[keep] = folding.visible(view, scope)[codes[keep]]
        return view, Sums(codes[keep], sums.counts[keep])

    def _chosen(self, connection: Connection, view: View, scope: Scope, query: GraphQuery) -> Mask:
        chosen = folding.visible(view, scope.narrowed(query.clusters))
        if query.filter is not None:
            condition, values = compile_sql(query.filter, "flows", now=self._clock())
            found = connection.execute(
                f"SELECT code FROM flow_keys f WHERE {condition} AND code < ?", [*values, len(chosen)]
            ).fetchnumpy()["code"]
            matching = np.zeros(len(chosen), np.bool_)
            matching[found.astype(np.int64)] = True
            chosen &= matching
        return chosen

    def _allowed(self, connection: Connection, scope: Scope, query: GraphQuery) -> tuple[View, Network, Mask]:
        """Which edges carried allowed traffic in the range, by the rule of traffic.combine."""
        within = self.effective(query.range, self._clock())
        with self._lock:
            view = self._topology.view()
            active = self._rollups.active(pieces(within), len(view.edge))
            if self._network is None or self._network[0] != len(view.edge_source):
                network = Network.build(view.edge_source, view.edge_target, len(view.nodes))
                self._network = (len(view.edge_source), network)
            network = self._network[1]
        active &= self._chosen(connection, view, scope, query)
        edges = len(view.edge_source)
        destination = view.reporter == REPORTERS.index(Reporter.DST)
        source = view.reporter == REPORTERS.index(Reporter.SRC)

        def touched(keys: Mask) -> Mask:
            found = np.zeros(edges, np.bool_)
            found[view.edge[active & keys]] = True
            return found

        heard = touched(destination)
        return view, network, touched(destination & ~view.denied) | (touched(source & ~view.denied) & ~heard)

    def _catch_up(self, connection: Connection) -> None:
        """Enter committed flow keys that memory does not hold yet."""
        rows = connection.sql(
            "SELECT * FROM flow_keys WHERE code >= ? ORDER BY code", params=[self._topology.keys]
        ).to_arrow_table()
        self._enter(duckdb_apply.with_nodes(self._topology, rows))

    def _enter(self, keys: pa.Table) -> None:
        keys = keys.filter(pc.greater_equal(keys.column("code"), self._topology.keys))
        if not keys.num_rows:
            return
        self._topology.extend(keys)
        self._registry.add(
            keys.column("flow_key").to_numpy(), keys.column("code").cast(pa.int64()).to_numpy()
        )
        denied = keys.filter(pc.equal(keys.column("action"), "deny"))
        self._denied_pairs.update(
            zip(denied.column("source").to_pylist(), denied.column("target").to_pylist(), strict=True)
        )

    def _load(self, unit: Micros, first: int, last: int) -> dict[int, Block]:
        sums = ", ".join(f"sum({name})::BIGINT AS {name}" for name in ("records", *COUNTERS))
        factor = DAY // HOUR if unit == DAY else 1
        found = self._engine.read_now(
            lambda connection: connection.execute(
                f"SELECT bucket // {factor} AS place, code, {sums} FROM {TABLE[unit]} "
                "WHERE bucket >= ? AND bucket < ? GROUP BY ALL ORDER BY place, code",
                [first * factor, last * factor],
            ).fetchnumpy()
        )
        places = found["place"].astype(np.int64)
        codes = found["code"].astype(np.int64)
        counts = np.column_stack([found[name].astype(np.int64) for name in ("records", *COUNTERS)])
        if not len(places):
            return {}
        starts = np.flatnonzero(np.r_[True, places[1:] != places[:-1]])
        return {
            int(places[start]): make_block(codes[start:stop], counts[start:stop])
            for start, stop in zip(starts, [*starts[1:], len(places)], strict=True)
        }
