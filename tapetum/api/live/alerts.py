"""Alerts as they are raised, and those that a subscriber missed; each exactly once, in order."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable, Iterable
from dataclasses import replace

from tapetum.api.context import Asked, Prelude
from tapetum.api.schema.alert import Alert
from tapetum.api.schema.live import AlertRaised
from tapetum.api.use.alerts import record_of, sees
from tapetum.bus.port import AlertsRaised
from tapetum.domain.alerts import NumberedAlert
from tapetum.domain.batches import RecordKind
from tapetum.domain.errors import BadInputError
from tapetum.domain.identity import seal, unseal
from tapetum.kql import Query, compile_predicate

_TAG = "raised"
_PAGE = 500
REPLAYED = 2000
"""At most so many missed alerts are sent again; the gap counts those before."""

KEPT = 256
"""Newest events that a feed keeps ready."""


class AlertFeed:
    """Keeps its newest events, so that many who come back at once cost the store one read."""

    def __init__(self, asked: Asked, clusters: frozenset[str] | None, query: Query | None) -> None:
        self._logs = asked.api.logs
        self._bus = asked.api.bus
        self._scope = asked.scope.narrowed(clusters)
        self._test = None if query is None else compile_predicate(query, "alerts", asked.now)
        self._kept: deque[AlertRaised] = deque()
        self._kept_from = 0  # every event behind this number that was seen is kept
        self._last = 0
        self._reading = asyncio.Lock()

    async def follow(self, opened: Callable[[], None]) -> AsyncGenerator[AlertRaised]:
        async with self._bus.subscribe(RecordKind.ALERTS) as events:
            # Read once subscribed: what is raised in between is in the store, and its event is skipped.
            self._last = self._kept_from = await self._logs.last_alert(self._scope)
            opened()
            async for event in events:
                if events.take_dropped():
                    async for page in self._pages(self._last):
                        for raised in self._seen(page):
                            yield raised
                if isinstance(event, AlertsRaised):
                    for raised in self._seen(event.alerts):
                        yield raised

    async def prelude(self, after: str | None) -> Prelude:
        if after is None:
            return Prelude()
        number = _read(after)
        async with self._reading:
            if number > await self._logs.last_alert(self._scope):
                return Prelude()  # a cursor of another store: nothing here is known to have been seen
            missed, gap = await self._missed(number)
        if gap and missed:
            missed[0] = replace(missed[0], gap=gap, payload=None)
        return Prelude(missed, missed[-1].position if missed else number)

    async def _missed(self, number: int) -> tuple[list[AlertRaised], int]:
        if number >= self._kept_from:
            return [event for event in self._kept if event.position > number], 0
        until, skipped = self._kept_from, 0
        older: deque[AlertRaised] = deque()
        async for page in self._pages(number):
            for numbered in page:
                if numbered.number <= until and self._meets(numbered):
                    older.append(_shown(numbered))
            while len(older) > REPLAYED:
                older.popleft()
                skipped += 1
            if page[-1].number >= until:
                break
        if until != self._kept_from:  # live events pushed kept ones out meanwhile
            return await self._missed(number)
        missed = [*older, *self._kept]
        if not skipped:
            self._kept, self._kept_from = deque(missed), number
        return missed, skipped

    async def _pages(self, number: int) -> AsyncGenerator[list[NumberedAlert]]:
        """Of the store, behind a number."""
        while page := await self._logs.alerts_after(self._scope, number, _PAGE):
            number = page[-1].number
            yield page

    def _seen(self, alerts: Iterable[NumberedAlert]) -> list[AlertRaised]:
        """New events, kept for those who come back."""
        found: list[AlertRaised] = []
        for numbered in alerts:
            if numbered.number <= self._last:
                continue
            self._last = numbered.number
            if self._meets(numbered):
                found.append(_shown(numbered))
        self._kept.extend(found)
        for _ in range(2 * len(found)):  # what was read for someone who came back goes bit by bit
            if len(self._kept) > KEPT:
                self._kept_from = self._kept.popleft().position
        return found

    def _meets(self, numbered: NumberedAlert) -> bool:
        alert = numbered.alert
        return sees(self._scope, alert) and (self._test is None or self._test(record_of(alert)))


def raised_cursor(number: int) -> str:
    return seal(_TAG, number)


def _shown(numbered: NumberedAlert) -> AlertRaised:
    number = numbered.number
    return AlertRaised(cursor=raised_cursor(number), alert=Alert.of(numbered.alert), gap=0, position=number)


def _read(cursor: str) -> int:
    parts = unseal(cursor, _TAG)
    if len(parts) != 1 or type(parts[0]) is not int or not 0 <= parts[0] < 2**63:
        raise BadInputError(
            f"{cursor[:60]!r} is not a cursor of alertRaised; start without `after`.", path="after"
        )
    return parts[0]
