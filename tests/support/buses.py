"""Buses between processes, as a test has them: over a list of alerts, on an event loop of their own."""

import asyncio
import threading
from collections.abc import Generator
from contextlib import contextmanager

from tapetum.bus.redis import RedisBus
from tapetum.domain.alerts import Alert, NumberedAlert
from tapetum.domain.endpoints import NodeKind, NodeRef


def alert(number: int) -> NumberedAlert:
    end = NodeRef(NodeKind.WORKLOAD, "c", "ns", f"w{number}")
    return NumberedAlert(
        number, Alert(f"a{number}", number, "k", "r", "t", "d", 50, "c", end, end, "tcp", 80)
    )


def bus_over(url: str, alerts: list[NumberedAlert], prefix: str) -> RedisBus:
    async def after(number: int, limit: int) -> list[NumberedAlert]:
        return [one for one in alerts if one.number > number][:limit]

    async def last() -> int:
        return alerts[-1].number if alerts else 0

    return RedisBus(url, after, last, prefix=prefix)


@contextmanager
def on_a_loop(bus: RedisBus) -> Generator[None]:
    """The bus runs on a loop in a thread; subscribers and publishers are elsewhere."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        asyncio.run_coroutine_threadsafe(bus.__aenter__(), loop).result(10)
        try:
            yield
        finally:
            asyncio.run_coroutine_threadsafe(bus.__aexit__(), loop).result(10)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
