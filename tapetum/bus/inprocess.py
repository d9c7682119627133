"""The in-process Bus: bounded queues on each subscriber's event loop."""

import asyncio
import threading
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager

from tapetum.bus.port import Bus, Event, Subscription
from tapetum.domain.batches import RecordKind


class _Queue(Subscription):
    """Holds the newest `capacity` events; older ones make room and are counted, also while the
    subscriber's loop is stalled.
    """

    def __init__(self, kind: RecordKind, capacity: int) -> None:
        self.kind = kind
        self._loop = asyncio.get_running_loop()
        self._lock = threading.Lock()
        self._events: deque[Event] = deque(maxlen=capacity)
        self._dropped = 0
        self._ready = asyncio.Event()
        self._called = False  # the loop is on its way

    def put(self, event: Event) -> None:
        """From any thread; a loop that is gone has no reader left."""
        with self._lock:
            if len(self._events) == self._events.maxlen:
                self._dropped += 1
            self._events.append(event)
            called, self._called = self._called, True
        if not called:
            try:
                self._loop.call_soon_threadsafe(self._ready.set)
            except RuntimeError:
                return

    def miss(self, count: int) -> None:
        with self._lock:
            self._dropped += count

    def take_dropped(self) -> int:
        with self._lock:
            dropped, self._dropped = self._dropped, 0
        return dropped

    async def __aiter__(self) -> AsyncIterator[Event]:
        while True:
            await self._ready.wait()
            while (event := self._next()) is not None:
                yield event

    def _next(self) -> Event | None:
        with self._lock:
            if self._events:
                return self._events.popleft()
            self._ready.clear()
            self._called = False
            return None


class InProcessBus(Bus):
    def __init__(self) -> None:
        self._queues: list[_Queue] = []
        self._lock = threading.Lock()

    def publish(self, event: Event) -> None:
        with self._lock:
            queues = [queue for queue in self._queues if queue.kind is event.kind]
        for queue in queues:
            queue.put(event)

    def miss(self, kind: RecordKind, count: int) -> None:
        """Count events that were lost on their way here; subscribers learn of it with their next event."""
        with self._lock:
            queues = [queue for queue in self._queues if queue.kind is kind]
        for queue in queues:
            queue.miss(count)

    @asynccontextmanager
    async def subscribe(self, kind: RecordKind, capacity: int = 256) -> AsyncGenerator[Subscription]:
        queue = _Queue(kind, capacity)
        with self._lock:
            self._queues.append(queue)
        try:
            yield queue
        finally:
            with self._lock:
                self._queues.remove(queue)
