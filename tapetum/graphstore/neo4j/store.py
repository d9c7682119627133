"""The GraphStore on Neo4j: written by any number of workers, answered from memory that follows the database.

Traversals and filters run in the database. While it is away, answers are the last that memory can give.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

import anyio.to_thread
import numpy as np
import pyarrow as pa

from tapetum.domain.arrow import compute as pc
from tapetum.domain.endpoints import NodeKind, NodeRef
from tapetum.domain.errors import UnavailableError
from tapetum.domain.moments import Clock, Micros, TimeRange
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
from tapetum.domain.together import Together
from tapetum.domain.traffic import Mask
from tapetum.graphdb.migrations import migrate, missing
from tapetum.graphdb.neo4j import Neo4j, Transaction
from tapetum.graphdb.statements import statements
from tapetum.graphstore import answers, folding
from tapetum.graphstore.buckets import keeps_minutes
from tapetum.graphstore.folding import Sums
from tapetum.graphstore.memory import Allowed, GraphMemory, add, visible_rows
from tapetum.graphstore.neo4j import migrations, numbers, policies, walk
from tapetum.graphstore.neo4j.apply import ASK, Added, apply
from tapetum.graphstore.neo4j.matching import Matching
from tapetum.graphstore.neo4j.tail import Tail
from tapetum.graphstore.neo4j.upkeep import Upkeep
from tapetum.graphstore.plans import Plans
from tapetum.graphstore.port import Applied, FirstDenied, GraphQuery, GraphStore, NamespaceSummary
from tapetum.graphstore.rollups import Counts, Load, Span

T = TypeVar("T")

PATIENCE = 2.0
"""Seconds for what is small; a database that takes longer counts as away."""


@dataclass(frozen=True, slots=True)
class _Over(Generic[T]):
    """What was asked of the roll-ups of a range; of another range where the database is away."""

    plans: Plans
    told: T
    within: TimeRange
    level: bool


class Neo4jGraphStore(GraphStore[Transaction]):
    """Connects when first used; `migrate` before that, once."""

    def __init__(
        self,
        url: str,
        clock: Clock,
        *,
        user: str | None = None,
        password: str | None = None,
        database: str | None = None,
        patience: float = PATIENCE,
    ) -> None:
        self._database = Neo4j(url, user=user, password=password, database=database)
        self._clock = clock
        self._memory = GraphMemory()
        self._tail = Tail(self._database, self._memory, patience)
        self._matching = Matching(self._database)
        self._as_of: Micros = 0
        self._adding = Together[Added, Applied](lambda some: self.write(lambda tx: self._apply(tx, some)))
        self.upkeep = Upkeep(self._database)

    def migrate(self) -> list[str]:
        """Bring the schema up to date; returns what was applied."""
        return migrate(self._database, "graph", statements(migrations.__name__))

    def is_current(self) -> bool:
        """Whether `migrate` would find nothing to do."""
        return not missing(self._database, "graph", statements(migrations.__name__))

    def close(self) -> None:
        self._database.close()

    def transaction(self) -> AbstractContextManager[Transaction]:
        return self._database.transaction()

    def write(self, work: Callable[[Transaction], T]) -> T:
        """`work` in a transaction, repeated where the database asks for that."""
        return self._database.write(work)

    def apply(self, tx: Transaction, batch_id: str, fresh: pa.Table, traces: pa.Table) -> Applied:
        """A batch that is there already gives what it gave."""
        if not fresh.num_rows:
            return Applied(())
        return self._apply(tx, [Added(batch_id, fresh, traces)])[0]

    def add(self, batch_id: str, fresh: pa.Table, traces: pa.Table) -> Applied:
        """`apply` in a transaction, with all that other threads of this process add at that moment.

        Transactions take turns, so each that is saved is a turn for somebody else.
        """
        if not fresh.num_rows:
            return Applied(())
        return self._adding.do(Added(batch_id, fresh, traces))

    def number(self, ids: Sequence[str], owner: str) -> dict[str, int]:
        """The numbers of those alerts that are the owner's to write; the same whenever it asks again."""
        now = self._clock()
        return self.write(lambda tx: numbers.number(tx, ids, owner, now)) if ids else {}

    def number_unowned(self, tx: Transaction, told: Mapping[str, str]) -> dict[str, int]:
        """Give new alerts numbers in a transaction, with what they say, for anybody to write."""
        return numbers.number_unowned(tx, told, self._clock()) if told else {}

    async def learn_keys(self) -> None:
        """Know of all that was added by now which nodes talk, and no more. Raises UnavailableError."""
        await self._tail.learn_keys()

    def foreseen(self, records: pa.Table) -> list[FirstDenied]:
        """What `add` would tell of first denials, were these records all new, as of when keys were learnt."""
        denied = records.filter(pc.equal(records.column("action"), "deny"))
        if not denied.num_rows:
            return []
        return self._memory.work_out(denied, keeps_minutes(self._clock()))[1]

    def unwritten(self) -> list[tuple[int, str]]:
        """Numbers and sayings of such alerts, until `written`."""
        return self.write(numbers.unwritten)

    def written(self, given: Collection[int]) -> None:
        self.write(lambda tx: numbers.written(tx, given))

    def holds(self, batch_id: str) -> bool:
        """Whether a batch was applied."""
        return self._database.write(lambda tx: bool(tx.run(ASK["holds"], {"batch": batch_id})))

    def effective(self, asked: TimeRange, now: Micros) -> TimeRange:
        return answers.effective(asked, now)

    def whole(self, asked: TimeRange, now: Micros) -> TimeRange | None:
        return answers.whole(asked, now)

    async def service_graph(self, scope: Scope, query: GraphQuery, shape: Shape) -> ServiceGraph:
        over, sums = await self._sums(scope, query)
        return await self._folded(scope, over.plans, sums, over.within, shape, level=over.level)

    async def fold(self, scope: Scope, within: TimeRange, sums: KeySums, shape: Shape) -> ServiceGraph:
        level = await self._level()
        plans, rows = await self._rows(scope, sums)
        return await self._folded(scope, plans, rows, within, shape, level=level)

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
        if sums is None:
            over, rows = await self._sums(scope, query)
            plans, within = over.plans, over.within
        else:
            await self._level()
            plans, rows = await self._rows(scope, sums)
            within = query.range
        return await _aside(lambda: answers.edge(plans, scope, rows, source, target, within, direct=direct))

    async def counted(self, scope: Scope, sums: KeySums, query: GraphQuery | None = None) -> tuple[int, ...]:
        if query is None:
            await self._level()
            plans, rows = await self._rows(scope, sums)
        else:
            plans, rows = await self._beside(scope, query, sums)
        return await _aside(lambda: answers.counted(plans, rows))

    async def grouped(
        self, scope: Scope, query: GraphQuery, fields: tuple[str, ...], beside: KeySums
    ) -> GroupedTraffic | None:
        plans, rows = await self._beside(scope, query, beside)
        columns = self._memory.coded(fields)
        return await _aside(lambda: answers.grouped(plans, columns, rows))

    async def edge_reports(self, scope: Scope, sums: KeySums) -> EdgeReports:
        await self._level()
        plans, rows = await self._rows(scope, sums)
        return await _aside(lambda: answers.edge_reports(scope, plans, rows))

    async def sum_pairs(self, scope: Scope, sums: KeySums, shape: Shape) -> PairSums:
        await self._level()
        plans, rows = await self._rows(scope, sums)
        return await _aside(lambda: answers.sum_pairs(plans, scope, rows, shape))

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
        allowed, level = await self._allowed(scope, query)
        view, edges = allowed.plans.view, allowed.edges
        starts = answers.starts(allowed.plans, scope, start)
        if level:
            with suppress(UnavailableError):
                distance = await walk.reach(self._database, view, starts, edges, direction, hops, limit + 1)
                return answers.reached(view, distance, limit)
        network = self._memory.network(view)
        distance = await _aside(lambda: network.reach(starts, edges, direction, hops))
        return answers.reached(view, distance, limit)

    async def paths(
        self, scope: Scope, query: GraphQuery, start: NodeRef, end: NodeRef, limit: int
    ) -> list[tuple[NodeRef, ...]]:
        allowed, level = await self._allowed(scope, query)
        plans, view, edges = allowed.plans, allowed.plans.view, allowed.edges
        starts, goal = answers.starts(plans, scope, start), folding.standing_for(plans, scope, end)
        if not len(starts) or not goal.any() or goal[starts].any():
            return []
        if level and NodeKind.SERVICE not in (start.kind, end.kind):  # what it stands for is no pattern there
            with suppress(UnavailableError):
                found = await walk.paths(self._database, view, start, end, edges, limit)
                if found is not None:
                    return found
        network = self._memory.network(view)
        ways = await _aside(lambda: network.paths(starts, goal, edges, limit))
        return [tuple(view.nodes[node] for node in way) for way in ways]

    async def policies_of(
        self, scope: Scope, source: NodeRef, target: NodeRef, *, direct: bool = False
    ) -> list[PolicyUse]:
        if not direct and NodeKind.SERVICE not in (source.kind, target.kind):
            return await policies.policies_of(self._database, scope, source, target)
        edges = await self._standing(
            lambda plans: folding.edges_between(plans, scope, source, target, direct=direct)
        )
        return await policies.policies_of_edges(self._database, np.flatnonzero(edges))

    async def policies_at(self, scope: Scope, node: NodeRef) -> list[PolicyUse]:
        if node.kind is not NodeKind.SERVICE:
            return await policies.policies_at(self._database, scope, node)
        behind = await self._standing(lambda plans: answers.starts(plans, scope, node))
        return await policies.policies_behind(self._database, scope, behind)

    async def selected_by(self, scope: Scope, policy: PolicyRef) -> list[NodeRef]:
        return await policies.selected_by(self._database, scope, policy)

    def _apply(self, tx: Transaction, batches: Sequence[Added]) -> tuple[Applied, ...]:
        done = apply(tx, self._memory, batches, self._clock())
        tx.after_commit(lambda: self._tail.committed(done))
        return done.applied

    async def _level(self) -> bool:
        level = await self._tail.level()
        if level:
            self._as_of = self._clock()
        return level

    async def _standing(self, ask: Callable[[Plans], T]) -> T:
        """What the topology alone can answer."""
        await self._level()
        return await _aside(lambda: ask(self._memory.plans()))

    async def _over(self, within: TimeRange, ask: Callable[[list[Span], int, Load], T]) -> _Over[T]:
        level = await self._level()
        try:
            return _Over(*await self._tail.of_range(within, ask), within, level)
        except UnavailableError:
            held = self._tail.held(within)
            if held is None:
                raise
            return _Over(*await self._tail.of_range(held, ask), held, level=False)

    async def _sums(self, scope: Scope, query: GraphQuery) -> tuple[_Over[Counts], Sums]:
        over = await self._over(self.effective(query.range, self._clock()), self._memory.rollups.total)
        return over, await self._rows_of(over, scope, query)

    async def _beside(self, scope: Scope, query: GraphQuery, sums: KeySums) -> tuple[Plans, Sums]:
        """Exactly the range that was asked about, and sums of records beside it."""
        over = await self._over(query.range, self._memory.rollups.total)
        if not over.level:
            raise UnavailableError(
                "The graph database does not answer; its roll-ups may lack what came last."
            )
        add(over.told, self._memory.find(sums.keys), sums.counts)
        return over.plans, await self._rows_of(over, scope, query)

    async def _rows_of(self, over: _Over[Counts], scope: Scope, query: GraphQuery) -> Sums:
        chosen = await self._chosen(over.told[:, 0] > 0, over.plans, scope, query)
        codes = np.flatnonzero(chosen)
        return Sums(codes, over.told[codes])

    async def _chosen(self, active: Mask, plans: Plans, scope: Scope, query: GraphQuery) -> Mask:
        """Only what the scope sees and the query asks for."""
        chosen = active & plans.visible(scope.narrowed(query.clusters))
        if query.filter is not None:
            chosen &= await self._matching.mask(query.filter, len(chosen), self._clock())
        return chosen

    async def _allowed(self, scope: Scope, query: GraphQuery) -> tuple[Allowed, bool]:
        """Which edges carried allowed traffic in the range, by the rule of traffic.verdicts."""
        query = replace(query, range=self.effective(query.range, self._clock()))
        level = await self._level()
        kept = self._memory.allowed(scope, query)
        if kept is None:
            changes = self._memory.rollups.changes  # before the sums, so that what is kept is never too new
            over = await self._over(query.range, self._memory.rollups.active)
            active = await self._chosen(over.told, over.plans, scope, query)
            plans, level = over.plans, over.level
            kept = Allowed(plans, changes, await _aside(lambda: folding.allowed_edges(plans.view, active)))
            if level:
                self._memory.keep_allowed(scope, query, kept)
        return kept, level

    async def _rows(self, scope: Scope, sums: KeySums) -> tuple[Plans, Sums]:
        """Sums of raw records by code; keys that are not known yet are left out."""
        with self._memory.lock:
            codes, plans = self._memory.find(sums.keys), self._memory.plans()
        return plans, await _aside(lambda: visible_rows(plans, scope, codes, sums.counts))

    async def _folded(
        self, scope: Scope, plans: Plans, sums: Sums, within: TimeRange, shape: Shape, *, level: bool
    ) -> ServiceGraph:
        as_of = self._clock() if level else self._as_of
        graph = await _aside(
            lambda: folding.fold(plans.view, plans.plan(shape, scope), sums, shape.limit, within, as_of)
        )
        return graph if level else replace(graph, stale=True)


async def _aside(work: Callable[[], T]) -> T:
    """Arithmetic on a worker thread: the event loop serves others meanwhile."""
    return await anyio.to_thread.run_sync(work, abandon_on_cancel=True)
