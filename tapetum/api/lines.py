"""All clients that are connected now, watched together: expired tokens, revoked ones, stalled sockets."""

import asyncio
import time
from typing import Protocol

from tapetum.api.auth import Authenticator, Caller
from tapetum.api.context import ApiContext

_TICK = 1.0


class Line(Protocol):
    """One connected client."""

    caller: Caller | None

    def stalled(self) -> float: ...

    def expire(self) -> None:
        """Its token is not valid any more."""
        ...

    def let_go(self) -> None:
        """It takes nothing."""
        ...


class Lines:
    """One task for all of them, however many there are; it runs while there are any."""

    def __init__(self, api: ApiContext, authenticator: Authenticator) -> None:
        self._api = api
        self._authenticator = authenticator
        self._lines: set[Line] = set()
        self._watching: asyncio.Task[None] | None = None

    def add(self, line: Line) -> None:
        self._lines.add(line)
        self._api.metrics.sockets.inc()
        if self._watching is None or self._watching.done():
            self._watching = asyncio.create_task(self._watch())

    def remove(self, line: Line) -> None:
        self._lines.discard(line)
        self._api.metrics.sockets.dec()
        if not self._lines and self._watching is not None:
            self._watching.cancel()
            self._watching = None

    async def _watch(self) -> None:
        pace = self._api.settings.pace
        checked = time.monotonic()
        while True:
            await asyncio.sleep(_TICK)
            now, limit = self._api.clock(), pace.stalled.total_seconds()
            for line in tuple(self._lines):
                if line.caller is not None and line.caller.expired(now):
                    line.expire()
                elif line.stalled() > limit:
                    line.let_go()
            if time.monotonic() - checked >= pace.recheck.total_seconds():
                await self._recheck()
                checked = time.monotonic()

    async def _recheck(self) -> None:
        """Each token is looked up once, whoever many clients present it."""
        valid: dict[str, bool] = {}
        for line in tuple(self._lines):
            caller = line.caller
            if caller is None or caller.token is None:
                continue
            hashed = caller.token.hashed
            if hashed not in valid:
                valid[hashed] = await self._authenticator.still_valid(caller)
            if not valid[hashed]:
                line.expire()
