"""From a delivery to its receipt: journalled, decoded the same at every attempt, applied to both stores."""

from dataclasses import replace
from typing import Protocol

from tapetum.bus.port import Delivery
from tapetum.domain.batches import Batch, Receipt, RecordKind
from tapetum.domain.errors import BadInputError
from tapetum.domain.flows import TRACE
from tapetum.domain.moments import DAY, Micros
from tapetum.domain.networks import Networks
from tapetum.domain.shapes import SHAPES
from tapetum.ingest.context import Limits
from tapetum.ingest.decode import decode, identify
from tapetum.ingest.forms import Form
from tapetum.ingest.refusals import Cause, Refusal
from tapetum.ingest.tally import Tally
from tapetum.service.distributed.composition import Distributed
from tapetum.service.settings import Settings


class Intent(Protocol):
    """What decoding a batch depends on besides its bytes, fixed by its first attempt."""

    @property
    def received_at(self) -> Micros: ...
    @property
    def newest(self) -> Micros | None: ...
    @property
    def created(self) -> bool:
        """By this call: nobody has tried before."""
        ...


class Journal(Protocol):
    """The log store's memory of what is under way and what is done."""

    def receipt(self, delivery: str) -> Receipt | None: ...
    def intent(self, batch_id: str, delivery: str, received_at: Micros, newest: Micros | None) -> Intent: ...
    def newest(self, cluster: str, kind: RecordKind) -> Micros | None: ...


class Stores(Protocol):
    def commit(self, batch: Batch, delivery: str) -> Receipt: ...
    def withdraw(self, batch_id: str) -> None: ...


class Applier:
    """Safe from several threads, and from several processes at the same delivery."""

    def __init__(self, journal: Journal, stores: Stores, networks: Networks, limits: Limits) -> None:
        self.tally = Tally()
        self._journal = journal
        self._stores = stores
        self._networks = networks
        self._limits = limits

    def apply(self, delivery: Delivery) -> Receipt:
        """Its receipt, the same however often it is applied; raises UnavailableError where an engine is away.

        A batch that a store refuses for good becomes dead letters, each line with the reason.
        """
        intent = self._intent(delivery)
        done = None if intent.created else self._journal.receipt(delivery.id)
        if done is not None:
            return done
        batch = self._decoded(delivery, intent.received_at, intent.newest)
        try:
            receipt = self._stores.commit(batch, delivery.id)
        except BadInputError as error:
            batch = _refused(batch, error.message)
            receipt = self._stores.commit(batch, delivery.id)
        self.tally.add(Form(delivery.form), batch, receipt)
        return receipt

    def give_up(self, delivery: Delivery, reason: str) -> Receipt:
        """Keep every line of a delivery that cannot be applied as a dead letter."""
        intent = self._intent(delivery)
        decoded = self._decoded(delivery, intent.received_at, intent.newest)
        self._stores.withdraw(decoded.id)
        batch = _refused(decoded, reason)
        receipt = self._stores.commit(batch, delivery.id)
        self.tally.add(Form(delivery.form), batch, receipt)
        return receipt

    def read(self, delivery: Delivery) -> Batch:
        """The delivery as it is decoded without asking the engines."""
        return self._decoded(delivery, delivery.received_at, None)

    def _intent(self, delivery: Delivery) -> Intent:
        form = Form(delivery.form)
        return self._journal.intent(
            identify(delivery.body, form, delivery.cluster),
            delivery.id,
            delivery.received_at,
            self._journal.newest(delivery.cluster, form.kind),
        )

    def _decoded(self, delivery: Delivery, now: Micros, newest: Micros | None) -> Batch:
        return decode(
            delivery.body,
            Form(delivery.form),
            cluster=delivery.cluster,
            source=delivery.source,
            now=now,
            networks=self._networks,
            newest=newest,
            limits=self._limits,
        )


def applier(stores: Distributed, settings: Settings) -> Applier:
    """Over a composition, with the settings' limits."""
    return Applier(
        stores.logs,
        stores,
        Networks(settings.private_ranges),
        Limits(max_line=settings.max_line, retention=settings.retention_days * DAY),
    )


def _refused(batch: Batch, reason: str) -> Batch:
    """The same batch with none of its lines accepted."""
    known = {rejection.line_no: rejection for rejection in batch.rejections}
    return replace(
        batch,
        records=SHAPES[batch.kind].record.empty_table(),
        traces=TRACE.empty_table(),
        rejections=tuple(
            known.get(number) or Refusal(number, reason, Cause.REFUSED) for number in range(len(batch.lines))
        ),
    )
