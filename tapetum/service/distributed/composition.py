"""The distributed composition: Elasticsearch, Neo4j and Redis as one set of stores.

A batch goes into both stores in steps that can be repeated (docs/decisions/0008-deliveries.md).
"""

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from threading import Lock
from typing import Any

import anyio.to_thread
import msgspec

from tapetum.bus.port import AlertsRaised, RecordsCommitted
from tapetum.bus.redis import RedisBus
from tapetum.bus.redis.turn import turn
from tapetum.catalog.neo4j import Neo4jCatalog
from tapetum.catalog.port import Kept
from tapetum.detect import first_denied
from tapetum.domain.alerts import Alert, NumberedAlert
from tapetum.domain.batches import Batch, Receipt, RecordKind
from tapetum.domain.documents import DocumentKind
from tapetum.domain.errors import BadInputError, UnavailableError
from tapetum.domain.moments import SECOND, Clock, Micros
from tapetum.domain.scope import EVERYTHING
from tapetum.graphstore.neo4j.store import Neo4jGraphStore, Transaction
from tapetum.ingest.audit_manifests import sightings
from tapetum.logstore.alert_rows import alert_of, alert_row
from tapetum.logstore.elasticsearch.store import ElasticsearchLogStore
from tapetum.logstore.port import Appended
from tapetum.service.distributed.addresses import Addresses
from tapetum.service.feeds.watchlist import Watchlist
from tapetum.service.rulebook import Rulebook
from tapetum.service.traffic_tally import PAIRS, TrafficTally

_STRIPES = 16
_RULES_EVERY = SECOND


