"""The Bus between processes: records by pub/sub, alerts by hints and the log store.

Events of this process reach its own subscribers without Redis. What pub/sub loses is counted.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import aclosing, asynccontextmanager, suppress
from typing import Any, Self
from uuid import uuid4

from tapetum.bus.alert_pump import AlertPump, AlertsAfter, LastAlert
from tapetum.bus.inprocess import InProcessBus
from tapetum.bus.port import AlertsRaised, Bus, Event, Subscription
from tapetum.bus.redis.connection import connect, heard
from tapetum.bus.redis.ear import Ear
from tapetum.bus.redis.outbox import Outbox
from tapetum.domain.batches import RecordKind


class RedisBus(Bus):
    """Between entering and leaving, it sends and listens on the event loop where it was entered.

    `alerts_after` and `last_alert` read the log store, over all clusters. `most_waiting` bounds the bytes
    of records that wait to be sent; older ones make room, and are counted in `dropped`.
    """

    def __init__(
        self,
        url: str,
        alerts_after: AlertsAfter,
        last_alert: LastAlert,
        *,
        prefix: str = "tapetum",
        most_waiting: int = 32 << 20,
        new_id: Callable[[], str] = lambda: uuid4().hex,
    ) -> None:
        self._client = connect(url)
        channels = {kind: f"{prefix}:{kind.value}" for kind in RecordKind}
        self._hints = channels.pop(RecordKind.ALERTS)
        self._local = InProcessBus()
        self._pump = AlertPump(alerts_after, last_alert, self._local.publish)
        self._outbox = Outbox(self._client, channels, self._hints, new_id(), most_waiting)
        self._ears = {
            kind: Ear(self._client, channel, kind, self._outbox.origin, self._local, self._outbox.listen)
            for kind, channel in channels.items()
        }
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def dropped(self) -> int:
        """Events of this process that others missed because Redis was away or too slow."""
        return self._outbox.dropped

    async def __aenter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        for run in (self._outbox.run(), self._pump.run(), self._listen_for_hints()):
            self._start(run)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._loop = None
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._client.aclose()

    def publish(self, event: Event) -> None:
        if not isinstance(event, AlertsRaised):
            self._local.publish(event)
            self._outbox.put(event)
        elif event.alerts:
            number = max(alert.number for alert in event.alerts)
            self._outbox.hint(number)
            self._on_loop(lambda: self._pump.hint(number))
        self._on_loop(self._outbox.wake)

    @asynccontextmanager
    async def subscribe(self, kind: RecordKind, capacity: int = 256) -> AsyncGenerator[Subscription]:
        """Raises UnavailableError where alerts are asked for and the log store is away."""
        async with self._local.subscribe(kind, capacity) as subscription:
            ear = self._ears.get(kind)
            if ear is not None:
                self._on_loop(lambda: ear.attend(self._start))
                try:
                    await self._at_home(ear.ready)
                    yield subscription
                finally:
                    self._on_loop(ear.leave)
            else:
                await self._at_home(self._pump.attend)
                try:
                    yield subscription
                finally:
                    self._on_loop(self._pump.leave)

    async def _listen_for_hints(self) -> None:
        async with aclosing(heard(self._client, self._hints, lambda _: self._pump.hint(0))) as messages:
            async for message in messages:
                with suppress(ValueError):
                    self._pump.hint(int(message))

    def _start(self, run: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(run)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _at_home(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        if self._loop is asyncio.get_running_loop():
            await work()
        elif self._loop is not None:
            await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work(), self._loop))

    def _on_loop(self, work: Callable[[], object]) -> None:
        """From any thread; a bus that was not entered, or was left, only serves its own process."""
        loop = self._loop
        if loop is not None:
            with suppress(RuntimeError):  # the loop was closed
                loop.call_soon_threadsafe(work)
