"""Waiting for what nobody is told of."""

import asyncio
from collections.abc import Callable


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not holds():  # noqa: ASYNC110 - spools, queues and tasks tell nobody of each change
            await asyncio.sleep(0.01)
