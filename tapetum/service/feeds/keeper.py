"""Keeps feeds fresh: looks for each that is due, and searches history for what one has not been searched for.

Of several processes one at a time has its turn; that two do the same would do no harm.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext

import anyio.to_thread
import httpx
import structlog

from tapetum.catalog.feeds import digest_of
from tapetum.catalog.port import Catalog
from tapetum.detect.feeds.index import Index
from tapetum.detect.feeds.matching import Watch
from tapetum.domain.alerts import Alert
from tapetum.domain.documents import FEEDS_PAGE, DocumentKind, read_body
from tapetum.domain.errors import BadInputError, TapetumError, TooLargeError
from tapetum.domain.feeds import Feed, FeedState, Indicators, KnownFeed
from tapetum.domain.moments import Clock, Micros
from tapetum.domain.scope import EVERYTHING
from tapetum.service.feeds.download import Limits
from tapetum.service.feeds.looking import LIMITS, is_due, look

log = structlog.get_logger()

MOST = 500
_ROUND = 5.0
_AT_ONCE = 500
Turn = Callable[[], AbstractAsyncContextManager[None]]


Search = Callable[[Watch], Awaitable[list[Alert]]]
"""Of history."""
Raise = Callable[[str, list[Alert]], None]
"""Under the name of who would raise the same again."""


class Keeper:
    def __init__(
        self,
        catalog: Catalog,
        client: Callable[[], httpx.AsyncClient],
        clock: Clock,
        search: Search,
        raising: Raise,
        *,
        turn: Turn = nullcontext,
        limits: Limits = LIMITS,
        settled: Micros = 0,
        every: float = _ROUND,
    ) -> None:
        """`settled`: how long after a change it may take until the stream matches by it everywhere."""
        self._catalog = catalog
        self._client = client
        self._clock = clock
        self._turn = turn
        self._search = search
        self._raise = raising
        self._settled = settled
        self._limits = limits
        self._every = every

    async def once(self) -> None:
        """Whatever is due now."""
        if not any(map(self._is_due, found := await known_feeds(self._catalog))) and not any(
            map(self._is_unsearched, found)
        ):
            return
        async with self._turn(), self._client() as client:
            for each in await known_feeds(self._catalog):  # others may have had their turn meanwhile
                if self._is_due(each):
                    await self._look(client, each)
            for each in await known_feeds(self._catalog):
                if self._is_unsearched(each):
                    await self._search_for(each)

    @asynccontextmanager
    async def running(self) -> AsyncGenerator[None]:
        """Keep at it while the block runs."""
        task = asyncio.create_task(self._run())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    def _is_due(self, each: KnownFeed) -> bool:
        return is_due(each.feed, each.state, self._clock())

    def _is_unsearched(self, each: KnownFeed) -> bool:
        state = each.state
        known = each.feed.enabled and state.digest is not None and state.digest != state.matched
        return known and self._clock() - (state.fetched_at or 0) >= self._settled

    async def _look(self, client: httpx.AsyncClient, each: KnownFeed) -> None:
        state, fresh = await look(client, each.feed, each.state, self._clock(), self._limits)
        if await self._catalog.keep_feed(EVERYTHING, each.document.version, state, fresh) and state.failure:
            log.warning("a feed stays as it was", feed=each.feed.title, reason=state.failure)

    async def _search_for(self, each: KnownFeed) -> None:
        indicators = await self._catalog.feed_indicators(EVERYTHING, each.document.id) or Indicators()
        digest = digest_of(indicators)
        index = await anyio.to_thread.run_sync(Index.of, indicators)
        try:
            alerts = await self._search(Watch(each.document.id, each.feed, index))
        except (BadInputError, TooLargeError) as error:  # it would be no better the next time
            log.warning("history cannot be searched for a feed", feed=each.feed.title, reason=error.message)
            alerts = []
        for start in range(0, len(alerts), _AT_ONCE):
            some = alerts[start : start + _AT_ONCE]
            await anyio.to_thread.run_sync(self._raise, f"feed {each.document.id} {digest}", some)
        await self._catalog.note_matched(EVERYTHING, each.document.id, digest)
        log.info("history was searched for a feed", feed=each.feed.title, found=len(alerts))

    async def _run(self) -> None:
        while True:
            try:
                await self.once()
            except TapetumError as error:
                log.warning("feeds wait", reason=error.message)
            except Exception:  # a fault of ours must not end what keeps the others fresh
                log.exception("feeds could not be looked after")
            await asyncio.sleep(self._every)


async def known_feeds(catalog: Catalog) -> list[KnownFeed]:
    """All feeds that can be used; one of another version's format is passed over."""
    documents = await catalog.documents(EVERYTHING, None, DocumentKind.FEED, None, MOST)
    states = {state.feed: state for state in await catalog.feed_states(EVERYTHING)} if documents else {}
    found: list[KnownFeed] = []
    for document in documents:
        try:
            feed = read_body(document.body.encode(), Feed, FEEDS_PAGE)
        except BadInputError as error:
            log.warning("a feed cannot be used", feed=document.title, reason=error.message)
            continue
        found.append(KnownFeed(document, feed, states.get(document.id) or FeedState(document.id)))
    return found
