"""Clusters' objects, read before anybody asks: else the first question about policies pays for it."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import anyio
import structlog

from tapetum.api.context import ApiContext, Asked
from tapetum.api.plain import one_line
from tapetum.api.states import KEPT
from tapetum.api.use.cluster_objects import read_objects
from tapetum.domain.scope import EVERYTHING

log = structlog.get_logger("tapetum.api")


@asynccontextmanager
async def reading_ahead(api: ApiContext) -> AsyncGenerator[None]:
    """Begins to read, and stops when it is left."""
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(read_ahead, api)
        yield
        tasks.cancel_scope.cancel()


async def read_ahead(api: ApiContext) -> None:
    """Of the clusters heard of last, as many as are kept. Where a store is away, or an object cannot be read,
    whoever asks first finds that.
    """
    asked = Asked(api, EVERYTHING, api.clock())
    try:
        every = await api.logs.census(EVERYTHING)
        for each in sorted(every, key=lambda each: each.last_seen or 0)[-KEPT:]:
            await read_objects(asked, each.cluster, asked.now)
    except Exception as error:  # noqa: BLE001 - whoever asks is told; a server must not end for what it reads ahead
        log.warning("manifests were not read ahead", error=one_line(str(error), 300))
