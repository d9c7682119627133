"""The embedded LogStore: records in DuckDB. Each read runs on a worker thread with its own cursor."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tapetum.domain.alerts import Alert, NumberedAlert, Triage
from tapetum.domain.batches import Batch, RecordKind
from tapetum.domain.flows import COUNTERS
from tapetum.domain.moments import Clock
from tapetum.domain.scope import Scope
from tapetum.domain.service_graph import KeySums
from tapetum.embedded.duckdb import Connection, Engine, Transaction, first_row
from tapetum.kql import Query
from tapetum.logstore import (
    duckdb_aggregate,
    duckdb_alerts,
    duckdb_append,
    duckdb_grouping,
    duckdb_histogram,
    duckdb_holding,
    duckdb_policy_hits,
    duckdb_read,
    duckdb_verdicts,
)
from tapetum.logstore.aggregation import Aggregated, Aggregation
from tapetum.logstore.columns import TIME
from tapetum.logstore.duckdb_hours import HourCounts, hours_in
from tapetum.logstore.duckdb_tables import create
from tapetum.logstore.duckdb_where import TABLE, Where, conditions_of, matching, within_scope
from tapetum.logstore.intervals import cut
from tapetum.logstore.policy_hits import PolicyHits
from tapetum.logstore.port import (
    MOST_VERDICT_KEYS,
    Appended,
    Census,
    DeadLetter,
    Evidence,
    Histogram,
    LetterSearch,
    LogStore,
    MarkedKeys,
    Order,
    Page,
    Position,
    Record,
    Search,
    TopValues,
    VerdictKeys,
)


class DuckDBLogStore(LogStore[Transaction]):
    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock
        self._hours = {kind: HourCounts() for kind in RecordKind}
        with engine.transaction() as transaction:
            create(transaction.connection)

    def append(self, tx: Transaction, batch: Batch) -> Appended:
        appended = duckdb_append.append(tx.connection, batch)
        if appended.fresh.num_rows:
            times = appended.fresh.column(TIME[batch.kind])
            tx.after_commit(lambda: self._hours[batch.kind].commit(hours_in(times)))
        return appended

    def forget(self) -> None:
        """Drop kept counts, after upkeep removed records."""
        for hours in self._hours.values():
            hours.forget()

    def append_alerts(self, tx: Transaction, alerts: list[Alert]) -> list[NumberedAlert]:
        return duckdb_alerts.append(tx.connection, alerts)

    async def search(
        self, scope: Scope, search: Search, order: Order, first: int, after: Position | None
    ) -> Page:
        where = self._where(scope, search)
        return await self._engine.read(lambda c: duckdb_read.page(c, search.kind, where, order, first, after))

    async def count(self, scope: Scope, search: Search) -> int:
        where = self._where(scope, search)
        return await self._engine.read(lambda c: _count(c, TABLE[search.kind], where))

    async def get(self, scope: Scope, kind: RecordKind, record_id: str) -> Record | None:
        where = within_scope(scope, Where().and_("f.id = ?", record_id), kind)
        tail = f"FROM {TABLE[kind]} f WHERE {where.sql} LIMIT 1"
        rows = await self._engine.read(lambda c: duckdb_read.records(c, kind, tail, where.parameters))
        return rows[0] if rows else None

    async def raw(
        self, scope: Scope, record_ids: list[str], kind: RecordKind = RecordKind.FLOWS
    ) -> dict[str, str]:
        where = within_scope(scope, Where(), kind)
        return await self._engine.read(lambda c: duckdb_read.raw(c, kind, where, record_ids))

    async def histogram(
        self, scope: Scope, search: Search, interval: int | None, by: str | None
    ) -> Histogram:
        sliced, now = cut(search.range, interval), self._clock()
        return await self._engine.read(
            lambda c: duckdb_histogram.told(c, scope, search, sliced, by, self._hours[search.kind], now)
        )

    async def top_values(
        self, scope: Scope, search: Search, field: str, limit: int, prefix: str = ""
    ) -> TopValues:
        where = self._where(scope, search)
        return await self._engine.read(
            lambda c: duckdb_aggregate.top_values(c, search.kind, where, field, limit, prefix)
        )

    async def aggregate(self, scope: Scope, search: Search, aggregation: Aggregation) -> Aggregated:
        where = self._where(scope, search)
        return await self._engine.read(
            lambda c: duckdb_grouping.aggregate(c, search.kind, where, search.range, aggregation)
        )

    async def values(self, scope: Scope, search: Search, field: str) -> pa.Array:
        where = self._where(scope, search)
        return await self._engine.read(lambda c: duckdb_holding.values(c, search.kind, where, field))

    async def holding(
        self,
        scope: Scope,
        search: Search,
        field: str,
        wanted: Sequence[str],
        apart: Sequence[str],
        each: int,
        most: int,
        told: Sequence[str],
    ) -> list[Record]:
        where = self._where(scope, search)
        return await self._engine.read(
            lambda c: duckdb_holding.holding(c, search.kind, where, field, wanted, apart, each, most, told)
        )

    async def policy_hits(self, scope: Scope, search: Search, interval: int | None) -> PolicyHits:
        where = self._where(scope, search)
        return await self._engine.read(
            lambda c: duckdb_policy_hits.policy_hits(c, where, search.range, interval)
        )

    async def sums(self, scope: Scope, search: Search, fields: Sequence[str] = COUNTERS) -> KeySums:
        where = self._where(scope, search)
        return await self._engine.read(lambda c: duckdb_aggregate.sums(c, where, fields))

    async def flow_keys(self, scope: Scope, search: Search) -> npt.NDArray[np.uint64]:
        where = self._where(scope, search)
        return await self._engine.read(lambda c: duckdb_aggregate.flow_keys(c, where))

    async def marked_keys(self, scope: Scope, search: Search, marks: Sequence[Query]) -> MarkedKeys:
        where = self._where(scope, search)
        conditions = conditions_of(marks, search.kind, self._clock())
        return await self._engine.read(lambda c: duckdb_aggregate.marked_keys(c, where, conditions))

    async def verdict_keys(self, scope: Scope, search: Search, most: int = MOST_VERDICT_KEYS) -> VerdictKeys:
        now = self._clock()
        return await self._engine.read(lambda c: duckdb_verdicts.verdict_keys(c, scope, search, now, most))

    async def evidence(self, scope: Scope, search: Search, limit: int) -> Evidence:
        where = self._where(scope, search)
        return await self._engine.read(lambda c: duckdb_aggregate.evidence(c, where, limit))

    async def dead_letters(
        self, scope: Scope, search: LetterSearch, first: int, after: str | None
    ) -> tuple[list[DeadLetter], bool]:
        return await self._engine.read(lambda c: duckdb_read.dead_letters(c, scope, search, first, after))

    async def count_dead_letters(self, scope: Scope, search: LetterSearch) -> int:
        where = duckdb_read.dead_letter_condition(scope, search)
        return await self._engine.read(lambda c: _count(c, "dead_letters", where))

    async def alerts_after(self, scope: Scope, number: int, limit: int) -> list[NumberedAlert]:
        return await self._engine.read(lambda c: duckdb_alerts.after(c, scope, number, limit))

    async def triage_alert(self, scope: Scope, alert_id: str, triage: Triage) -> Alert | None:
        return await self._engine.write(lambda c: duckdb_alerts.triage(c, scope, alert_id, triage))

    async def last_alert(self, scope: Scope) -> int:
        return await self._engine.read(lambda c: duckdb_alerts.last(c, scope))

    async def census(self, scope: Scope) -> list[Census]:
        return await self._engine.read(lambda c: duckdb_read.census(c, scope))

    def _where(self, scope: Scope, search: Search) -> Where:
        return matching(scope, search, self._clock())


def _count(connection: Connection, table: str, where: Where) -> int:
    return int(
        first_row(connection, f"SELECT count(*) FROM {table} f WHERE {where.sql}", where.parameters)[0]
    )
