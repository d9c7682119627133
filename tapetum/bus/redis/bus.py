"""The Bus between processes: flow events by pub/sub, alerts by hints and the log store.

Events of this process reach its own subscribers without Redis. What pub/sub loses is counted.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import aclosing, asynccontextmanager, suppress
from typing import Any, Self
from uuid import uuid4

from tapetum.bus.alert_pump import AlertPump, AlertsAfter, LastAlert
from tapetum.bus.inprocess import InProcessBus
from tapetum.bus.port import Bus, Event, FlowsCommitted, Subscription
from tapetum.bus.redis.connection import connect, explained, heard, log
from tapetum.bus.redis.outbox import Outbox
from tapetum.bus.redis.packing import FlowMessage, flows_of, read_flow_message

_ATTACH = 2.0


class RedisBus(Bus):
    """Between entering and leaving, it sends and listens on the event loop where it was entered.

    `alerts_after` and `last_alert` read the log store, over all clusters. `most_waiting` bounds the bytes
    of flow events that wait to be sent; older ones make room, and are counted in `dropped`.
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
        self._flows, self._hints = f"{prefix}:flows", f"{prefix}:alerts"
        self._local = InProcessBus()
        self._pump = AlertPump(alerts_after, last_alert, self._local.publish)
        self._outbox = Outbox(self._client, self._flows, self._hints, new_id(), most_waiting)
        self._origin = self._outbox.origin
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._listeners = 0
        self._listening: asyncio.Task[None] | None = None
        self._attached = asyncio.Event()
        self._heard: dict[str, int] = {}  # the number of the last event, by origin

    @property
    def dropped(self) -> int:
        """Flow events of this process that others missed because Redis was away or too slow."""
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
        if isinstance(event, FlowsCommitted):
            self._local.publish(event)
            self._outbox.put(event)
        elif event.alerts:
            number = max(alert.number for alert in event.alerts)
            self._outbox.hint(number)
            self._on_loop(lambda: self._pump.hint(number))
        self._on_loop(self._outbox.wake)

    @asynccontextmanager
    async def subscribe(self, kind: type[Event], capacity: int = 256) -> AsyncGenerator[Subscription]:
        """Raises UnavailableError where alerts are asked for and the log store is away."""
        async with self._local.subscribe(kind, capacity) as subscription:
            if kind is FlowsCommitted:
                self._on_loop(self._join)
                try:
                    await self._at_home(self._joined)
                    yield subscription
                finally:
                    self._on_loop(self._leave)
            else:
                await self._at_home(self._pump.attend)
                try:
                    yield subscription
                finally:
                    self._on_loop(self._pump.leave)

    def _join(self) -> None:
        self._listeners += 1
        if self._listeners == 1:
            self._listening = self._start(self._listen_for_flows())

    async def _joined(self) -> None:
        """Once Redis knows that we listen, or after a moment: while it is away, so are the events."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_ATTACH):
                await self._attached.wait()

    def _leave(self) -> None:
        self._listeners -= 1
        if not self._listeners and self._listening is not None:
            self._listening.cancel()
            self._attach(False)
            self._heard.clear()

    def _attach(self, on: bool) -> None:
        self._outbox.own_ears = int(on)
        (self._attached.set if on else self._attached.clear)()

    async def _listen_for_hints(self) -> None:
        async with aclosing(heard(self._client, self._hints, lambda _: self._pump.hint(0))) as messages:
            async for message in messages:
                with suppress(ValueError):
                    self._pump.hint(int(message))

    async def _listen_for_flows(self) -> None:
        async with aclosing(heard(self._client, self._flows, self._attach)) as messages:
            async for message in messages:
                try:
                    await self._take(read_flow_message(message))
                except ValueError as error:
                    log.warning("flow_event_unreadable", error=explained(error))
                    self._local.miss(FlowsCommitted, 1)

    async def _take(self, message: FlowMessage) -> None:
        """Hand an event on, having counted those of its origin that were missed before it."""
        if message.origin == self._origin:
            return
        last = self._heard.get(message.origin, message.number - 1)
        if message.number <= last:
            return  # sent again, as its origin had no answer
        self._heard[message.origin] = message.number
        if message.number - last > 1:
            self._local.miss(FlowsCommitted, message.number - last - 1)
        self._local.publish(await flows_of(message))

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
