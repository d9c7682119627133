"""The Queue within one process and event loop: for a worker beside its receiver, and for tests.

It keeps nothing when the process ends; as with every Queue, the receiver's spool does.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from tapetum.bus.port import Backlog, Delivery, Handed, Queue, Settled
from tapetum.domain.batches import Receipt
from tapetum.domain.moments import SECOND


@dataclass(slots=True)
class _Entry:
    delivery: Delivery
    offered: float
    tries: int = 0
    consumer: str | None = None
    since: float = 0.0  # when the consumer last showed life

    @property
    def token(self) -> str:
        return f"{self.tries} {self.consumer}"


class InProcessQueue(Queue):
    def __init__(
        self,
        *,
        most_entries: int = 10_000,
        most_bytes: int = 256 << 20,
        abandoned_after: float = 15.0,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._most_entries = most_entries
        self._most_bytes = most_bytes
        self._abandoned_after = abandoned_after
        self._now = now
        self._entries: dict[str, _Entry] = {}
        self._bytes = 0
        self._changed = asyncio.Event()
        self._listeners: list[asyncio.Queue[Settled]] = []

    async def offer(self, delivery: Delivery) -> bool:
        if delivery.id in self._entries:
            return True
        size = len(delivery.body)
        full = len(self._entries) >= self._most_entries or self._bytes + size > self._most_bytes
        if full and self._entries:
            return False
        self._entries[delivery.id] = _Entry(delivery, self._now())
        self._bytes += size
        self._changed.set()
        return True

    async def missing(self, delivery_ids: Sequence[str]) -> set[str]:
        return set(delivery_ids) - self._entries.keys()

    async def deliveries(self, consumer: str) -> AsyncGenerator[Handed]:
        left = [entry for entry in self._entries.values() if entry.consumer == consumer]
        for entry in left:
            if entry.consumer == consumer and self._entries.get(entry.delivery.id) is entry:
                yield self._hand(entry, consumer)
        while True:
            self._changed.clear()
            entry = self._next()
            if entry is not None:
                yield self._hand(entry, consumer)
                continue
            try:
                async with asyncio.timeout(self._abandoned_after / 4):
                    await self._changed.wait()
            except TimeoutError:
                continue

    async def keep_alive(self, handed: Handed) -> bool:
        entry = self._entries.get(handed.delivery.id)
        if entry is None or entry.token != handed.token:
            return False
        entry.since = self._now()
        return True

    async def settle(self, handed: Handed, receipt: Receipt) -> None:
        if self._entries.pop(handed.delivery.id, None) is not None:
            self._bytes -= len(handed.delivery.body)
        for listener in self._listeners:
            listener.put_nowait(Settled(handed.delivery.id, receipt))

    @asynccontextmanager
    async def settlements(self) -> AsyncGenerator[AsyncIterator[Settled]]:
        listener = asyncio.Queue[Settled]()
        self._listeners.append(listener)
        try:
            yield _endlessly(listener)
        finally:
            self._listeners.remove(listener)

    async def backlog(self) -> Backlog:
        now = self._now()
        oldest = min((entry.offered for entry in self._entries.values()), default=now)
        return Backlog(len(self._entries), self._bytes, int((now - oldest) * SECOND))

    def _next(self) -> _Entry | None:
        """What was abandoned before what is new."""
        late = self._now() - self._abandoned_after
        new = None
        for entry in self._entries.values():
            if entry.consumer is None:
                new = new or entry
            elif entry.since <= late:
                return entry
        return new

    def _hand(self, entry: _Entry, consumer: str) -> Handed:
        entry.consumer, entry.since = consumer, self._now()
        entry.tries += 1
        return Handed(entry.delivery, entry.token, entry.tries)


async def _endlessly(listener: asyncio.Queue[Settled]) -> AsyncIterator[Settled]:
    while True:
        yield await listener.get()
