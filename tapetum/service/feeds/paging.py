"""A feed whole: one download or, where a TAXII server answers by pages, all of them within the same limits.

Each page is asked of the feed's own address by what the server calls it, never at an address that it names.
"""

import time
from collections.abc import Mapping
from dataclasses import replace

import anyio.to_thread
import httpx

from tapetum.detect.feeds.taxii import following, joined
from tapetum.domain.errors import BadInputError
from tapetum.domain.feeds import Feed, FeedForm
from tapetum.service.feeds.download import Downloaded, Limits, download

MOST_PAGES = 1000


async def whole(
    client: httpx.AsyncClient, feed: Feed, headers: Mapping[str, str], limits: Limits
) -> Downloaded:
    """Raises BadInputError, TooLargeError or UnavailableError; where any page fails, all of it does."""
    began = time.monotonic()
    url = feed.url or ""
    first = await download(client, url, headers, limits)
    if feed.form is not FeedForm.STIX or first.body is None:
        return first
    pages, words = [first.body], set[str]()
    while (word := await anyio.to_thread.run_sync(following, pages[-1])) is not None:
        if word in words or len(pages) >= MOST_PAGES:
            raise BadInputError(f"The feed's server never comes to an end: it gave {len(pages)} pages.")
        words.add(word)
        left = replace(limits, taken=sum(map(len, pages)), spent=time.monotonic() - began)
        pages.append(await _page(client, url, word, headers, left))
    if not words:
        return first
    # What marks the first page as unchanged says nothing of the others.
    return Downloaded(await anyio.to_thread.run_sync(joined, pages), None, None)


async def _page(
    client: httpx.AsyncClient, url: str, word: str, headers: Mapping[str, str], limits: Limits
) -> bytes:
    asked = str(httpx.URL(url).copy_set_param("next", word))
    plain = {name: value for name, value in headers.items() if not name.startswith("if-")}
    told = await download(client, asked, plain, limits)
    return told.body or b""
