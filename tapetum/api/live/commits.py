"""Waiting for events of the bus with a pace of one's own."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

from tapetum.bus.port import Bus, Event, Subscription
from tapetum.domain.batches import RecordKind


class Wakeful:
    """Hands every event to `take` as it comes; `wait` wakes when there was one, or after a while."""

    def __init__(self) -> None:
        self._seen = asyncio.Event()

    async def wait(self, at_most: timedelta | None = None) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(None if at_most is None else at_most.total_seconds()):
                await self._seen.wait()
        self._seen.clear()

    async def drain(self, events: Subscription, take: Callable[[Event], None]) -> None:
        async for event in events:
            take(event)
            self._seen.set()


@asynccontextmanager
async def woken_by(
    bus: Bus, kind: RecordKind, take: Callable[[Event], None], dropped: Callable[[int], None] | None = None
) -> AsyncGenerator[Wakeful]:
    """Subscribed from the first line of the block on."""
    async with bus.subscribe(kind) as events:
        wakeful = Wakeful()

        def taken(event: Event) -> None:
            lost = events.take_dropped()
            if lost and dropped is not None:
                dropped(lost)
            take(event)

        reading = asyncio.create_task(wakeful.drain(events, taken))
        try:
            yield wakeful
        finally:
            reading.cancel()
            with suppress(asyncio.CancelledError):
                await reading
