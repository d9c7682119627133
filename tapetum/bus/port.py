"""The Bus port: live fan-out of what was just committed. (Durable batches join with the engines.)"""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

import pyarrow as pa

from tapetum.domain.alerts import NumberedAlert
from tapetum.domain.moments import Micros


@dataclass(frozen=True, slots=True)
class FlowsCommitted:
    """New records (flows.RECORD with their traces) of one committed batch."""

    committed_at: Micros
    records: pa.Table
    traces: pa.Table


@dataclass(frozen=True, slots=True)
class AlertsRaised:
    alerts: tuple[NumberedAlert, ...]


Event = FlowsCommitted | AlertsRaised


class Subscription(Protocol):
    """Events in order. `dropped` counts those lost since last asked, as the queue is bounded."""

    def __aiter__(self) -> AsyncIterator[Event]: ...

    def take_dropped(self) -> int: ...


class Bus(Protocol):
    def publish(self, event: Event) -> None:
        """Hand an event to every subscriber; never blocks, safe from any thread."""
        ...

    def subscribe(
        self, kind: type[Event], capacity: int = 256
    ) -> AbstractAsyncContextManager[Subscription]: ...
