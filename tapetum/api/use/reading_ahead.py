"""Clusters' objects, read before anybody asks: else the first question about policies pays for it."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import anyio

from tapetum.api.context import ApiContext, Asked
from tapetum.api.states import KEPT
from tapetum.api.use.cluster_objects import read_objects
from tapetum.domain.errors import TapetumError
from tapetum.domain.scope import EVERYTHING


@asynccontextmanager
async def reading_ahead(api: ApiContext) -> AsyncGenerator[None]:
    """Begins to read, and stops when it is left."""
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(read_ahead, api)
        yield
        tasks.cancel_scope.cancel()


async def read_ahead(api: ApiContext) -> None:
    """Of the clusters heard of last, as many as are kept. Where a store is away, whoever asks first reads."""
    asked = Asked(api, EVERYTHING, api.clock())
    try:
        every = await api.logs.census(EVERYTHING)
        for each in sorted(every, key=lambda each: each.last_seen or 0)[-KEPT:]:
            await read_objects(asked, each.cluster, asked.now)
    except TapetumError:
        return
