"""The LogStore on Elasticsearch: writes block and belong on worker threads, reads are asynchronous."""

from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager, suppress

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tapetum.domain.alerts import Alert, NumberedAlert, Triage
from tapetum.domain.batches import NOTHING, Batch, Receipt, RecordKind
from tapetum.domain.errors import TapetumError
from tapetum.domain.flows import COUNTERS
from tapetum.domain.moments import Clock, Micros
from tapetum.domain.scope import Scope
from tapetum.domain.service_graph import KeySums
from tapetum.kql import Query
from tapetum.logstore.aggregation import Aggregated, Aggregation
from tapetum.logstore.elasticsearch import (
    aggregate,
    grouping,
    holding,
    letters,
    policy_hits,
    read,
    retention,
    sums,
    templates,
    verdicts,
)
from tapetum.logstore.elasticsearch import alerts as raised
from tapetum.logstore.elasticsearch import evidence as evidences
from tapetum.logstore.elasticsearch.append import Appender
from tapetum.logstore.elasticsearch.attempt import Attempt
from tapetum.logstore.elasticsearch.bulk import Sender, delete
from tapetum.logstore.elasticsearch.journal import Intent, Journal, direct
from tapetum.logstore.elasticsearch.kql import compile_dsl
from tapetum.logstore.elasticsearch.names import Names
from tapetum.logstore.elasticsearch.reading import count as counted
from tapetum.logstore.elasticsearch.recent import Recent
from tapetum.logstore.elasticsearch.retention import Expired
from tapetum.logstore.elasticsearch.server import Server
from tapetum.logstore.elasticsearch.templates import Indexing
from tapetum.logstore.elasticsearch.where import Where, matching
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


