"""What every Catalog keeps of feeds: their state, and their indicators until there are better ones."""

from dataclasses import replace

import pytest

from tapetum.catalog.documents import Draft, Removal
from tapetum.catalog.feeds import digest_of
from tapetum.catalog.port import Catalog
from tapetum.domain.documents import DocumentKind
from tapetum.domain.errors import NotAllowedError
from tapetum.domain.feeds import FeedState, Indicators, Refused
from tapetum.domain.scope import EVERYTHING, Scope
from tests.contract.adapters import Rig
from tests.support.factory import MINUTE, NOW

FEED = DocumentKind.FEED
DRAFT = Draft("f1", FEED, "Tor exits", "tor", shared=True, body='{"format":1}', version=None, at=NOW)
LISTED = Indicators(("203.0.113.0/24", "2001:db8::7"), ("bad.example", "xn--bcher-kva.example"))
STATE = FeedState(
    "f1",
    checked_at=NOW,
    fetched_at=NOW,
    etag='W/"1"',
    modified="Sun, 29 Nov 2026 00:00:00 GMT",
    read_by="r",
    tried_by="t",
    digest=digest_of(LISTED),
    networks=2,
    domains=2,
    left_out=1,
    refused=(Refused(3, "o\U0001f63aps'", "no address"),),
)


async def saved(store: Catalog) -> Catalog:
    await store.save_document(EVERYTHING, None, DRAFT)
    return store


async def test_a_feed_is_kept_as_it_was_read(catalog: Rig[Catalog]) -> None:
    store = await saved(catalog.store)
    assert await store.feed_states(EVERYTHING) == []
    assert await store.feed_indicators(EVERYTHING, "f1") is None
    assert await store.keep_feed(EVERYTHING, 1, STATE, LISTED)
    assert await store.feed_states(EVERYTHING) == [STATE]
    assert await store.feed_indicators(EVERYTHING, "f1") == LISTED
    assert await store.feed_indicators(EVERYTHING, "f2") is None


async def test_the_last_good_copy_stays_when_a_try_fails(catalog: Rig[Catalog]) -> None:
    store = await saved(catalog.store)
    await store.keep_feed(EVERYTHING, 1, STATE, LISTED)
    failed = replace(STATE, checked_at=NOW + MINUTE, failure="it answered 500.")
    assert await store.keep_feed(EVERYTHING, 1, failed, None)
    assert await store.feed_states(EVERYTHING) == [failed]
    assert await store.feed_indicators(EVERYTHING, "f1") == LISTED
    better = Indicators(("203.0.113.9",))
    assert await store.keep_feed(EVERYTHING, 1, replace(STATE, digest=digest_of(better)), better)
    assert await store.feed_indicators(EVERYTHING, "f1") == better


async def test_what_was_read_for_another_version_of_a_feed_is_not_kept(catalog: Rig[Catalog]) -> None:
    store = await saved(catalog.store)
    await store.save_document(EVERYTHING, None, replace(DRAFT, version=1, title="Other"))
    assert not await store.keep_feed(EVERYTHING, 1, STATE, LISTED)
    assert not await store.keep_feed(EVERYTHING, 2, replace(STATE, feed="f2"), LISTED)
    assert await store.feed_states(EVERYTHING) == []
    assert await store.keep_feed(EVERYTHING, 2, STATE, LISTED)


async def test_marks_are_set_beside_the_state(catalog: Rig[Catalog]) -> None:
    store = await saved(catalog.store)
    await store.want_feed(EVERYTHING, "f1")
    assert await store.feed_states(EVERYTHING) == [], "nobody looked for it yet"
    await store.keep_feed(EVERYTHING, 1, STATE, LISTED)
    await store.note_matched(EVERYTHING, "f1", "d1")
    await store.want_feed(EVERYTHING, "f1")
    assert await store.feed_states(EVERYTHING) == [replace(STATE, wanted=True, matched="d1")]
    await store.keep_feed(EVERYTHING, 1, replace(STATE, wanted=True, matched="d0"), None)
    assert await store.feed_states(EVERYTHING) == [replace(STATE, matched="d1")]


async def test_a_deleted_feed_leaves_nothing(catalog: Rig[Catalog]) -> None:
    store = await saved(catalog.store)
    await store.keep_feed(EVERYTHING, 1, STATE, LISTED)
    await store.remove_document(EVERYTHING, None, Removal("f1", FEED, None))
    assert await store.feed_states(EVERYTHING) == []
    assert await store.feed_indicators(EVERYTHING, "f1") is None
    assert not await store.keep_feed(EVERYTHING, 1, STATE, LISTED)


@pytest.mark.parametrize(
    "scope", [Scope(frozenset({"east"})), Scope(None, frozenset({("east", "shop")}))], ids=str
)
async def test_limited_callers_neither_read_nor_keep_feeds(catalog: Rig[Catalog], scope: Scope) -> None:
    store = await saved(catalog.store)
    for asked in (
        store.feed_states(scope),
        store.feed_indicators(scope, "f1"),
        store.keep_feed(scope, 1, STATE, LISTED),
        store.want_feed(scope, "f1"),
        store.note_matched(scope, "f1", "d"),
    ):
        with pytest.raises(NotAllowedError):
            await asked
    assert await store.feed_states(EVERYTHING) == []
