"""Alerts of all processes, read from the log store in the order of their numbers, each once.

A hint makes it quick, a look every few seconds makes it sure. It runs only while somebody listens.
"""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from tapetum.bus.port import AlertsRaised
from tapetum.domain.alerts import NumberedAlert
from tapetum.domain.errors import TapetumError

AlertsAfter = Callable[[int, int], Awaitable[list[NumberedAlert]]]
"""At most so many alerts behind a number, in order and without a gap."""

LastAlert = Callable[[], Awaitable[int]]

log = structlog.get_logger("tapetum.bus")

_PAGE = 500
_EVERY = 2.0
_SOON = 0.1
_HINTED_FOR = 5.0


class AlertPump:
    """Confined to one event loop, but for `hint`, which the loop's owner must bring onto it."""

    def __init__(self, after: AlertsAfter, last: LastAlert, publish: Callable[[AlertsRaised], None]) -> None:
        self._after = after
        self._last_alert = last
        self._publish = publish
        self._beginning = asyncio.Lock()
        self._listeners = 0
        self._last = 0  # the number of the alert that was handed out last
        self._hinted = 0
        self._wake = asyncio.Event()
        self._attended = asyncio.Event()

    async def attend(self) -> None:
        """One more listener, who is subscribed already: it hears all that is raised from now on.

        Raises what the log store raises.
        """
        async with self._beginning:
            if not self._listeners:
                self._last = await self._last_alert()
            self._listeners += 1
            self._attended.set()

    def leave(self) -> None:
        self._listeners -= 1
        if not self._listeners:
            self._attended.clear()

    def hint(self, number: int) -> None:
        self._hinted = max(self._hinted, number)
        self._wake.set()

    async def run(self) -> None:
        clock = asyncio.get_running_loop().time
        failing = False
        soon_until = 0.0
        while True:
            await self._attended.wait()
            if self._wake.is_set():
                soon_until = clock() + _HINTED_FOR
            self._wake.clear()
            try:
                await self._hand_out()
                failing = False
            except TapetumError as error:
                if not failing:
                    log.warning("alerts_unread", error=error.message)
                failing = True
            except Exception:  # a fault of ours must not silence alerts for good
                log.exception("alerts_unread")
                failing = True
            # What was hinted at may show in the store a moment later.
            behind = self._last < self._hinted and clock() < soon_until
            try:
                async with asyncio.timeout(_SOON if behind and not failing else _EVERY):
                    await self._wake.wait()
            except TimeoutError:
                continue

    async def _hand_out(self) -> None:
        while self._listeners:
            behind = self._last
            page = await self._after(behind, _PAGE)
            if behind != self._last or not page:
                return  # nothing new, or all listeners left and others came meanwhile
            self._last = page[-1].number
            self._publish(AlertsRaised(tuple(page)))
