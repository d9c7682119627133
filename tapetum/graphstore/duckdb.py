"""The embedded GraphStore: roll-ups in DuckDB, the graph itself in memory as flat arrays.

The arrays are a cache of the flow_keys and edge tables, rebuilt at start and extended after each commit.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

import numpy as np
import pyarrow as pa

from tapetum.domain.arrow import compute as pc
from tapetum.domain.endpoints import NodeRef
from tapetum.domain.flows import COUNTERS
from tapetum.domain.moments import DAY, HOUR, MINUTE, Clock, Micros, TimeRange
from tapetum.domain.scope import Scope
from tapetum.domain.service_graph import Direction, EdgeDetail, KeySums, Reached, ServiceGraph, Shape
from tapetum.domain.traffic import Mask
from tapetum.embedded.duckdb import Connection, Engine, Transaction
from tapetum.embedded.duckdb_kql import compile_sql
from tapetum.graphstore import duckdb_apply, folding
from tapetum.graphstore.duckdb_apply import Ends
from tapetum.graphstore.duckdb_tables import TABLE, TABLES, keeps_minutes
from tapetum.graphstore.folding import Sums
from tapetum.graphstore.plans import Plans
from tapetum.graphstore.port import Applied, GraphQuery, GraphStore, NamespaceSummary
from tapetum.graphstore.registry import Registry
from tapetum.graphstore.rollups import Block, Load, Rollups, Span, make_block, spans
from tapetum.graphstore.topology import Topology, View
from tapetum.graphstore.traversal import Network

T = TypeVar("T")

_KEPT = 8
"""Questions whose allowed edges are remembered until the next commit; who follows paths asks again and again."""


@dataclass(frozen=True, slots=True)
class _Allowed:
    """Which edges carried allowed traffic, as of a topology and so many changes of the roll-ups."""

    view: View
    changes: int
    edges: Mask


class DuckDBGraphStore(GraphStore[Transaction]):
    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock
        self._lock = threading.Lock()  # over all that is below
        self._topology = Topology()
        self._registry = Registry()
        self._denied_pairs: set[tuple[int, int]] = set()
        self._rollups = Rollups()
        self._plans = Plans(self._topology.view())
        self._network: Network | None = None
        self._kept_allowed: dict[tuple[Scope, GraphQuery], _Allowed] = {}
        with engine.transaction() as transaction:
            transaction.connection.execute(TABLES)
        engine.read_now(self._catch_up)

    def apply(self, tx: Transaction, batch_id: str, fresh: pa.Table) -> Applied:  # noqa: ARG002 - the log store holds the ids in the same transaction
        if not fresh.num_rows:
            return Applied(())
        oldest = keeps_minutes(self._clock())
        with self._lock:
            change = duckdb_apply.work_out(fresh, self._registry, self._topology.keys, oldest)
            ends = duckdb_apply.ends_of(change.keys)
            denied = duckdb_apply.first_denied(fresh, change.keys, ends, self._was_denied)
        duckdb_apply.write(tx.connection, change)

        def follow() -> None:
            with self._lock:
                self._enter(change.keys, ends)
                for unit, sums in ((MINUTE, change.minutes), (HOUR, change.hours)):
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
            plans, sums = self._sums(connection, scope, query, within)
            return folding.fold(plans.view, plans.plan(shape), sums, shape.limit, within, self._clock())

        return await self._engine.read(work)

    async def fold(self, scope: Scope, within: TimeRange, sums: KeySums, shape: Shape) -> ServiceGraph:
        def work(connection: Connection) -> ServiceGraph:
            plans, rows = self._rows(connection, scope, sums)
            return folding.fold(plans.view, plans.plan(shape), rows, shape.limit, within, self._clock())

        return await self._engine.read(work)

    async def edge(
        self, scope: Scope, query: GraphQuery, source: NodeRef, target: NodeRef, sums: KeySums | None
    ) -> EdgeDetail | None:
        within = self.effective(query.range, self._clock()) if sums is None else query.range

        def work(connection: Connection) -> EdgeDetail | None:
            if sums is None:
                plans, rows = self._sums(connection, scope, query, within)
            else:
                plans, rows = self._rows(connection, scope, sums)
            chosen = folding.between(plans.view, source, target)[rows.codes]
            rows = Sums(rows.codes[chosen], rows.counts[chosen])
            return folding.detail(plans.view, rows, source, target, within)

        return await self._engine.read(work)

    async def edge_keys(self, scope: Scope, source: NodeRef, target: NodeRef) -> tuple[int, ...]:
        def work(_: Connection) -> tuple[int, ...]:
            plans = self._standing()
            chosen = folding.between(plans.view, source, target) & plans.visible(scope)
            return tuple(plans.view.flow_key[chosen].tolist())

        return await self._engine.read(work)

    async def exists(self, scope: Scope, node: NodeRef) -> bool:
        def work(_: Connection) -> bool:
            plans = self._standing()
            ends = folding.standing_for(plans.view, node)
            return bool((ends & self._touched(plans, scope)).any())

        return await self._engine.read(work)

    async def namespaces(
        self, scope: Scope, clusters: frozenset[str] | None, limit: int
    ) -> list[NamespaceSummary]:
        def work(_: Connection) -> list[NamespaceSummary]:
            plans = self._standing()
            view, seen = plans.view, self._touched(plans, scope.narrowed(clusters))
            workloads = np.bincount(view.node_fold[seen & view.node_workload], minlength=len(view.nodes))
            found = [
                NamespaceSummary(view.nodes[code].cluster, view.nodes[code].name, int(workloads[code]))
                for code in np.unique(view.node_fold[seen & view.node_namespaced])
            ]
            return sorted(found, key=lambda summary: (summary.cluster, summary.name))[:limit]

        return await self._engine.read(work)

    async def members(self, scope: Scope, namespace: NodeRef) -> int:
        def work(_: Connection) -> int:
            plans = self._standing()
            inside = folding.standing_for(plans.view, namespace)
            return int((inside & plans.view.node_workload & self._touched(plans, scope)).sum())

        return await self._engine.read(work)

    async def reach(
        self, scope: Scope, query: GraphQuery, start: NodeRef, direction: Direction, hops: int, limit: int
    ) -> tuple[list[Reached], bool]:
        def work(connection: Connection) -> tuple[list[Reached], bool]:
            view, network, allowed = self._allowed(connection, scope, query)
            first = np.flatnonzero(folding.standing_for(view, start))
            distance = network.reach(first, allowed, direction, hops)
            nodes = np.flatnonzero(distance > 0)
            nodes = nodes[np.argsort(distance[nodes], kind="stable")]
            shown = nodes[:limit]
            reached = [
                Reached(view.nodes[node], hops)
                for node, hops in zip(shown.tolist(), distance[shown].tolist(), strict=True)
            ]
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

    def _standing(self) -> Plans:
        with self._lock:
            return self._current()

    def _current(self) -> Plans:
        view = self._topology.view()
        if self._plans.view is not view:
            self._plans = Plans(view)
        return self._plans

    @staticmethod
    def _touched(plans: Plans, scope: Scope) -> Mask:
        """Nodes at the ends of flows that the scope sees."""
        return folding.touched_nodes(plans.view, plans.view.edge[plans.visible(scope)])

    def _sums(
        self, connection: Connection, scope: Scope, query: GraphQuery, within: TimeRange
    ) -> tuple[Plans, Sums]:
        plans, counts = self._of_spans(connection, within, self._rollups.total)
        chosen = counts[:, 0] > 0
        self._choose(chosen, connection, plans, scope, query)
        codes = np.flatnonzero(chosen)
        return plans, Sums(codes, counts[codes])

    def _of_spans(
        self, connection: Connection, within: TimeRange, ask: Callable[[list[Span], int, Load], T]
    ) -> tuple[Plans, T]:
        """What the roll-ups of a range say, with the topology that goes with it."""
        wanted = spans(within)
        load = partial(_load, connection)
        with self._lock:
            if self._rollups.holds(wanted):
                plans = self._current()
                return plans, ask(wanted, len(plans.view.edge), load)
        # What is loaded from the file must not hold a commit that memory has yet to follow.
        with self._engine.settled(), self._lock:
            plans = self._current()
            return plans, ask(wanted, len(plans.view.edge), load)

    def _rows(self, connection: Connection, scope: Scope, sums: KeySums) -> tuple[Plans, Sums]:
        """Sums of raw records by code; a key committed this instant is fetched rather than missed."""
        with self._lock:
            codes = self._registry.find(sums.keys)
            if (codes < 0).any():
                self._catch_up(connection)
                codes = self._registry.find(sums.keys)
            plans = self._current()
        keep = codes >= 0
        keep[keep] = plans.visible(scope)[codes[keep]]
        return plans, Sums(codes[keep], sums.counts[keep])

    def _choose(
        self, chosen: Mask, connection: Connection, plans: Plans, scope: Scope, query: GraphQuery
    ) -> None:
        """Leave only what the scope sees and the query asks for."""
        chosen &= plans.visible(scope.narrowed(query.clusters))
        if query.filter is not None:
            condition, values = compile_sql(query.filter, "flows", now=self._clock())
            found = connection.execute(
                f"SELECT code FROM flow_keys f WHERE {condition} AND code < ?", [*values, len(chosen)]
            ).fetchnumpy()["code"]
            matching = np.zeros(len(chosen), np.bool_)
            matching[found.astype(np.int64)] = True
            chosen &= matching

    def _allowed(self, connection: Connection, scope: Scope, query: GraphQuery) -> tuple[View, Network, Mask]:
        """Which edges carried allowed traffic in the range, by the rule of traffic.verdicts."""
        within = self.effective(query.range, self._clock())
        asked = scope, replace(query, range=within)
        with self._lock:
            view, changes = self._current().view, self._rollups.changes
            kept = self._kept_allowed.get(asked)
        if kept is not None and kept.view is view and kept.changes == changes:
            return view, self._network_of(view), kept.edges
        plans, active = self._of_spans(connection, within, self._rollups.active)
        self._choose(active, connection, plans, scope, query)
        allowed = folding.allowed_edges(plans.view, active)
        with self._lock:
            if len(self._kept_allowed) >= _KEPT:
                self._kept_allowed.clear()
            self._kept_allowed[asked] = _Allowed(view, changes, allowed)
        return plans.view, self._network_of(plans.view), allowed

    def _network_of(self, view: View) -> Network:
        """New flow keys mostly join edges that are there, so the network outlives its view."""
        with self._lock:
            if self._network is None or not self._network.fits(len(view.edge_source), len(view.nodes)):
                self._network = Network.build(view.edge_source, view.edge_target, len(view.nodes))
            return self._network

    def _catch_up(self, connection: Connection) -> None:
        """Enter committed flow keys that memory does not hold yet."""
        self._enter(
            connection.sql(
                "SELECT * FROM flow_keys WHERE code >= ? ORDER BY code", params=[self._topology.keys]
            ).to_arrow_table()
        )

    def _enter(self, keys: pa.Table, ends: Ends | None = None) -> None:
        """Enter flow keys, but for those that are there already; `ends` are theirs where they are known."""
        fresh = pc.greater_equal(keys.column("code"), self._topology.keys)
        if not pc.all(fresh).as_py():
            keys, ends = keys.filter(fresh), None
        if not keys.num_rows:
            return
        ends = ends or duckdb_apply.ends_of(keys)
        nodes = np.array([self._topology.node(node) for node in ends.nodes], np.int64)
        source, target = nodes[ends.source], nodes[ends.target]
        self._topology.extend(
            keys.append_column("source", pa.array(source)).append_column("target", pa.array(target))
        )
        self._registry.add(
            keys.column("flow_key").to_numpy(), keys.column("code").cast(pa.int64()).to_numpy()
        )
        denied = pc.equal(keys.column("action"), "deny").to_numpy()
        self._denied_pairs.update(zip(source[denied].tolist(), target[denied].tolist(), strict=True))

    def _was_denied(self, source: NodeRef, target: NodeRef) -> bool:
        known = self._topology.code_of_node
        return source in known and target in known and (known[source], known[target]) in self._denied_pairs


def _load(connection: Connection, span: Span) -> Block:
    names = ("records", *COUNTERS)
    sums = ", ".join(f"sum({name})::BIGINT AS {name}" for name in names)
    found = connection.execute(
        f"SELECT code, {sums} FROM {TABLE[span.unit]} WHERE bucket >= ? AND bucket < ? GROUP BY code",
        [span.first, span.last],
    ).fetchnumpy()
    counts = np.column_stack([found[name].astype(np.int64) for name in names])
    return make_block(found["code"].astype(np.int64), counts)