@dataclass(frozen=True, slots=True)
class Distributed:
    """The stores on the engines, and the bus that tells every replica what they took."""

    logs: ElasticsearchLogStore
    graph: Neo4jGraphStore
    catalog: Neo4jCatalog
    bus: RedisBus
    clock: Clock
    in_turn: Callable[[str], AbstractContextManager[None]]
    traffic: TrafficTally = field(default_factory=TrafficTally)
    rulebook: Rulebook = field(default_factory=lambda: Rulebook(every=_RULES_EVERY))
    watchlist: Watchlist = field(default_factory=lambda: Watchlist(every=_RULES_EVERY))
    _direct: tuple[Lock, ...] = field(default_factory=lambda: tuple(Lock() for _ in range(_STRIPES)))

    @property
    def shows_after(self) -> timedelta:
        """Indices are refreshed every second, and that takes a moment."""
        return timedelta(seconds=1.5)

    def migrate(self) -> None:
        """Bring the stores to this version's templates and schema; one process at a time changes them."""
        self.logs.migrate()
        if not (self.graph.is_current() and self.catalog.is_current()):
            with self.in_turn("schema"):
                self.graph.migrate()
                self.catalog.migrate()

    def commit(self, batch: Batch, delivery: str | None = None) -> Receipt:
        """Apply a batch to both stores; safe to repeat, by anybody, wherever an earlier attempt ended.

        Raises UnavailableError where a store is away: what was done for a delivery stays, and counts at
        its next attempt. Raises BadInputError where one refuses the batch for good: nothing of it stays.
        """
        if delivery is None:
            # Two threads with the same batch would each take it for new.
            with self._direct[hash(batch.id) % len(self._direct)]:
                return self._commit(batch, None)
        return self._commit(batch, delivery)

    def _commit(self, batch: Batch, delivery: str | None) -> Receipt:
        with self.logs.transaction(delivery) as attempt:
            appended = self.logs.append(attempt, batch)
            noticed: list[Alert] = []
            if batch.kind is RecordKind.FLOWS and not appended.replayed:
                noticed = self._applied(batch, appended)
            raised = self._owned(batch.id, [*noticed, *self._seen(batch, appended)])
            self.logs.append_numbered(attempt, raised)
            if batch.kind is RecordKind.AUDIT and (seen := sightings(batch, appended.fresh)):
                self.catalog.note(seen)
        if delivery is not None:
            self.logs.settle(delivery, batch.id, appended.receipt)
        if appended.fresh.num_rows:
            self.traffic.add(batch.kind, appended.fresh)
            self.bus.publish(RecordsCommitted(batch.kind, self.clock(), appended.fresh, batch.traces))
        if raised:
            self.bus.publish(AlertsRaised(tuple(raised)))
        return appended.receipt

    def _applied(self, batch: Batch, appended: Appended) -> list[Alert]:
        """What the graph noticed when it took a batch's new records."""
        try:
            applied = self.graph.add(batch.id, appended.fresh, batch.traces)
        except BadInputError:
            self.logs.undo(batch.id)
            raise
        return first_denied.alerts_of(applied.first_denied, batch.traces)

    def _seen(self, batch: Batch, appended: Appended) -> list[Alert]:
        """What rules and feeds say of the new records."""
        self.follow()
        fresh = appended.fresh
        return [*self.rulebook.see(batch, fresh, self.clock()), *self.watchlist.see(batch, fresh)]

    def raise_alerts(self, owner: str, alerts: Sequence[Alert]) -> None:
        """Those that nobody else raised before; the same owner may try again, and finish what it began."""
        with self.logs.transaction("alerts") as attempt:
            raised = self._owned(owner, alerts)
            self.logs.append_numbered(attempt, raised)
        if raised:
            self.bus.publish(AlertsRaised(tuple(raised)))

    def _owned(self, owner: str, alerts: Iterable[Alert]) -> list[NumberedAlert]:
        """Those of them that are the owner's to write."""
        by_id = {alert.id: alert for alert in alerts}
        numbers = self.graph.number(list(by_id), owner)
        return [NumberedAlert(number, by_id[alert_id]) for alert_id, number in numbers.items()]

    def follow(self) -> None:
        """Take the rules and feeds of this moment, or of the last second."""
        self.follow_rules()
        self.watchlist.follow(
            self.clock(),
            self.catalog.feed_marks,
            lambda: self.catalog.every(DocumentKind.FEED),
            self.catalog.listed,
        )

    def follow_rules(self) -> None:
        rules = DocumentKind.ALERT_RULE
        self.rulebook.follow(
            self.clock(), lambda: self.catalog.marks(rules), lambda: self.catalog.every(rules)
        )

    def numbered(self, alerts: Sequence[Alert]) -> list[NumberedAlert]:
        """Those that nobody raised before, to be written: what they say is kept until they are."""
        numbers = self.graph.write(partial(self.graph.number_unowned, told=_said(alerts)))
        return [NumberedAlert(numbers[each.id], each) for each in alerts if each.id in numbers]

    def standing(self, watch: str, cluster: str) -> Kept | None:
        return self.catalog.standing(watch, cluster)

    def stand(
        self, watch: str, cluster: str, before: Kept | None, after: Kept, alerts: Sequence[Alert]
    ) -> None:
        """How a window rule stands from now on, with what it raises; nothing where `before` is no more.

        The graph's transaction keeps what the alerts say, until they are in the log store.
        """
        told = _said(alerts)

        def work(transaction: Transaction) -> None:
            if self.catalog.keep_standing(transaction, watch, cluster, before, after):
                self.graph.number_unowned(transaction, told)

        self.graph.write(work)
        self.write_alerts()

    def write_alerts(self) -> None:
        """Those of window rules that are raised and not in the log store yet; anybody may."""
        while told := self.graph.unwritten():
            self.write([NumberedAlert(number, alert_of(msgspec.json.decode(row))) for number, row in told])
            self.graph.written([number for number, _ in told])

    def write(self, raised: Sequence[NumberedAlert]) -> None:
        """Until the graph's database is told that they are `written`, somebody may do it again."""
        with self.logs.transaction() as attempt:
            self.logs.append_numbered(attempt, raised)
        self.bus.publish(AlertsRaised(tuple(raised)))

    def withdraw(self, batch_id: str) -> None:
        """Remove what attempts at a batch left in the log store, unless the graph counts it already."""
        if self.graph.holds(batch_id):
            raise UnavailableError(
                f"Batch {batch_id} is in the graph and must be finished; it is tried again later."
            )
        self.logs.undo(batch_id)

    def newest(self, cluster: str, kind: RecordKind = RecordKind.FLOWS) -> Micros | None:
        """The time of a cluster's newest record of a kind; retention counts from it."""
        return self.logs.newest(cluster, kind)

    async def receipts(self, deliveries: Sequence[str]) -> Mapping[str, Receipt]:
        return await anyio.to_thread.run_sync(self.logs.receipts, deliveries)

    async def ready(self) -> None:
        """Raises UnavailableError while a store does not answer."""
        await self.logs.last_alert(EVERYTHING)
        await self.catalog.tokens()


def _said(alerts: Sequence[Alert]) -> dict[str, str]:
    """What they say, by id, as the graph's database keeps it until it is written."""
    return {alert.id: msgspec.json.encode(alert_row(NumberedAlert(0, alert))).decode() for alert in alerts}


@contextmanager
def opened(where: Addresses, clock: Clock, metric_pairs: int = PAIRS) -> Generator[Distributed]:
    """The stores at these addresses, each connected when it is first used."""
    neo4j: dict[str, Any] = {"user": where.neo4j_user, "password": where.neo4j_password}
    with (
        closing(ElasticsearchLogStore(where.elasticsearch, clock)) as logs,
        closing(Neo4jGraphStore(where.neo4j, clock, **neo4j)) as graph,
        closing(Neo4jCatalog(where.neo4j, **neo4j)) as catalog,
    ):
        bus = RedisBus(
            where.redis,
            lambda number, limit: logs.alerts_after(EVERYTHING, number, limit),
            lambda: logs.last_alert(EVERYTHING),
        )
        yield Distributed(
            logs, graph, catalog, bus, clock, partial(turn, where.redis), TrafficTally(metric_pairs)
        )
