"""The embedded composition: one DuckDB file under all stores, one transaction a batch across them."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pyarrow as pa

from tapetum.bus.inprocess import InProcessBus
from tapetum.bus.port import AlertsRaised, RecordsCommitted
from tapetum.catalog.duckdb import DuckDBCatalog
from tapetum.catalog.port import Kept
from tapetum.detect import first_denied
from tapetum.domain.alerts import Alert, NumberedAlert
from tapetum.domain.arrow import compute as pc
from tapetum.domain.batches import Batch, Receipt, RecordKind
from tapetum.domain.documents import DocumentKind
from tapetum.domain.moments import Clock, Micros
from tapetum.domain.shapes import SHAPES
from tapetum.embedded.duckdb import Connection, Engine, Transaction
from tapetum.graphstore.duckdb import DuckDBGraphStore
from tapetum.ingest.audit_manifests import sightings
from tapetum.logstore.duckdb import DuckDBLogStore
from tapetum.logstore.port import Appended
from tapetum.service import duckdb_policies, duckdb_recount, duckdb_scrub, duckdb_verdicts
from tapetum.service.difference import Difference
from tapetum.service.feeds.watchlist import Watchlist
from tapetum.service.ledger import Ledger
from tapetum.service.rulebook import Rulebook
from tapetum.service.traffic_tally import PAIRS, TrafficTally

DATA_FILE = "tapetum.duckdb"


@dataclass(frozen=True, slots=True)
class Embedded:
    """The stores of one data directory, and the bus that tells what they took."""

    engine: Engine
    logs: DuckDBLogStore
    graph: DuckDBGraphStore
    catalog: DuckDBCatalog
    bus: InProcessBus
    ledger: Ledger
    clock: Clock
    traffic: TrafficTally = field(default_factory=TrafficTally)
    rulebook: Rulebook = field(default_factory=Rulebook)
    watchlist: Watchlist = field(default_factory=Watchlist)
    _newest: dict[tuple[str, RecordKind], Micros | None] = field(
        default_factory=dict[tuple[str, RecordKind], "Micros | None"]
    )

    @property
    def shows_after(self) -> timedelta:
        return timedelta(0)

    def commit(self, batch: Batch) -> Receipt:
        """Apply a batch to every store in one transaction; it is durable when this returns."""
        with self.engine.transaction() as transaction:
            appended = self.logs.append(transaction, batch)
            alerts = self._seen(transaction, batch, appended)
            if batch.kind is RecordKind.FLOWS and not appended.replayed:
                applied = self.graph.apply(transaction, batch.id, appended.fresh, batch.traces)
                alerts = first_denied.alerts_of(applied.first_denied, batch.traces) + alerts
            raised = self.logs.append_alerts(transaction, alerts)
            if batch.kind is RecordKind.AUDIT and (seen := sightings(batch, appended.fresh)):
                self.catalog.note(transaction, seen)
            transaction.after_commit(lambda: self._acknowledge(batch, appended, raised))
        return appended.receipt

    def _seen(self, transaction: Transaction, batch: Batch, appended: Appended) -> list[Alert]:
        """What the rules and feeds of this moment say of the new records."""
        now = self.clock()
        self._follow(transaction)
        self.watchlist.follow(
            now,
            lambda: self.catalog.feed_marks(transaction),
            lambda: self.catalog.every(transaction, DocumentKind.FEED),
            lambda feed: self.catalog.listed(transaction, feed),
        )
        return [*self.rulebook.see(batch, appended.fresh, now), *self.watchlist.see(batch, appended.fresh)]

    def raise_alerts(self, owner: str, alerts: list[Alert]) -> None:
        """Those that nobody raised before; `owner` is who would raise the same again."""
        del owner  # ids tell enough within one file
        with self.engine.transaction() as transaction:
            self._raise(transaction, alerts)

    def _raise(self, transaction: Transaction, alerts: list[Alert]) -> None:
        raised = self.logs.append_alerts(transaction, alerts)
        if raised:
            transaction.after_commit(lambda: self.bus.publish(AlertsRaised(tuple(raised))))

    def _follow(self, transaction: Transaction) -> None:
        rules = DocumentKind.ALERT_RULE
        self.rulebook.follow(
            self.clock(),
            lambda: self.catalog.marks(transaction, rules),
            lambda: self.catalog.every(transaction, rules),
        )

    def follow_rules(self) -> None:
        """Take the rules of this moment."""
        with self.engine.transaction() as transaction:
            self._follow(transaction)

    def standing(self, watch: str, cluster: str) -> Kept | None:
        return self.catalog.standing(watch, cluster)

    def stand(
        self, watch: str, cluster: str, before: Kept | None, after: Kept, alerts: Sequence[Alert]
    ) -> None:
        """How a window rule stands from now on, with what it raises; nothing where `before` is no more."""
        with self.engine.transaction() as transaction:
            if self.catalog.keep_standing(transaction, watch, cluster, before, after):
                self._raise(transaction, list(alerts))

    def write_alerts(self) -> None:
        """They are written where they are raised."""

    def _acknowledge(self, batch: Batch, appended: Appended, raised: list[NumberedAlert]) -> None:
        """In the order of commits, so that alerts are heard in the order of their numbers."""
        try:
            if appended.replayed:
                self.ledger.settle()
            else:
                self.ledger.enter(appended.receipt.accepted, appended.receipt.rejected)
        finally:  # what could not be noted is in the stores all the same
            if appended.fresh.num_rows:
                self._note_newest(batch, appended.fresh)
                self.traffic.add(batch.kind, appended.fresh)
                self.bus.publish(RecordsCommitted(batch.kind, self.clock(), appended.fresh, batch.traces))
            if raised:
                self.bus.publish(AlertsRaised(tuple(raised)))

    def differences(self, connection: Connection) -> list[Difference]:
        """Where roll-ups and records disagree; see duckdb_recount."""
        return duckdb_recount.differences(connection, self.clock())

    def newest(self, cluster: str, kind: RecordKind = RecordKind.FLOWS) -> Micros | None:
        """The time of a cluster's newest record of a kind; retention counts from it."""
        if (cluster, kind) not in self._newest:
            self._newest[cluster, kind] = self.engine.read_now(
                lambda connection: duckdb_recount.newest(connection, cluster, kind)
            )
        return self._newest[cluster, kind]

    def _note_newest(self, batch: Batch, fresh: pa.Table) -> None:
        newest = pc.max(fresh.column(SHAPES[batch.kind].time)).cast(pa.int64()).as_py()
        self._newest[batch.cluster, batch.kind] = max(
            self.newest(batch.cluster, batch.kind) or newest, newest
        )

    def has_tokens(self) -> bool:
        return self.engine.read_now(duckdb_recount.has_tokens)

    def close(self) -> None:
        self.ledger.close()
        self.engine.close()


