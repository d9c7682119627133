"""What a process has to tell the others: records that wait to be sent, and the newest alert's number."""

import asyncio
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import msgspec
from redis.asyncio import Redis
from redis.exceptions import RedisError

from tapetum.bus.port import RecordsCommitted
from tapetum.bus.redis.connection import ANSWER, Backoff
from tapetum.bus.redis.packing import RecordsMessage, packed_tables
from tapetum.domain.batches import RecordKind

_ASK_AGAIN = 1.0
"""Seconds for which it is taken as known how many listen."""


@dataclass(frozen=True, slots=True)
class _Audience:
    asked: float
    count: int


class Outbox:
    """Filled from any thread, emptied by `run` on one event loop."""

    def __init__(
        self,
        client: Redis,
        channels: Mapping[RecordKind, str],
        hints: str,
        origin: str,
        most: int,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.origin = origin
        self.dropped = 0
        self._client = client
        self._channels, self._hints = channels, hints
        self._own_ears: Counter[RecordKind] = Counter()  # of those who listen, how many are this process
        self._most = most
        self._now = now
        self._lock = threading.Lock()
        self._numbered: Counter[RecordKind] = Counter()
        self._waiting: deque[tuple[RecordKind, RecordsMessage]] = deque()
        self._bytes = 0
        self._hint = self._hinted = 0
        self._audience: dict[RecordKind, _Audience] = {}
        self._ready = asyncio.Event()

    def listen(self, kind: RecordKind, on: bool) -> None:
        """Whether this process listens too: it needs no message of its own."""
        self._own_ears[kind] = int(on)

    def put(self, event: RecordsCommitted) -> None:
        """Counted in any case; packed only where somebody may listen."""
        kind = event.kind
        if not self._wanted(kind):
            with self._lock:
                self._numbered[kind] += 1
            return
        records, traces = packed_tables(event)
        with self._lock:
            self._numbered[kind] += 1
            message = RecordsMessage(self.origin, self._numbered[kind], event.committed_at, records, traces)
            self._waiting.append((kind, message))
            self._bytes += _size(message)
            while self._bytes > self._most:
                self._bytes -= _size(self._waiting.popleft()[1])
                self.dropped += 1

    def hint(self, number: int) -> None:
        with self._lock:
            self._hint = max(self._hint, number)

    def wake(self) -> None:
        """On the loop of `run`."""
        self._ready.set()

    async def run(self) -> None:
        backoff = Backoff()
        while True:
            await self._ready.wait()
            self._ready.clear()
            try:
                await self._send()
                backoff.reset()
            except (RedisError, OSError) as error:
                self._audience.clear()
                self._ready.set()
                await backoff.wait("publishing", error)

    async def _send(self) -> None:
        hint = self._hint
        if hint > self._hinted:
            async with asyncio.timeout(ANSWER):
                await self._client.publish(self._hints, str(hint))
            self._hinted = hint
        while self._waiting:
            kind, message = first = self._waiting[0]
            async with asyncio.timeout(ANSWER):
                if await self._listeners(kind):
                    await self._client.publish(self._channels[kind], msgspec.msgpack.encode(message))
            with self._lock:  # it may have made room for newer ones meanwhile
                if self._waiting and self._waiting[0] is first:
                    self._waiting.popleft()
                    self._bytes -= _size(message)

    def _wanted(self, kind: RecordKind) -> bool:
        """False only where nobody listened a moment ago."""
        known = self._audience.get(kind)
        return known is None or known.count > 0 or self._now() - known.asked > _ASK_AGAIN

    async def _listeners(self, kind: RecordKind) -> int:
        known = self._audience.get(kind)
        if known is None or self._now() - known.asked > _ASK_AGAIN:
            ((_, count),) = await self._client.pubsub_numsub(self._channels[kind])
            known = self._audience[kind] = _Audience(self._now(), max(0, count - self._own_ears[kind]))
        return known.count


def _size(message: RecordsMessage) -> int:
    return len(message.records) + len(message.traces)
