"""Looking for a feed at a server that means no good: one sentence each time, and the last good copy stays."""

import asyncio
import tracemalloc
from collections.abc import AsyncGenerator, Generator
from dataclasses import replace

import pytest

from tapetum.domain.feeds import RETRY, Feed, FeedForm, FeedState, Indicators
from tapetum.domain.moments import DAY, HOUR, MINUTE
from tapetum.service.feeds.download import Limits
from tapetum.service.feeds.looking import is_due, look
from tapetum.service.outbound.targets import Targets
from tapetum.service.outbound.transport import guarded_client
from tests.support.factory import NOW
from tests.support.hostile import ETAG, Hostile, hostile_server

SMALL = Limits(size=4 << 20, seconds=30)
HASTY = Limits(size=4 << 20, seconds=0.5)
ONLY_THAT = Targets(["127.0.0.1/32"])
KNOWN = FeedState("f", NOW - DAY, NOW - DAY, etag=ETAG, read_by="r", tried_by="r", digest="d", networks=2)


@pytest.fixture
async def server() -> AsyncGenerator[Hostile]:
    async with hostile_server() as one:
        yield one


def feed(url: str, **rest: object) -> Feed:
    return Feed(format=1, title="Bad", url=url, **rest)  # type: ignore[arg-type] # a test's own


async def looked(
    url: str,
    before: FeedState = KNOWN,
    limits: Limits = SMALL,
    targets: Targets = ONLY_THAT,
    timeout: float = 30,  # noqa: ASYNC109 - of each step
    form: FeedForm = FeedForm.LIST,
) -> tuple[FeedState, Indicators | None]:
    async with guarded_client(targets, timeout=timeout) as client:
        return await look(client, feed(url, form=form), before, NOW, limits)


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("endless", "It is larger than 4 MiB, the most that is read."),
        ("bomb", "It is larger than 4 MiB, the most that is read."),
        ("page", "The server sends 'text/html; charset=utf-8', which is no list; correct the address."),
        ("page-as-text", "The feed is a page (HTML or XML), not a list; correct its address."),
        ("picture", "The server sends 'image/png', which is no list; correct the address."),
        ("brotli", "The server packs it by 'br', which was not asked for."),
        ("cut", "What the server sends is cut off."),
        ("patterns", "3 of 3 entries are no indicators; the first, in line 1, '(a+)+$' is a pattern"),
        ("empty", "The feed is empty."),
        ("missing", "The server answered 404 Not Found."),
        ("inwards", "127.0.0.2 leads to 127.0.0.2, which is no address of the internet"),
        ("to-metadata", "169.254.169.254 leads to 169.254.169.254, which is no address of the internet"),
        ("to-a-file", "The address, or one that it redirects to, is no URL of HTTP."),
        ("around", "The server redirects too often; give the address that it leads to."),
    ],
)
async def test_a_hostile_feed_ends_in_one_sentence(server: Hostile, path: str, reason: str) -> None:
    state, fresh = await looked(server.url(path))
    assert fresh is None
    assert state.failure is not None
    assert state.failure.startswith(reason)
    assert state.failure.endswith(".")
    assert replace(state, failure=None, tried_by="r", checked_at=KNOWN.checked_at) == KNOWN


async def test_a_body_that_never_ends_is_given_up(server: Hostile) -> None:
    state, _ = await looked(server.url("dripping"), limits=HASTY)
    assert state.failure == "The server had not sent it all after 0.5 s."
    state, _ = await looked(server.url("silent"), timeout=0.3)
    assert state.failure == "The server does not answer, or stopped in the middle."


async def test_nothing_large_is_taken_in(server: Hostile) -> None:
    """Ten gigabytes as they come, and 200 MiB in 200 KiB."""
    tracemalloc.start()
    try:
        await looked(server.url("endless"))
        await looked(server.url("bomb"))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert server.sent < 64 << 20, "sockets hold some of it, and no more is asked for"
    assert peak < 32 << 20


async def test_a_good_feed_is_read_and_then_found_unchanged(server: Hostile) -> None:
    url = server.url("good")
    state, fresh = await looked(url, FeedState("f"))
    assert fresh is not None
    assert (fresh.networks, fresh.domains) == (("198.51.100.0/24", "203.0.113.7"), ("bad.example",))
    assert (state.failure, state.networks, state.domains, state.etag) == (None, 2, 1, ETAG)
    again, none = await looked(url, state)
    assert none is None
    assert again == replace(state, checked_at=NOW, fetched_at=NOW)
    assert server.asked[-1][1]["if-none-match"] == ETAG


async def test_a_feed_that_is_to_be_read_otherwise_is_fetched_whole(server: Hostile) -> None:
    state, _ = await looked(server.url("good"), FeedState("f"))
    async with guarded_client(ONLY_THAT, timeout=1) as client:
        other = feed(server.url("good"), private=True)
        state, fresh = await look(client, other, state, NOW, SMALL)
    assert "if-none-match" not in server.asked[-1][1]
    assert (state.failure, state.read_by, fresh) == (None, other.reading, None), "the same indicators"


@pytest.mark.parametrize("path", ["packed", "onwards"])
async def test_packed_and_moved_feeds_are_read(server: Hostile, path: str) -> None:
    state, fresh = await looked(server.url(path), FeedState("f"))
    assert state.failure is None
    assert fresh is not None


