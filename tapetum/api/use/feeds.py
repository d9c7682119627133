"""Feeds: saved like other documents, with their state; for callers that may see everything only."""

from typing import Any

import anyio.to_thread

from tapetum.api.context import Asked
from tapetum.api.use.arguments import read_limit
from tapetum.api.use.saved import find_document, list_documents, remove_document, save_document
from tapetum.catalog.feeds import hold_scope
from tapetum.detect.feeds.network_set import network_set
from tapetum.detect.feeds.reading import read_feed, taken
from tapetum.domain.documents import FEEDS_PAGE, Document, DocumentKind, read_body
from tapetum.domain.errors import BadInputError, ConflictError, NotFoundError
from tapetum.domain.feeds import Feed, FeedState, Indicators, KnownFeed

MOST = 500
_KIND = DocumentKind.FEED


async def list_feeds(asked: Asked, category: str | None, limit: int) -> list[KnownFeed]:
    hold_scope(asked.scope)
    read_limit("limit", limit, MOST)
    return await _with_states(asked, await list_documents(asked, _KIND, category, limit))


async def find_feed(asked: Asked, text: str) -> KnownFeed | None:
    hold_scope(asked.scope)
    document = await find_document(asked, _KIND, text)
    return None if document is None else (await _with_states(asked, [document]))[0]


async def save_feed(asked: Asked, text: str | None, body: Any, version: int | None) -> KnownFeed:
    """Shared among all that may see everything, whoever saved it."""
    hold_scope(asked.scope)
    saved = await save_document(asked, _KIND, text, body, version, shared=True)
    return (await _with_states(asked, [saved]))[0]


async def remove_feed(asked: Asked, text: str, version: int | None) -> KnownFeed:
    hold_scope(asked.scope)
    removed = await remove_document(asked, _KIND, text, version)
    return (await _with_states(asked, [removed]))[0]


async def refresh_feed(asked: Asked, text: str) -> KnownFeed:
    known = await _found(asked, text)
    if known.feed.url is None:
        raise BadInputError("This feed has no address to be fetched from; upload its content.", path="id")
    if not known.feed.enabled:
        raise BadInputError("This feed is switched off; switch it on, and it is fetched.", path="id")
    await asked.api.catalog.want_feed(asked.scope, known.document.id)
    return await _found(asked, text)


async def upload_feed(asked: Asked, text: str, content: str) -> KnownFeed:
    """In place of what was uploaded before; where it cannot be read, that stays."""
    known = await _found(asked, text)
    if known.feed.url is not None:
        raise BadInputError("This feed is fetched from its address; upload to one without `url`.", path="id")
    body = content.encode(errors="replace")
    try:
        read = await anyio.to_thread.run_sync(read_feed, body, known.feed, asked.now)
        state, fresh = taken(known.state, known.feed, read, asked.now)
    except BadInputError as error:
        raise BadInputError(error.message, path="content") from None
    version = known.document.version
    if not await asked.api.catalog.keep_feed(asked.scope, version, state, fresh):
        raise ConflictError("The feed was changed meanwhile; upload it again.", path="id")
    return await _found(asked, text)


async def feed_indicators(asked: Asked, known: KnownFeed, containing: str, limit: int) -> list[str]:
    """Those with the text in them, networks first."""
    read_limit("limit", limit, MOST)
    found = await _indicators(asked, known)
    wanted = containing.strip().lower()
    return [each for each in (*found.networks, *found.domains) if wanted in each][:limit]


async def feed_network_set(asked: Asked, known: KnownFeed) -> str:
    found = await _indicators(asked, known)
    return await anyio.to_thread.run_sync(network_set, known.feed, found)


async def _found(asked: Asked, text: str) -> KnownFeed:
    known = await find_feed(asked, text)
    if known is None:
        raise NotFoundError(f"There is no feed {text[:60]!r}; it may have been deleted.", path="id")
    return known


async def _indicators(asked: Asked, known: KnownFeed) -> Indicators:
    return await asked.api.catalog.feed_indicators(asked.scope, known.document.id) or Indicators()


async def _with_states(asked: Asked, documents: list[Document]) -> list[KnownFeed]:
    states = {state.feed: state for state in await asked.api.catalog.feed_states(asked.scope)}
    return [KnownFeed(each, feed_of(each), states.get(each.id) or FeedState(each.id)) for each in documents]


def feed_of(document: Document) -> Feed:
    return read_body(document.body.encode(), Feed, FEEDS_PAGE)
