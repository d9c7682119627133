"""Hears the records of one kind that other processes committed, and counts those that were missed."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import aclosing, suppress
from typing import Any

from redis.asyncio import Redis

from tapetum.bus.inprocess import InProcessBus
from tapetum.bus.redis.connection import explained, heard, log
from tapetum.bus.redis.packing import RecordsMessage, event_of, read_records_message
from tapetum.domain.batches import RecordKind

_ATTACH = 2.0


class Ear:
    """Listens while somebody attends. Confined to one event loop; `attached` is told of every change."""

    def __init__(
        self,
        client: Redis,
        channel: str,
        kind: RecordKind,
        origin: str,
        local: InProcessBus,
        attached: Callable[[RecordKind, bool], None],
    ) -> None:
        self._client = client
        self._channel = channel
        self._kind = kind
        self._origin = origin
        self._local = local
        self._tell = attached
        self._attending = 0
        self._listening: asyncio.Task[None] | None = None
        self._attached = asyncio.Event()
        self._heard: dict[str, int] = {}  # the number of the last event, by origin

    def attend(self, start: Callable[[Coroutine[Any, Any, None]], asyncio.Task[None]]) -> None:
        self._attending += 1
        if self._attending == 1:
            self._listening = start(self._listen())

    async def ready(self) -> None:
        """Once Redis knows that we listen, or after a moment: while it is away, so are the events."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_ATTACH):
                await self._attached.wait()

    def leave(self) -> None:
        self._attending -= 1
        if not self._attending and self._listening is not None:
            self._listening.cancel()
            self._attach(False)
            self._heard.clear()

    def _attach(self, on: bool) -> None:
        self._tell(self._kind, on)
        (self._attached.set if on else self._attached.clear)()

    async def _listen(self) -> None:
        async with aclosing(heard(self._client, self._channel, self._attach)) as messages:
            async for message in messages:
                try:
                    await self._take(read_records_message(message))
                except ValueError as error:
                    log.warning("records_event_unreadable", kind=self._kind.value, error=explained(error))
                    self._local.miss(self._kind, 1)

    async def _take(self, message: RecordsMessage) -> None:
        """Hand an event on, having counted those of its origin that were missed before it."""
        if message.origin == self._origin:
            return
        last = self._heard.get(message.origin, message.number - 1)
        if message.number <= last:
            return  # sent again, as its origin had no answer
        self._heard[message.origin] = message.number
        if message.number - last > 1:
            self._local.miss(self._kind, message.number - last - 1)
        self._local.publish(await event_of(self._kind, message))
