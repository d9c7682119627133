"""Keeps feeds fresh: looks for each that is due, one after the other, and keeps what that comes to.

Of several processes one at a time has its turn; that two do the same would do no harm.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass

import httpx
import structlog

from tapetum.catalog.port import Catalog
from tapetum.domain.documents import FEEDS_PAGE, Document, DocumentKind, read_body
from tapetum.domain.errors import BadInputError, TapetumError
from tapetum.domain.feeds import Feed, FeedState
from tapetum.domain.moments import Clock
from tapetum.domain.scope import EVERYTHING
from tapetum.service.feeds.download import Limits
from tapetum.service.feeds.looking import LIMITS, is_due, look

log = structlog.get_logger()

MOST = 500
_ROUND = 5.0
Turn = Callable[[], AbstractAsyncContextManager[None]]


@dataclass(frozen=True, slots=True)
class Standing:
    """A feed as it is saved, and how it stands."""

    document: Document
    feed: Feed
    state: FeedState


class Keeper:
    def __init__(
        self,
        catalog: Catalog,
        client: Callable[[], httpx.AsyncClient],
        clock: Clock,
        *,
        turn: Turn = nullcontext,
        limits: Limits = LIMITS,
        every: float = _ROUND,
    ) -> None:
        self._catalog = catalog
        self._client = client
        self._clock = clock
        self._turn = turn
        self._limits = limits
        self._every = every

    async def once(self) -> None:
        """Whatever is due now."""
        if not await self._due():
            return
        async with self._turn(), self._client() as client:
            for each in await self._due():  # others may have had their turn meanwhile
                await self._look(client, each)

    @asynccontextmanager
    async def running(self) -> AsyncGenerator[None]:
        """Keep at it while the block runs."""
        task = asyncio.create_task(self._run())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _due(self) -> list[Standing]:
        now = self._clock()
        return [each for each in await standing(self._catalog) if is_due(each.feed, each.state, now)]

    async def _look(self, client: httpx.AsyncClient, each: Standing) -> None:
        state, fresh = await look(client, each.feed, each.state, self._clock(), self._limits)
        if await self._catalog.keep_feed(EVERYTHING, each.document.version, state, fresh) and state.failure:
            log.warning("a feed stays as it was", feed=each.feed.title, reason=state.failure)

    async def _run(self) -> None:
        while True:
            try:
                await self.once()
            except TapetumError as error:
                log.warning("feeds wait", reason=error.message)
            except Exception:  # a fault of ours must not end what keeps the others fresh
                log.exception("feeds could not be looked after")
            await asyncio.sleep(self._every)


async def standing(catalog: Catalog) -> list[Standing]:
    """All feeds that can be used; one of another version's format is passed over."""
    documents = await catalog.documents(EVERYTHING, None, DocumentKind.FEED, None, MOST)
    states = {state.feed: state for state in await catalog.feed_states(EVERYTHING)} if documents else {}
    found: list[Standing] = []
    for document in documents:
        try:
            feed = read_body(document.body.encode(), Feed, FEEDS_PAGE)
        except BadInputError as error:
            log.warning("a feed cannot be used", feed=document.title, reason=error.message)
            continue
        found.append(Standing(document, feed, states.get(document.id) or FeedState(document.id)))
    return found
