"""Feeds kept fresh over a real catalog, by a clock of the test's own."""

from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import msgspec
import pytest

from tapetum.catalog.documents import Draft
from tapetum.catalog.duckdb import DuckDBCatalog
from tapetum.detect.feeds.matching import Watch
from tapetum.domain.alerts import Alert
from tapetum.domain.documents import DocumentKind
from tapetum.domain.feeds import FeedState, Indicators
from tapetum.domain.moments import DAY, MINUTE
from tapetum.domain.scope import EVERYTHING
from tapetum.embedded.duckdb import Engine
from tapetum.service.feeds.keeper import Keeper, known_feeds
from tapetum.service.outbound.targets import Targets
from tapetum.service.outbound.transport import guarded_client
from tests.api.world import some_alert
from tests.support.factory import NOW
from tests.support.hostile import Hostile, hostile_server
from tests.support.stores import Clock


@dataclass
class Bench:
    catalog: DuckDBCatalog
    clock: Clock
    turns: int = 0
    found: int = 0
    settled: int = 0
    searched: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    raised: list[tuple[str, int]] = field(default_factory=list)

    def keeper(self) -> Keeper:
        @asynccontextmanager
        async def turn() -> AsyncGenerator[None]:
            self.turns += 1
            yield

        async def search(watch: Watch) -> list[Alert]:
            self.searched.append((watch.id, tuple(watch.index.listed)))
            return [some_alert(mark) for mark in range(self.found)]

        targets = Targets(["127.0.0.1/32"])
        return Keeper(
            self.catalog,
            lambda: guarded_client(targets, timeout=30),
            self.clock,
            search,
            lambda owner, alerts: self.raised.append((owner, len(alerts))),
            turn=turn,
            settled=self.settled,
        )

    async def save(self, feed_id: str, version: int | None = None, **body: object) -> None:
        text = msgspec.json.encode({"format": 1, "title": feed_id, **body}).decode()
        draft = Draft(feed_id, DocumentKind.FEED, feed_id, "threat", True, text, version, self.clock())
        await self.catalog.save_document(EVERYTHING, None, draft)

    async def states(self) -> dict[str, FeedState]:
        return {state.feed: state for state in await self.catalog.feed_states(EVERYTHING)}

    async def listed(self, feed_id: str) -> Indicators | None:
        return await self.catalog.feed_indicators(EVERYTHING, feed_id)


@pytest.fixture
def bench() -> Generator[Bench]:
    engine = Engine(None)
    clock = Clock()
    yield Bench(DuckDBCatalog(engine), clock)
    engine.close()


@pytest.fixture
async def server() -> AsyncGenerator[Hostile]:
    async with hostile_server() as one:
        yield one


async def test_feeds_are_fetched_when_they_are_due_and_only_then(bench: Bench, server: Hostile) -> None:
    keeper = bench.keeper()
    await keeper.once()
    assert bench.turns == 0, "there is nothing to take turns for"
    await bench.save("f1", url=server.url("good"), refreshMinutes=60)
    await bench.save("f2", url=server.url("good"), enabled=False)
    await bench.save("f3")
    await keeper.once()
    await keeper.once()
    assert [path for path, _ in server.asked] == ["good"]
    assert bench.turns == 1
    assert set(await bench.states()) == {"f1"}
    bench.clock.now += 60 * MINUTE
    await keeper.once()
    assert len(server.asked) == 2
    assert (await bench.states())["f1"].fetched_at == NOW + 60 * MINUTE


async def test_a_failure_keeps_the_last_good_copy_and_the_reason(bench: Bench, server: Hostile) -> None:
    keeper = bench.keeper()
    await bench.save("f1", url=server.url("good"))
    await keeper.once()
    good = await bench.listed("f1")
    server.broken = True
    bench.clock.now += DAY
    await keeper.once()
    state = (await bench.states())["f1"]
    assert state.failure == "The server answered 500 Internal Server Error."
    assert (state.checked_at, state.fetched_at) == (NOW + DAY, NOW)
    assert await bench.listed("f1") == good is not None
    server.broken, server.good = False, b"203.0.113.99\n"
    await bench.catalog.want_feed(EVERYTHING, "f1")
    await keeper.once()
    assert (await bench.states())["f1"].failure is None
    assert await bench.listed("f1") == Indicators(("203.0.113.99",))


async def test_one_bad_feed_does_not_keep_others_from_their_turn(bench: Bench, server: Hostile) -> None:
    await bench.save("a-bad", url=server.url("page"))
    await bench.save("b-inside", url="http://10.255.255.1/list")
    await bench.save("c-good", url=server.url("good"))
    await bench.keeper().once()
    states = await bench.states()
    assert [states[name].failure is None for name in ("a-bad", "b-inside", "c-good")] == [False, False, True]


async def test_what_comes_for_a_feed_that_was_changed_meanwhile_is_not_kept(
    bench: Bench, server: Hostile
) -> None:
    await bench.save("f1", url=server.url("good"))
    keeper = bench.keeper()
    (due,) = await known_feeds(bench.catalog)
    await bench.save("f1", version=1, url=server.url("packed"))
    async with guarded_client(Targets(["127.0.0.1/32"]), timeout=1) as client:
        await keeper._look(client, due)
    assert await bench.states() == {}


async def test_a_feed_of_a_later_format_is_passed_over(bench: Bench, server: Hostile) -> None:
    await bench.save("f1", url=server.url("good"), fromLater=True)
    await bench.save("f2", url=server.url("good"))
    await bench.keeper().once()
    assert set(await bench.states()) == {"f2"}


async def test_history_is_searched_once_for_each_content(bench: Bench, server: Hostile) -> None:
    keeper = bench.keeper()
    bench.found = 1_100
    await bench.save("f1", url=server.url("good"), refreshMinutes=5)
    await keeper.once()
    await keeper.once()
    assert bench.searched == [("f1", ("198.51.100.0/24", "203.0.113.7", "bad.example"))]
    assert [count for _, count in bench.raised] == [500, 500, 100]
    bench.clock.now += 5 * MINUTE
    await keeper.once()
    assert len(bench.searched) == 1, "the same content again"
    server.good = b"192.0.2.1\n"
    bench.clock.now += 5 * MINUTE
    await keeper.once()
    assert bench.searched[1:] == [("f1", ("192.0.2.1",))]
    assert len({owner for owner, _ in bench.raised}) == 2


async def test_history_waits_until_the_stream_has_settled(bench: Bench, server: Hostile) -> None:
    bench.settled = MINUTE
    keeper = bench.keeper()
    await bench.save("f1", url=server.url("good"))
    await keeper.once()
    assert bench.searched == []
    bench.clock.now += MINUTE
    await keeper.once()
    assert len(bench.searched) == 1
