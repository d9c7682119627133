"""What a process has to tell the others: flow events that wait to be sent, and the newest alert's number."""

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import msgspec
from redis.asyncio import Redis
from redis.exceptions import RedisError

from tapetum.bus.port import FlowsCommitted
from tapetum.bus.redis.connection import ANSWER, Backoff
from tapetum.bus.redis.packing import FlowMessage, flow_tables

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
        flows: str,
        hints: str,
        origin: str,
        most: int,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.origin = origin
        self.own_ears = 0  # of those who listen to flow events, how many are this process
        self.dropped = 0
        self._client = client
        self._flows, self._hints = flows, hints
        self._most = most
        self._now = now
        self._lock = threading.Lock()
        self._numbered = 0
        self._waiting: deque[FlowMessage] = deque()
        self._bytes = 0
        self._hint = self._hinted = 0
        self._audience: _Audience | None = None
        self._ready = asyncio.Event()

    def put(self, event: FlowsCommitted) -> None:
        """Counted in any case; packed only where somebody may listen."""
        if not self._wanted():
            with self._lock:
                self._numbered += 1
            return
        records, traces = flow_tables(event)
        with self._lock:
            self._numbered += 1
            message = FlowMessage(self.origin, self._numbered, event.committed_at, records, traces)
            self._waiting.append(message)
            self._bytes += _size(message)
            while self._bytes > self._most:
                self._bytes -= _size(self._waiting.popleft())
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
                self._audience = None
                self._ready.set()
                await backoff.wait("publishing", error)

    async def _send(self) -> None:
        hint = self._hint
        if hint > self._hinted:
            async with asyncio.timeout(ANSWER):
                await self._client.publish(self._hints, str(hint))
            self._hinted = hint
        while self._waiting:
            message = self._waiting[0]
            async with asyncio.timeout(ANSWER):
                if await self._listeners():
                    await self._client.publish(self._flows, msgspec.msgpack.encode(message))
            with self._lock:  # it may have made room for newer ones meanwhile
                if self._waiting and self._waiting[0] is message:
                    self._bytes -= _size(self._waiting.popleft())

    def _wanted(self) -> bool:
        """False only where nobody listened a moment ago."""
        known = self._audience
        return known is None or known.count > 0 or self._now() - known.asked > _ASK_AGAIN

    async def _listeners(self) -> int:
        known = self._audience
        if known is None or self._now() - known.asked > _ASK_AGAIN:
            ((_, count),) = await self._client.pubsub_numsub(self._flows)
            known = self._audience = _Audience(self._now(), max(0, count - self.own_ears))
        return known.count


def _size(message: FlowMessage) -> int:
    return len(message.records) + len(message.traces)
