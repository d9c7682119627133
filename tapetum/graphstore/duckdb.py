"""The embedded GraphStore: flow keys and roll-ups in DuckDB, the graph itself in memory.

Memory is rebuilt at start and extended after each commit.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeVar

import numpy as np
import pyarrow as pa

from tapetum.domain.endpoints import NodeRef
from tapetum.domain.flows import COUNTERS
from tapetum.domain.moments import DAY, Clock, Micros, TimeRange
from tapetum.domain.policies import PolicyRef, PolicyUse
from tapetum.domain.scope import Scope
from tapetum.domain.service_graph import (
    Direction,
    EdgeDetail,
    EdgeReports,
    GroupedTraffic,
    KeySums,
    PairSums,
    Reached,
    ServiceGraph,
    ServiceGroup,
    Shape,
)
from tapetum.domain.traffic import Mask
from tapetum.embedded.duckdb import Connection, Engine, Transaction
from tapetum.embedded.duckdb_kql import compile_sql
from tapetum.graphstore import answers, duckdb_apply, folding
from tapetum.graphstore.buckets import keeps_minutes
from tapetum.graphstore.duckdb_tables import TABLE, TABLES
from tapetum.graphstore.folding import Sums
from tapetum.graphstore.memory import Allowed, GraphMemory, add, visible_rows
from tapetum.graphstore.plans import Plans
from tapetum.graphstore.policy_answers import Held
from tapetum.graphstore.port import Applied, GraphQuery, GraphStore, NamespaceSummary
from tapetum.graphstore.registry import Codes
from tapetum.graphstore.rollups import Block, Load, Span, make_block, spans
from tapetum.graphstore.traversal import Network

T = TypeVar("T")


class DuckDBGraphStore(GraphStore[Transaction]):
    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock
        self._memory = GraphMemory()
        with engine.transaction() as transaction:
            transaction.connection.execute(TABLES)
        engine.read_now(self._catch_up)
        self._memory.learn(engine.read_now(duckdb_apply.read_policies))

    def apply(self, tx: Transaction, batch_id: str, fresh: pa.Table, traces: pa.Table) -> Applied:  # noqa: ARG002 - the log store holds the ids in the same transaction
        if not fresh.num_rows:
            return Applied(())
        change, denied = self._memory.work_out(fresh, keeps_minutes(self._clock()))
        decided = self._memory.decided(fresh, traces, change.codes)
        duckdb_apply.write(tx.connection, change, decided, len(self._memory.decisions.policies))
        tx.after_commit(lambda: self._memory.follow(change, decided))
        return Applied(tuple(denied))

    @property
    def policies(self) -> int:
        """How many it knows."""
        return len(self._memory.decisions.policies)

    def learn(self, records: pa.Table, traces: pa.Table) -> None:
        """Take up policies of records that were applied before these were read from them."""
        codes = self._memory.find(records.column("flow_key").to_numpy())
        known = np.flatnonzero(codes >= 0)
        with self._engine.transaction() as tx:
            decided = self._memory.decided(records.take(pa.array(known)), traces, codes[known])
            duckdb_apply.write_policies(tx.connection, decided, self.policies)
            tx.after_commit(lambda: self._memory.learn(decided))

    def effective(self, asked: TimeRange, now: Micros) -> TimeRange:
        return answers.effective(asked, now)

    def whole(self, asked: TimeRange, now: Micros) -> TimeRange | None:
        return answers.whole(asked, now)

    def forget(self) -> None:
        """Drop cached sums, after upkeep changed the tables."""
        self._memory.forget()

    def warm(self, within: TimeRange) -> None:
        """Load the sums of whole days ahead of questions, the newest first, while there is room for them."""
        for day in range(within.end // DAY - 1, within.start // DAY - 1, -1):
            (span,) = spans(TimeRange(day * DAY, (day + 1) * DAY))
            if not self._engine.read_now(partial(self._ahead, span=span)):
                return

    def _ahead(self, connection: Connection, span: Span) -> bool:
        """Whether its sums are in memory now."""
        with self._engine.settled(), self._memory.lock:
            rollups = self._memory.rollups
            return rollups.holds([span]) or rollups.offer(span, _load(connection, span))

    async def service_graph(self, scope: Scope, query: GraphQuery, shape: Shape) -> ServiceGraph:
        within = self.effective(query.range, self._clock())

        def work(connection: Connection) -> ServiceGraph:
            plans, sums = self._sums(connection, scope, query, within)
            return self._folded(scope, plans, sums, within, shape)

        return await self._engine.read(work)

    async def fold(self, scope: Scope, within: TimeRange, sums: KeySums, shape: Shape) -> ServiceGraph:
        def work(connection: Connection) -> ServiceGraph:
            plans, rows = self._rows(connection, scope, sums)
            return self._folded(scope, plans, rows, within, shape)

        return await self._engine.read(work)

    async def edge(
        self,
        scope: Scope,
        query: GraphQuery,
        source: NodeRef,
        target: NodeRef,
        sums: KeySums | None,
        *,
        direct: bool = False,
    ) -> EdgeDetail | None:
        within = self.effective(query.range, self._clock()) if sums is None else query.range

        def work(connection: Connection) -> EdgeDetail | None:
            if sums is None:
                plans, rows = self._sums(connection, scope, query, within)
            else:
                plans, rows = self._rows(connection, scope, sums)
            return answers.edge(plans, scope, rows, source, target, within, direct=direct)

        return await self._engine.read(work)

    async def counted(self, scope: Scope, sums: KeySums, query: GraphQuery | None = None) -> tuple[int, ...]:
        def work(connection: Connection) -> tuple[int, ...]:
            if query is None:
                return answers.counted(*self._rows(connection, scope, sums))
            return answers.counted(*self._sums(connection, scope, query, query.range, sums))

        return await self._engine.read(work)

    async def grouped(
        self, scope: Scope, query: GraphQuery, fields: tuple[str, ...], beside: KeySums
    ) -> GroupedTraffic | None:
        def work(connection: Connection) -> GroupedTraffic | None:
            plans, rows = self._sums(connection, scope, query, query.range, beside)
            return answers.grouped(plans, self._memory.coded(fields), rows)

        return await self._engine.read(work)

    async def edge_reports(self, scope: Scope, sums: KeySums) -> EdgeReports:
        return await self._engine.read(lambda c: answers.edge_reports(scope, *self._rows(c, scope, sums)))

    async def sum_pairs(self, scope: Scope, sums: KeySums, shape: Shape) -> PairSums:
        def work(connection: Connection) -> PairSums:
            plans, rows = self._rows(connection, scope, sums)
            return answers.sum_pairs(plans, scope, rows, shape)

        return await self._engine.read(work)

    async def places(self, scope: Scope, shape: Shape, nodes: Sequence[NodeRef]) -> list[NodeRef]:
        return await self._standing(lambda plans: answers.places(plans, scope, shape, nodes))

    async def group(self, scope: Scope, service: NodeRef) -> ServiceGroup | None:
        return await self._standing(lambda plans: answers.group(plans, scope, service))

    async def edge_keys(
        self, scope: Scope, source: NodeRef, target: NodeRef, *, direct: bool = False
    ) -> tuple[int, ...]:
        return await self._standing(
            lambda plans: answers.edge_keys(plans, scope, source, target, direct=direct)
        )

    async def exists(self, scope: Scope, node: NodeRef) -> bool:
        return await self._standing(lambda plans: answers.exists(plans, scope, node))

    async def namespaces(
        self, scope: Scope, clusters: frozenset[str] | None, limit: int
    ) -> list[NamespaceSummary]:
        return await self._standing(lambda plans: answers.namespaces(plans, scope.narrowed(clusters), limit))

    async def members(self, scope: Scope, namespace: NodeRef) -> int:
        return await self._standing(lambda plans: answers.members(plans, scope, namespace))

    async def reach(
        self, scope: Scope, query: GraphQuery, start: NodeRef, direction: Direction, hops: int, limit: int
    ) -> tuple[list[Reached], bool]:
        def work(connection: Connection) -> tuple[list[Reached], bool]:
            plans, network, allowed = self._allowed(connection, scope, query)
            distance = network.reach(answers.starts(plans, scope, start), allowed, direction, hops)
            return answers.reached(plans.view, distance, limit)

        return await self._engine.read(work)

    async def paths(
        self, scope: Scope, query: GraphQuery, start: NodeRef, end: NodeRef, limit: int
    ) -> list[tuple[NodeRef, ...]]:
        def work(connection: Connection) -> list[tuple[NodeRef, ...]]:
            plans, network, allowed = self._allowed(connection, scope, query)
            goal = folding.standing_for(plans, scope, end)
            found = network.paths(answers.starts(plans, scope, start), goal, allowed, limit)
            return [tuple(plans.view.nodes[node] for node in path) for path in found]

        return await self._engine.read(work)

    async def policies_of(
        self, scope: Scope, source: NodeRef, target: NodeRef, *, direct: bool = False
    ) -> list[PolicyUse]:
        return await self._engine.read(
            lambda _: Held.of(self._memory).policies_of(scope, source, target, direct=direct)
        )

    async def policies_at(self, scope: Scope, node: NodeRef) -> list[PolicyUse]:
        return await self._engine.read(lambda _: Held.of(self._memory).policies_at(scope, node))

    async def selected_by(self, scope: Scope, policy: PolicyRef) -> list[NodeRef]:
        return await self._engine.read(lambda _: Held.of(self._memory).selected_by(scope, policy))

    async def _standing(self, ask: Callable[[Plans], T]) -> T:
        """What the topology alone can answer."""
        return await self._engine.read(lambda _: ask(self._memory.plans()))

    def _folded(
        self, scope: Scope, plans: Plans, sums: Sums, within: TimeRange, shape: Shape
    ) -> ServiceGraph:
        return folding.fold(plans.view, plans.plan(shape, scope), sums, shape.limit, within, self._clock())

    def _sums(
        self,
        connection: Connection,
        scope: Scope,
        query: GraphQuery,
        within: TimeRange,
        beside: KeySums | None = None,
    ) -> tuple[Plans, Sums]:
        codes = None if beside is None else self._codes(connection, beside)
        plans, counts = self._of_spans(connection, within, self._memory.rollups.total)
        if beside is not None and codes is not None:
            add(counts, codes, beside.counts)
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
        with self._memory.lock:
            if self._memory.rollups.holds(wanted):
                plans = self._memory.plans()
                return plans, ask(wanted, len(plans.view.edge), load)
        # What is loaded from the file must not hold a commit that memory has yet to follow.
        with self._engine.settled(), self._memory.lock:
            plans = self._memory.plans()
            return plans, ask(wanted, len(plans.view.edge), load)

    def _rows(self, connection: Connection, scope: Scope, sums: KeySums) -> tuple[Plans, Sums]:
        """Sums of raw records by code; a key committed this instant is fetched rather than missed."""
        with self._memory.lock:
            codes, plans = self._codes(connection, sums), self._memory.plans()
        return plans, visible_rows(plans, scope, codes, sums.counts)

    def _codes(self, connection: Connection, sums: KeySums) -> Codes:
        with self._memory.lock:
            codes = self._memory.find(sums.keys)
            if (codes < 0).any():
                self._catch_up(connection)
                codes = self._memory.find(sums.keys)
            return codes

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

    def _allowed(
        self, connection: Connection, scope: Scope, query: GraphQuery
    ) -> tuple[Plans, Network, Mask]:
        """Which edges carried allowed traffic in the range, by the rule of traffic.verdicts."""
        query = replace(query, range=self.effective(query.range, self._clock()))
        kept = self._memory.allowed(scope, query)
        if kept is None:
            changes = self._memory.rollups.changes  # before the sums, so that what is kept is never too new
            plans, active = self._of_spans(connection, query.range, self._memory.rollups.active)
            self._choose(active, connection, plans, scope, query)
            kept = Allowed(plans, changes, folding.allowed_edges(plans.view, active))
            self._memory.keep_allowed(scope, query, kept)
        return kept.plans, self._memory.network(kept.plans.view), kept.edges

    def _catch_up(self, connection: Connection) -> None:
        """Enter committed flow keys that memory does not hold yet."""
        self._memory.enter(
            connection.sql(
                "SELECT * FROM flow_keys WHERE code >= ? ORDER BY code", params=[self._memory.keys]
            ).to_arrow_table()
        )


def _load(connection: Connection, span: Span) -> Block:
    names = ("records", *COUNTERS)
    sums = ", ".join(f"sum({name})::BIGINT AS {name}" for name in names)
    found = connection.execute(
        f"SELECT code, {sums} FROM {TABLE[span.unit]} WHERE bucket >= ? AND bucket < ? GROUP BY code",
        [span.first, span.last],
    ).fetchnumpy()
    counts = np.column_stack([found[name].astype(np.int64) for name in names])
    return make_block(found["code"].astype(np.int64), counts)
