"""Alerts from a log store that is slow, away or behind: in order, each once, to all who listen."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

import pytest
from structlog.testing import capture_logs

from tapetum.bus import alert_pump
from tapetum.bus.alert_pump import AlertPump
from tapetum.bus.port import AlertsRaised
from tapetum.domain.alerts import NumberedAlert
from tapetum.domain.errors import UnavailableError
from tests.support.buses import alert


class Log:
    """Alerts up to `last`, of which a search shows those up to `shown`."""

    def __init__(self) -> None:
        self.last = self.shown = 0
        self.away = False
        self.reads = 0

    def add(self, count: int = 1, *, shown: bool = True) -> int:
        self.last += count
        if shown:
            self.shown = self.last
        return self.last

    async def after(self, number: int, limit: int) -> list[NumberedAlert]:
        await self._answer()
        return [alert(each) for each in range(number + 1, min(self.shown, number + limit) + 1)]

    async def last_alert(self) -> int:
        await self._answer()
        return self.shown

    async def _answer(self) -> None:
        self.reads += 1
        await asyncio.sleep(0)
        if self.away:
            raise UnavailableError("the log store is away")


class Heard(list[int]):
    def take(self, event: AlertsRaised) -> None:
        self.extend(each.number for each in event.alerts)

    async def until(self, count: int, within: float = 5) -> None:
        async with asyncio.timeout(within):
            while len(self) < count:  # noqa: ASYNC110 - filled from elsewhere
                await asyncio.sleep(0.005)


@asynccontextmanager
async def pumping(log: Log, heard: Heard) -> AsyncGenerator[AlertPump]:
    pump = AlertPump(log.after, log.last_alert, heard.take)
    running = asyncio.create_task(pump.run())
    try:
        yield pump
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alert_pump, "_EVERY", 0.2)
    monkeypatch.setattr(alert_pump, "_SOON", 0.02)
    monkeypatch.setattr(alert_pump, "_HINTED_FOR", 1.0)


async def test_a_hint_brings_all_that_is_new_in_order_and_once() -> None:
    log, heard = Log(), Heard()
    log.add(7)
    async with pumping(log, heard) as pump:
        await pump.attend()
        pump.hint(log.add(1200))
        await heard.until(1200, within=0.15)
        pump.hint(log.last)
        pump.hint(3)
        await asyncio.sleep(0.3)
    assert heard == list(range(8, 1208))


async def test_without_any_hint_it_looks_every_few_seconds() -> None:
    log, heard = Log(), Heard()
    async with pumping(log, heard) as pump:
        await pump.attend()
        for number in range(1, 4):
            log.add()
            await heard.until(number)
    assert heard == [1, 2, 3]


async def test_what_was_hinted_at_and_does_not_show_yet_is_looked_for_soon() -> None:
    log, heard = Log(), Heard()
    async with pumping(log, heard) as pump:
        await pump.attend()
        pump.hint(log.add(2, shown=False))
        await asyncio.sleep(0.05)
        assert heard == []
        log.shown = 2
        await heard.until(2, within=0.1)
        log.reads = 0
        pump.hint(99)  # which never comes: it is not looked for forever
        await asyncio.sleep(1.5)
        soon = log.reads
        await asyncio.sleep(0.5)
        assert log.reads - soon <= 4


async def test_while_the_log_store_is_away_nothing_is_lost() -> None:
    log, heard = Log(), Heard()
    with capture_logs() as logged:
        async with pumping(log, heard) as pump:
            await pump.attend()
            log.away = True
            for _ in range(3):
                pump.hint(log.add())
                await asyncio.sleep(0.05)
            assert heard == []
            log.away = False
            await heard.until(3)
    assert heard == [1, 2, 3]
    assert [entry["event"] for entry in logged] == ["alerts_unread"]


async def test_a_fault_of_the_reader_silences_it_for_a_moment_only() -> None:
    log, heard = Log(), Heard()
    faults = [ValueError("a fault")]

    async def after(number: int, limit: int) -> list[NumberedAlert]:
        if faults:
            raise faults.pop()
        return await log.after(number, limit)

    pump = AlertPump(after, log.last_alert, heard.take)
    with capture_logs():
        running = asyncio.create_task(pump.run())
        await pump.attend()
        pump.hint(log.add())
        await heard.until(1)
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


async def test_nobody_listens_nothing_is_read_and_who_comes_hears_what_is_raised_from_then_on() -> None:
    log, heard = Log(), Heard()
    async with pumping(log, heard) as pump:
        pump.hint(log.add(5))
        await asyncio.sleep(0.3)
        assert log.reads == 0
        await asyncio.gather(pump.attend(), pump.attend())
        pump.hint(log.add())
        await heard.until(1)
        pump.leave()
        pump.hint(log.add())
        await heard.until(2)
        pump.leave()
        pump.hint(log.add(3))
        await asyncio.sleep(0.3)
        await pump.attend()
        pump.hint(log.add())
        await heard.until(3)
    assert heard == [6, 7, 11]


async def test_who_comes_while_the_log_store_is_away_is_told() -> None:
    log, heard = Log(), Heard()
    async with pumping(log, heard) as pump:
        log.away = True
        with pytest.raises(UnavailableError):
            await pump.attend()
        log.away = False
        await pump.attend()
        pump.hint(log.add())
        await heard.until(1)