async def test_all_pages_of_a_taxii_server_are_one_feed(server: Hostile) -> None:
    state, fresh = await looked(server.url("taxii"), FeedState("f"), form=FeedForm.STIX)
    assert fresh is not None
    assert fresh.networks == ("203.0.113.7", "203.0.113.8", "203.0.113.9")
    assert (state.failure, state.etag) == (None, None), "what marks one page says nothing of the others"


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("taxii-nowhere", "The feed's server has more than it sent and does not say where (`next`)."),
        ("taxii-around", "The feed's server never comes to an end: it gave 2 pages."),
        ("taxii-cut", "The server answered 500 Internal Server Error."),
        ("taxii-endless", "It is larger than 4 MiB, the most that is read."),
        ("taxii-slow", "The server had not sent it all after 0.5 s."),
    ],
)
async def test_where_one_page_fails_the_feed_does(server: Hostile, path: str, reason: str) -> None:
    limits = HASTY if path == "taxii-slow" else SMALL
    state, fresh = await looked(server.url(path), limits=limits, form=FeedForm.STIX)
    assert fresh is None
    assert state.failure == reason
    assert state.digest == KNOWN.digest


async def test_loopback_is_closed_unless_allowed(server: Hostile) -> None:
    for url in (
        server.url("good"),
        server.url("good", "localhost"),
        server.url("good", "[::ffff:127.0.0.1]"),
    ):
        state, _ = await looked(url, targets=Targets())
        assert state.failure is not None
        assert "no address of the internet" in state.failure
        assert "TAPETUM_OUTBOUND_ALLOWED" in state.failure
    assert server.asked == []


async def test_a_name_is_resolved_once_and_that_address_is_asked(server: Hostile) -> None:
    """The resolver tells another address each time, as one that rebinds does."""
    told = iter([["127.0.0.1"], ["127.0.0.9"]])

    async def resolving(host: str, port: int) -> list[str]:
        assert (host, port) == ("feeds.example", server.port)
        return next(told)

    async with guarded_client(ONLY_THAT, timeout=1, resolving=resolving) as client:
        url = feed(server.url("good", "feeds.example"))
        first, _ = await look(client, url, FeedState("f"), NOW, SMALL)
        second, _ = await look(client, url, FeedState("f"), NOW, SMALL)
    assert first.failure is None
    assert server.asked[0][1]["host"] == f"feeds.example:{server.port}"
    assert second.failure is not None
    assert second.failure.startswith("feeds.example leads to 127.0.0.9")
    assert len(server.asked) == 1


async def test_a_name_with_one_bad_address_is_not_asked(server: Hostile) -> None:
    async def resolving(host: str, port: int) -> list[str]:
        return ["127.0.0.1", "10.0.0.1"]

    async with guarded_client(ONLY_THAT, timeout=1, resolving=resolving) as client:
        state, _ = await look(client, feed(server.url("good", "two.example")), FeedState("f"), NOW, SMALL)
    assert state.failure is not None
    assert "10.0.0.1" in state.failure
    assert server.asked == []


async def test_an_unknown_name_is_told() -> None:
    async def resolving(host: str, port: int) -> list[str]:
        raise OSError

    async with guarded_client(ONLY_THAT, timeout=1, resolving=resolving) as client:
        state, _ = await look(client, feed("https://no.example/"), FeedState("f"), NOW, SMALL)
    assert state.failure == "The name no.example is not known; correct it, or try again later."


async def test_nobody_listening_is_told() -> None:
    listening = await asyncio.start_server(lambda _r, w: w.close(), "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    listening.close()
    await listening.wait_closed()
    state, _ = await looked(f"http://127.0.0.1:{port}/")
    assert state.failure is not None
    assert state.failure.startswith("The server cannot be reached (")


def _due() -> Generator[tuple[str, Feed, FeedState | None, int, bool]]:
    hourly = feed("https://a.example/", refresh_minutes=60)
    state = FeedState("f", NOW, NOW, read_by=hourly.reading, tried_by=hourly.reading, digest="d")
    failed = replace(state, failure="it was away.")
    yield "never looked for", hourly, None, NOW, True
    yield "just now", hourly, state, NOW, False
    yield "not yet", hourly, state, NOW + HOUR - 1, False
    yield "after its period", hourly, state, NOW + HOUR, True
    yield "after a failure, not at once", hourly, failed, NOW + RETRY - 1, False
    yield "after a failure, sooner", hourly, failed, NOW + RETRY, True
    yield (
        "a failure of a quick one",
        feed("https://a.example/", refresh_minutes=5),
        failed,
        NOW + 5 * MINUTE,
        True,
    )
    yield "wanted", hourly, replace(state, wanted=True), NOW, True
    yield "at another address", feed("https://b.example/", refresh_minutes=60), state, NOW, True
    yield "the clock was set back", hourly, state, NOW - 1, True
    yield "switched off", feed("https://a.example/", enabled=False), None, NOW, False
    yield "uploaded", Feed(format=1, title="Ours"), None, NOW, False


@pytest.mark.parametrize(
    ("name", "one", "state", "now", "due"), list(_due()), ids=[each[0] for each in _due()]
)
def test_when_a_feed_is_looked_for(
    name: str, one: Feed, state: FeedState | None, now: int, due: bool
) -> None:
    assert is_due(one, state, now) is due
