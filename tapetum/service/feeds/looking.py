"""Looking for a feed: when that is due, and what a try comes to. The last good copy is never lost."""

from dataclasses import replace

import anyio.to_thread
import httpx

from tapetum.detect.feeds.reading import MOST_BYTES, read_feed, taken
from tapetum.domain.errors import BadInputError, TooLargeError, UnavailableError
from tapetum.domain.feeds import Feed, FeedState, Indicators, due_at
from tapetum.domain.moments import Micros
from tapetum.service.feeds.download import Limits
from tapetum.service.feeds.paging import whole

LIMITS = Limits(MOST_BYTES)
_ACCEPT = (
    "text/plain, text/csv, application/stix+json;version=2.1, application/taxii+json;version=2.1, */*;q=0.5"
)


def is_due(feed: Feed, state: FeedState | None, now: Micros) -> bool:
    """Whether to look for it now. A clock that was set back counts as time that has passed."""
    known = state or FeedState("")
    due = due_at(feed, known)
    return due is not None and not (known.checked_at or 0) <= now < due


async def look(
    client: httpx.AsyncClient, feed: Feed, before: FeedState, now: Micros, limits: Limits = LIMITS
) -> tuple[FeedState, Indicators | None]:
    """How the feed stands after a try, and its indicators where they are others than before."""
    tried = replace(before, checked_at=now, tried_by=feed.reading, wanted=False)
    known = before if before.digest is not None and before.read_by == feed.reading else None
    try:
        told = await whole(client, feed, _headers(known), limits)
        if told.body is None:
            return replace(tried, fetched_at=now, failure=None), None
        read = await anyio.to_thread.run_sync(read_feed, told.body, feed, now)
        state, fresh = taken(tried, feed, read, now)
    except (BadInputError, TooLargeError, UnavailableError) as error:
        return replace(tried, failure=error.message), None
    return replace(state, etag=told.etag, modified=told.modified), fresh


def _headers(before: FeedState | None) -> dict[str, str]:
    """What the server needs to know to say that nothing has changed."""
    headers = {"accept": _ACCEPT, "user-agent": "tapetum"}
    if before is not None and before.etag is not None:
        headers["if-none-match"] = before.etag
    if before is not None and before.modified is not None:
        headers["if-modified-since"] = before.modified
    return headers
