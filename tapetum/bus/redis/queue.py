"""The Queue over a Redis stream with one consumer group. An entry lives until it is settled.

Redis may be flushed, failed over, evicted or trimmed: then deliveries are missing, and are offered again.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any, Self

from redis.exceptions import OutOfMemoryError, RedisError, ResponseError

from tapetum.bus.port import Backlog, Delivery, Handed, Queue, Settled
from tapetum.bus.redis import scripts
from tapetum.bus.redis.connection import ANSWER, Backoff, connect, explained, heard, log, reached
from tapetum.bus.redis.packing import packed, read_settled_message, settled_message, unpacked
from tapetum.domain.batches import Receipt
from tapetum.domain.moments import SECOND

_GROUP = "workers"
_BLOCK = 2.0
_ATTACH = 2.0
_GONE_MILLIS = 3_600_000
_REGROUP = ("NOGROUP", "UNBLOCKED")  # the stream was deleted, perhaps while we waited for it


class RedisQueue(Queue):
    """`prefix` begins every key. `most_entries` and `most_bytes` (compressed) bound what waits in memory
    of the server; `abandoned_after` seconds without a sign of life, a delivery is another worker's.
    """

    def __init__(
        self,
        url: str,
        *,
        prefix: str = "tapetum",
        most_entries: int = 10_000,
        most_bytes: int = 256 << 20,
        abandoned_after: float = 15.0,
    ) -> None:
        self._client = connect(url)
        # The braces keep the keys together where Redis is a cluster.
        self._stream = f"{{{prefix}}}:deliveries"
        self._keys = [self._stream, f"{{{prefix}}}:held"]
        self._channel = f"{prefix}:settled"
        self._most_entries = most_entries
        self._most_bytes = most_bytes
        self._abandoned_after = abandoned_after
        register = self._client.register_script
        self._offer = register(scripts.OFFER)
        self._missing = register(scripts.MISSING)
        self._settle = register(scripts.SETTLE)
        self._discard = register(scripts.DISCARD)
        self._keep_alive = register(scripts.KEEP_ALIVE)
        self._backlog = register(scripts.BACKLOG)
        self._make_group = register(scripts.GROUP)
        self._forget_consumers = register(scripts.FORGET_CONSUMERS)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        await self._client.aclose()

    async def offer(self, delivery: Delivery) -> bool:
        fields = await packed(delivery)
        size = len(fields["body"])
        arguments: list[str | int | bytes] = [delivery.id, size, self._most_entries, self._most_bytes]
        for field in fields.items():
            arguments += field
        async with reached():
            try:
                return bool(await self._offer(self._keys, arguments))
            except OutOfMemoryError:
                return False

    async def missing(self, delivery_ids: Sequence[str]) -> set[str]:
        if not delivery_ids:
            return set()
        async with reached():
            return {found.decode() for found in await self._missing(self._keys, list(delivery_ids))}

    async def deliveries(self, consumer: str) -> AsyncGenerator[Handed]:
        reading = _Reading(consumer)
        backoff = Backoff()
        while True:
            try:
                async with asyncio.timeout(_BLOCK + ANSWER):
                    handed = await self._next(reading)
            except (RedisError, OSError) as error:
                if not str(error).startswith(_REGROUP):
                    await backoff.wait("taking deliveries", error)
                elif not await self._group():
                    await asyncio.sleep(1.0)
            else:
                backoff.reset()
                if handed is not None:
                    yield handed

    async def keep_alive(self, handed: Handed) -> bool:
        entry, _, consumer = handed.token.partition(" ")
        async with reached():
            try:
                return bool(await self._keep_alive(self._keys, [_GROUP, consumer, entry]))
            except ResponseError as error:
                if "NOGROUP" in str(error):
                    return False
                raise

    async def settle(self, handed: Handed, receipt: Receipt) -> None:
        message = settled_message(Settled(handed.delivery.id, receipt))
        entry = handed.token.partition(" ")[0]
        async with reached():
            await self._settle(self._keys, [_GROUP, entry, handed.delivery.id, self._channel, message])

    @asynccontextmanager
    async def settlements(self) -> AsyncGenerator[AsyncIterator[Settled]]:
        """Entering waits a moment for Redis; while it is away nothing is announced through it either."""
        listening = asyncio.Event()
        found = asyncio.Queue[Settled]()

        def attached(on: bool) -> None:
            if on:
                listening.set()

        async def listen() -> None:
            async with aclosing(heard(self._client, self._channel, attached)) as messages:
                async for message in messages:
                    with suppress(ValueError):  # of another version; the log store knows
                        found.put_nowait(read_settled_message(message))

        task = asyncio.create_task(listen())
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(_ATTACH):
                    await listening.wait()
            yield _endlessly(found)
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def backlog(self) -> Backlog:
        async with reached():
            length, size, oldest, seconds, micros = await self._backlog(self._keys)
        offered = int(oldest.partition(b"-")[0] or 0) * 1000
        age = int(seconds) * SECOND + int(micros) - offered
        return Backlog(length, int(size), max(age, 0) if oldest else 0)

    async def _next(self, reading: "_Reading") -> Handed | None:
        """One step of an iterator, which never waits for long; errors are Redis'."""
        if reading.left is not None:
            entry = await self._read(reading.consumer, reading.left, None)
            if entry is not None:
                reading.left = entry[0].decode()
                return await self._handed(reading.consumer, entry, again=True)
            await self._forget_consumers(self._keys, [_GROUP, _GONE_MILLIS])
            reading.left = None
        now = asyncio.get_running_loop().time()
        if now >= reading.claim_at:
            entry = await self._abandoned(reading.consumer)
            if entry is not None:
                return await self._handed(reading.consumer, entry, again=True)
            reading.claim_at = now + self._abandoned_after / 4
        entry = await self._read(reading.consumer, ">", min(_BLOCK, max(reading.claim_at - now, 0.001)))
        return None if entry is None else await self._handed(reading.consumer, entry, again=False)

    async def _read(self, consumer: str, behind: str, block: float | None) -> "_Entry | None":
        found: Any = await self._client.xreadgroup(
            _GROUP,
            consumer,
            {self._stream: behind},
            count=1,
            block=None if block is None else max(1, int(block * 1000)),
        )
        return found[0][1][0] if found and found[0][1] else None

    async def _abandoned(self, consumer: str) -> "_Entry | None":
        at = b"0-0"
        while True:
            at, entries, *_ = await self._client.xautoclaim(
                self._stream, _GROUP, consumer, int(self._abandoned_after * 1000), at, count=1
            )
            if entries or at == b"0-0":
                return entries[0] if entries else None

    async def _handed(self, consumer: str, found: "_Entry", *, again: bool) -> Handed | None:
        entry, fields = found[0].decode(), found[1]
        try:
            delivery = await unpacked(fields)
        except ValueError as error:
            # Taken out, so that its receiver finds it missing and offers it again.
            log.warning("delivery_unreadable", entry=entry, error=explained(error))
            await self._discard(self._keys, [_GROUP, entry])
            return None
        tries = 1
        if again:
            pending: Any = await self._client.xpending_range(self._stream, _GROUP, entry, entry, 1)
            if not pending:
                return None  # settled in this moment by a worker that was slow
            tries = pending[0]["times_delivered"]
        return Handed(delivery, f"{entry} {consumer}", tries)

    async def _group(self) -> bool:
        """Make the group that a flush took away, or that never was; it begins with the oldest entry."""
        try:
            async with asyncio.timeout(ANSWER):
                await self._make_group(self._keys, [_GROUP])
        except ResponseError as error:
            return "BUSYGROUP" in str(error)
        except (RedisError, OSError):
            return False
        return True


_Entry = tuple[bytes, dict[bytes, bytes]]


@dataclass(slots=True)
class _Reading:
    """Where an iterator stands. `left`: behind which entry to look for what a former life left."""

    consumer: str
    left: str | None = "0"
    claim_at: float = 0.0


async def _endlessly(found: asyncio.Queue[Settled]) -> AsyncIterator[Settled]:
    while True:
        yield await found.get()
