"""The bus's two ports: Bus, live fan-out of what was just committed, and Queue, the durable hand-over of
deliveries from receivers to workers and of receipts back. They know neither what is in a body nor a store.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

import pyarrow as pa

from tapetum.domain.alerts import NumberedAlert
from tapetum.domain.batches import Receipt, RecordKind
from tapetum.domain.moments import Micros


@dataclass(frozen=True, slots=True)
class RecordsCommitted:
    """New records of one committed batch, in the shape of their kind; flows come with their traces."""

    kind: RecordKind
    committed_at: Micros
    records: pa.Table
    traces: pa.Table


@dataclass(frozen=True, slots=True)
class AlertsRaised:
    alerts: tuple[NumberedAlert, ...]

    @property
    def kind(self) -> RecordKind:
        return RecordKind.ALERTS


Event = RecordsCommitted | AlertsRaised


class Subscription(Protocol):
    """Events in order. `dropped` counts those lost since last asked, as the queue is bounded."""

    def __aiter__(self) -> AsyncIterator[Event]: ...

    def take_dropped(self) -> int: ...


class Bus(Protocol):
    def publish(self, event: Event) -> None:
        """Hand an event to every subscriber; never blocks, safe from any thread.

        Alerts are in the log store before they are published: a bus between processes reads them there.
        """
        ...

    def subscribe(self, kind: RecordKind, capacity: int = 256) -> AbstractAsyncContextManager[Subscription]:
        """To what is committed of a kind; of ALERTS, to those that are raised."""
        ...


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a source pushed at once, as it came. `id` is the receiver's own; `form` as in ingest.forms."""

    id: str
    cluster: str
    form: str
    source: str
    received_at: Micros
    body: bytes


@dataclass(frozen=True, slots=True)
class Handed:
    """A delivery in the hands of one worker. `token` is the queue's own mark of this hand-over;
    `tries` says how often the delivery was handed out, this time included.
    """

    delivery: Delivery
    token: str
    tries: int


@dataclass(frozen=True, slots=True)
class Settled:
    """A delivery that is applied for good, and what became of its lines."""

    delivery_id: str
    receipt: Receipt


@dataclass(frozen=True, slots=True)
class Backlog:
    """What is not settled yet: deliveries, bytes as they are held, and how long the oldest has waited."""

    length: int
    bytes: int
    age: Micros


class Queue(Protocol):
    """Hands each delivery to one worker at a time until it is settled: at least once, in rough order.

    A queue is never the only copy: whoever offers keeps the delivery until it is settled, and offers
    what the queue lost again. Every call but the two iterators raises UnavailableError while the
    engine is away; the iterators wait for it to come back. Used on one event loop.
    """

    async def offer(self, delivery: Delivery) -> bool:
        """Take a delivery in, or know that it is held already. False: the queue is at its bound."""
        ...

    async def missing(self, delivery_ids: Sequence[str]) -> set[str]:
        """Those of the deliveries that are not held: never offered, settled, or lost by the engine."""
        ...

    def deliveries(self, consumer: str) -> AsyncGenerator[Handed]:
        """Endlessly, one a step: first what this consumer left behind in a former life, then what others
        abandoned, then new ones. It fetches nothing ahead. A name is one process's at a time.
        """
        ...

    async def keep_alive(self, handed: Handed) -> bool:
        """Tell that a slow handler still works, at least every third of the time after which a delivery
        counts as abandoned. False: it is settled, lost, or in another worker's hands by now.
        """
        ...

    async def settle(self, handed: Handed, receipt: Receipt) -> None:
        """Forget a delivery, whoever holds it by now, and announce its receipt, which the log store has."""
        ...

    def settlements(self) -> AbstractAsyncContextManager[AsyncIterator[Settled]]:
        """What is announced from entering on. It may be lost or come twice: the log store knows."""
        ...

    async def backlog(self) -> Backlog: ...