class ElasticsearchLogStore(LogStore[Attempt]):
    """`deadline`: seconds a question may take; `patience`: seconds that writes wait for a busy engine."""

    def __init__(
        self,
        url: str,
        clock: Clock,
        *,
        prefix: str = "tapetum",
        indexing: Indexing | None = None,
        deadline: float = 30.0,
        patience: float = 30.0,
        compress: bool = False,
    ) -> None:
        self._server = Server(url, deadline=deadline, patience=patience, compress=compress)
        self._clock = clock
        self._names = Names(prefix)
        self._indexing = indexing or Indexing()
        self._sender = Sender(self._server, patience)
        self._journal = Journal(self._server, self._names)
        self._appender = Appender(self._sender, self._journal, self._names)
        self._newest = Recent[tuple[str, RecordKind], Micros](
            lambda of: retention.newest(self._server, self._names, *of)
        )
        self._checked = False

    # Its life

    def migrate(self) -> None:
        """Install the templates of this version; does nothing where they are there, or newer."""
        templates.migrate(self._server, self._names, self._indexing)

    def remove(self) -> None:
        """Remove every index and template of the prefix."""
        templates.remove(self._server, self._names)
        self._checked = False

    def close(self) -> None:
        self._server.close()

    async def aclose(self) -> None:
        """Also what the running loop opened."""
        await self._server.aclose()
        self.close()

    def expired(self, keep: Micros, now: Micros) -> list[Expired]:
        """Whole days of clusters that are older than the retention `keep`."""
        return retention.expired(self._server, self._names, keep, now)

    def drop(self, days: Iterable[Expired], before: Micros) -> None:
        """Remove the records of such days, and what else arrived before a time."""
        retention.drop(self._server, self._names, self._journal, days, before)

    def newest(self, cluster: str, kind: RecordKind = RecordKind.FLOWS) -> Micros | None:
        """The time of the cluster's newest record of a kind, if it has any, as of the last seconds."""
        return self._newest((cluster, kind))

    def refresh(self) -> None:
        """Make all that is stored visible to searches now."""
        self._server.do("POST", f"/{self._names.prefix}-*/_refresh")

    # Deliveries (decision 8)

    def intent(self, batch_id: str, delivery: str, received_at: Micros, newest: Micros | None) -> Intent:
        """What the batch is decoded with: what its journal entry says, or will say from now on."""
        self._ready()
        return self._journal.begin(batch_id, delivery, received_at, newest)

    def receipt(self, delivery: str) -> Receipt | None:
        """What became of a delivery, once all of it is done."""
        return self._journal.receipt(delivery)

    def receipts(self, deliveries: Sequence[str]) -> dict[str, Receipt]:
        return self._journal.receipts(deliveries)

    def settle(self, delivery: str, batch_id: str, receipt: Receipt) -> None:
        """Mark a delivery as done, after everything else; the first receipt stays."""
        self._journal.settle(delivery, batch_id, receipt, self._clock())

    def undo(self, batch_id: str) -> None:
        """Remove the records and dead letters that all attempts so far at a batch have made.

        Its entry in the journal stays, so that what is appended instead is decoded with the same.
        """
        self._appender.withdraw(batch_id)

    def abandoned(self, before: Micros) -> list[str]:
        """Some batches whose write without a delivery began before a time and was never finished."""
        return self._journal.abandoned(before)

    def finish(self, batch_id: str, *, keep: bool) -> None:
        """End such a write: as done, or with all of it removed."""
        if keep:
            self.settle(direct(batch_id), batch_id, NOTHING)
        else:
            self.undo(batch_id)
            self._journal.forget(batch_id)

    # Writing

    @contextmanager
    def transaction(self, delivery: str | None = None) -> Generator[Attempt]:
        """An attempt at a delivery: what it made stays, and `settle` comes when all else is done.

        Without a delivery, a write that is whole, done and visible when the block ends, or taken back.
        """
        self._ready()
        attempt = Attempt(delivery)
        if delivery is not None:
            yield attempt
            return
        try:
            yield attempt
            for batch_id, receipt in attempt.applied.items():
                self.settle(direct(batch_id), batch_id, receipt)
        except BaseException:
            # What cannot be removed now is taken over by the next attempt at the same batch.
            with suppress(TapetumError):
                self._take_back(attempt)
            raise
        self._refresh(attempt)

    def append(self, tx: Attempt, batch: Batch) -> Appended:
        return self._appender.append(tx, batch)

    def stored(self, kind: RecordKind, records: pa.Table) -> npt.NDArray[np.bool_]:
        """Which of these records are there already, whoever brought them."""
        return self._appender.stored(kind, records)

    def append_alerts(self, tx: Attempt, alerts: list[Alert]) -> list[NumberedAlert]:
        return raised.append(tx, self._sender, self._names, self._clock, alerts)

    def append_numbered(self, tx: Attempt, numbered: Sequence[NumberedAlert]) -> None:
        """Store alerts under numbers that were given elsewhere; those that are there stay.

        Their records are visible first: who hears of an alert asks for its evidence at once.
        """
        if numbered:
            self._refresh(tx)
        raised.append_numbered(tx, self._sender, self._names, self._clock, numbered)

    def _take_back(self, attempt: Attempt) -> None:
        delete(self._server, attempt.raised)
        for batch_id in attempt.begun:
            self._appender.withdraw(batch_id)
            self._journal.forget(batch_id)

    def _refresh(self, attempt: Attempt) -> None:
        if attempt.touched:
            self._server.do("POST", f"/{','.join(sorted(attempt.touched))}/_refresh", fine=(404,))

    def _ready(self) -> None:
        if not self._checked:
            templates.check(self._server, self._names)
            self._checked = True

    # Reading

    async def search(
        self, scope: Scope, search: Search, order: Order, first: int, after: Position | None
    ) -> Page:
        where = self._where(scope, search)
        return await read.page(self._server, search.kind, where, order, first, after)

    async def count(self, scope: Scope, search: Search) -> int:
        return await counted(self._server, self._where(scope, search))

    async def get(self, scope: Scope, kind: RecordKind, record_id: str) -> Record | None:
        return await read.get(self._server, self._names, scope, kind, record_id)

    async def raw(
        self, scope: Scope, record_ids: list[str], kind: RecordKind = RecordKind.FLOWS
    ) -> dict[str, str]:
        return await read.raw(self._server, self._names, scope, kind, record_ids)

    async def histogram(
        self, scope: Scope, search: Search, interval: int | None, by: str | None
    ) -> Histogram:
        where = self._where(scope, search)
        return await aggregate.histogram(self._server, search.kind, where, search.range, interval, by)

    async def top_values(
        self, scope: Scope, search: Search, field: str, limit: int, prefix: str = ""
    ) -> TopValues:
        where = self._where(scope, search)
        return await aggregate.top_values(self._server, search.kind, where, field, limit, prefix)

    async def aggregate(self, scope: Scope, search: Search, aggregation: Aggregation) -> Aggregated:
        where = self._where(scope, search)
        return await grouping.aggregate(self._server, search.kind, where, search.range, aggregation)

    async def values(self, scope: Scope, search: Search, field: str) -> pa.Array:
        return await holding.values(self._server, search.kind, self._where(scope, search), field)

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
        del apart, each, told  # all of them are told, and all of each
        where = self._where(scope, search)
        return await holding.holding(self._server, search.kind, where, field, wanted, most)

    async def policy_hits(self, scope: Scope, search: Search, interval: int | None) -> PolicyHits:
        where = self._where(scope, search)
        return await policy_hits.policy_hits(self._server, where, search.range, interval)

    async def sums(self, scope: Scope, search: Search, fields: Sequence[str] = COUNTERS) -> KeySums:
        return await sums.sums(self._server, self._where(scope, search), fields)

    async def flow_keys(self, scope: Scope, search: Search) -> npt.NDArray[np.uint64]:
        return await sums.flow_keys(self._server, self._where(scope, search))

    async def marked_keys(self, scope: Scope, search: Search, marks: Sequence[Query]) -> MarkedKeys:
        now = self._clock()
        told = [compile_dsl(mark, search.kind.value, now) for mark in marks]
        return await sums.marked_keys(self._server, self._where(scope, search), told)

    async def verdict_keys(self, scope: Scope, search: Search, most: int = MOST_VERDICT_KEYS) -> VerdictKeys:
        return await verdicts.verdict_keys(self._server, self._where(scope, search), most)

    async def evidence(self, scope: Scope, search: Search, limit: int) -> Evidence:
        return await evidences.evidence(self._server, self._where(scope, search), limit)

    async def dead_letters(
        self, scope: Scope, search: LetterSearch, first: int, after: str | None
    ) -> tuple[list[DeadLetter], bool]:
        return await letters.page(self._server, self._names, scope, search, first, after)

    async def count_dead_letters(self, scope: Scope, search: LetterSearch) -> int:
        return await letters.count(self._server, self._names, scope, search)

    async def alerts_after(self, scope: Scope, number: int, limit: int) -> list[NumberedAlert]:
        return await raised.after(self._server, self._names, scope, number, limit, self._clock())

    async def triage_alert(self, scope: Scope, alert_id: str, triage: Triage) -> Alert | None:
        return await raised.triage(self._server, self._names, scope, alert_id, triage)

    async def last_alert(self, scope: Scope) -> int:
        return await raised.last(self._server, self._names, scope, self._clock())

    async def census(self, scope: Scope) -> list[Census]:
        return await read.census(self._server, self._names, scope)

    def _where(self, scope: Scope, search: Search) -> Where:
        return matching(self._names, scope, search, self._clock())
