"""Feeds kept fresh over a real catalog, by a clock of the test's own."""

from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import msgspec
import pytest

from tapetum.catalog.documents import Draft
from tapetum.catalog.duckdb import DuckDBCatalog
from tapetum.domain.documents import DocumentKind
from tapetum.domain.feeds import FeedState, Indicators
from tapetum.domain.moments import DAY, MINUTE
from tapetum.domain.scope import EVERYTHING
from tapetum.embedded.duckdb import Engine
from tapetum.service.feeds.keeper import Keeper
from tapetum.service.outbound.targets import Targets
from tapetum.service.outbound.transport import guarded_client
from tests.support.factory import NOW
from tests.support.hostile import Hostile, hostile_server
from tests.support.stores import Clock


@dataclass
class Bench:
    catalog: DuckDBCatalog
    clock: Clock
    turns: int = 0

    def keeper(self) -> Keeper:
        @asynccontextmanager
        async def turn() -> AsyncGenerator[None]:
            self.turns += 1
            yield

        targets = Targets(["127.0.0.1/32"])
        return Keeper(self.catalog, lambda: guarded_client(targets, timeout=1), self.clock, turn=turn)

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
    (due,) = await keeper._due()
    await bench.save("f1", version=1, url=server.url("packed"))
    async with guarded_client(Targets(["127.0.0.1/32"]), timeout=1) as client:
        await keeper._look(client, due)
    assert await bench.states() == {}


async def test_a_feed_of_a_later_format_is_passed_over(bench: Bench, server: Hostile) -> None:
    await bench.save("f1", url=server.url("good"), fromLater=True)
    await bench.save("f2", url=server.url("good"))
    await bench.keeper().once()
    assert set(await bench.states()) == {"f2"}
