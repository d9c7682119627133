"""What the API is given, and what one operation knows while it runs."""

import asyncio
import secrets
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import strawberry

from tapetum.api.kept import Kept
from tapetum.api.metrics import Metrics
from tapetum.api.settings import ApiSettings
from tapetum.api.states import ClusterStates
from tapetum.bus.port import Bus
from tapetum.capture.port import CaptureClusters, NoClusters
from tapetum.catalog.port import Catalog
from tapetum.domain.alerts import Alert
from tapetum.domain.deliveries import Answer
from tapetum.domain.errors import UnavailableError
from tapetum.domain.moments import Clock, Micros
from tapetum.domain.receivers import Receiver
from tapetum.domain.scope import Scope
from tapetum.graphstore.port import GraphStore
from tapetum.logstore.port import LogStore
from tapetum.policy.analysis import Finding, RuleRef
from tapetum.policy.whatif import Simulation

_REVIEWS = 4
"""Of states that are reviewed again and again, while a board is open."""
_SIMULATIONS = 4
"""Simulations whose pages are read; a large one holds some hundred MB."""
_AT_ONCE = 4
"""Searches for linked records that one operation runs at a time."""

TryDelivery = Callable[[str, Receiver, Alert], Awaitable[Answer]]
"""With the target's id."""
Reviewed = Mapping[RuleRef, Finding]


def _error_id() -> str:
    return secrets.token_hex(6)


def _document_id() -> str:
    return secrets.token_hex(8)


async def always_ready() -> None: ...


async def _sends_nothing(_target: str, _receiver: Receiver, _alert: Alert) -> Answer:
    raise UnavailableError("Nothing is sent from here; ask a server that delivers.")


@dataclass(frozen=True, slots=True)
class ApiContext:
    """The ports and values that the service composes the API from."""

    logs: LogStore[Any]
    graph: GraphStore[Any]
    catalog: Catalog
    bus: Bus
    clock: Clock
    settings: ApiSettings = field(default_factory=ApiSettings)
    metrics: Metrics = field(default_factory=Metrics)
    states: ClusterStates = field(default_factory=ClusterStates)
    reviews: Kept[Reviewed] = field(default_factory=lambda: Kept[Reviewed](_REVIEWS))
    simulations: Kept[Simulation] = field(default_factory=lambda: Kept[Simulation](_SIMULATIONS))
    version: str = "dev"
    error_id: Callable[[], str] = _error_id
    document_id: Callable[[], str] = _document_id
    captures: CaptureClusters = field(default_factory=NoClusters)
    """Packet captures of clusters that there is a way to."""
    try_delivery: TryDelivery = _sends_nothing
    """Sends a test to a receiver."""
    send_again: TryDelivery = _sends_nothing
    """Sends an alert to a receiver, as deliveries do."""
    ready: Callable[[], Awaitable[None]] = always_ready
    """Raises what the process waits for, beside stores that do not answer."""


class LiveEvent(Protocol):
    """What a subscription sends.

    `position` grows from event to event, so that a newcomer's past and the present can be joined.
    `payload` is the event as encoded for the one operation that follows its feed, once it has been.
    """

    position: int
    payload: bytes | None


@dataclass(frozen=True, slots=True)
class Prelude:
    """What a newcomer is sent first; live events up to the position `base` are part of it."""

    events: Sequence[LiveEvent] = ()
    base: int = -1


class Feed(Protocol):
    """What a subscription follows."""

    def follow(self, opened: Callable[[], None]) -> AsyncGenerator[Any]:
        """Live events; calls `opened` once nothing that happens from then on can be missed."""
        ...

    async def prelude(self, after: str | None) -> Prelude:
        """For a newcomer with its last cursor; asked after `opened`, while live events are held back."""
        ...


def _nobody_waits() -> None: ...


@dataclass(slots=True)
class Asked:
    """One operation: who asks, and when. All relative times in it mean the same `now`.

    `caller` is the name of the token that asks, None where none is needed; `writes` is whether it may bring
    something about beside what is kept here, as sending logs does. Subscriptions, which are shared by
    all of one scope, never know it.
    """

    api: ApiContext
    scope: Scope
    now: Micros
    caller: str | None = None
    writes: bool = False
    feed: Feed | None = None
    opened: Callable[[], None] = _nobody_waits
    searching: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_AT_ONCE))

    def follow(self, feed: Feed) -> AsyncGenerator[Any]:
        """Live events of a feed, which whoever runs the subscription may ask for its prelude."""
        self.feed = feed
        return feed.follow(self.opened)


Info = strawberry.Info[Asked, None]