def open_embedded(
    data: Path,
    *,
    clock: Clock,
    memory_limit: str,
    threads: int,
    say: Callable[[str], None] = lambda _: None,
    metric_pairs: int = PAIRS,
) -> Embedded:
    """Open or create a data directory; raises DamagedStoreError where the recount finds a loss."""
    data.mkdir(parents=True, exist_ok=True)
    file = data / DATA_FILE
    suspicious = duckdb_scrub.suspicious(file)
    engine = Engine(file, memory_limit=memory_limit, threads=threads)
    with ExitStack() as stack:
        stack.callback(engine.close)
        if suspicious:
            engine.read_now(duckdb_scrub.read_everything)
        ledger = Ledger(data / "acknowledged.ledger")
        stack.callback(ledger.close)
        logs = DuckDBLogStore(engine, clock)
        found = engine.read_now(lambda connection: duckdb_recount.at_start(connection, ledger.totals))
        say(f"Recounted {found.accepted} records in {found.batches} batches: all there.")
        ledger.restart(found)
        duckdb_verdicts.learn(engine, say)
        graph = DuckDBGraphStore(engine, clock)
        duckdb_policies.learn(engine, graph)
        opened = Embedded(
            engine,
            logs,
            graph,
            DuckDBCatalog(engine),
            InProcessBus(),
            ledger,
            clock,
            TrafficTally(metric_pairs),
        )
        stack.pop_all()
        return opened
