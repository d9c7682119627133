"""The queue over a Redis that is flushed, trimmed, evicted, full, killed or frozen; nothing is lost by it."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncGenerator, Generator, Mapping, Sequence
from contextlib import AsyncExitStack, aclosing, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from uuid import uuid4

import pytest
from redis.asyncio import Redis

from tapetum.bus.port import Delivery
from tapetum.bus.redis import RedisQueue
from tapetum.domain.batches import Receipt
from tapetum.domain.errors import UnavailableError
from tapetum.domain.moments import SECOND
from tapetum.ingest.forms import Form
from tapetum.ingest.receiver import Pace, Receiver
from tests import engines
from tests.engines import Engine
from tests.ingest.previews import Previews
from tests.ingest.spools import spool

pytestmark = pytest.mark.engine

RECEIPT = Receipt(1, 1, 0, 0)
ABANDONED = 0.6


@pytest.fixture(scope="module")
def mortal() -> Generator[Engine]:
    """A server that tests kill."""
    engine = engines.own("redis", "queue")
    yield engine
    engine.stop()


@pytest.fixture
def prefix() -> str:
    return uuid4().hex


def delivery(name: str, size: int = 10) -> Delivery:
    return Delivery(name, "prod", "calico", "test", 0, Random(name).randbytes(size))


@asynccontextmanager
async def opened(url: str, prefix: str, abandoned_after: float = ABANDONED) -> AsyncGenerator[RedisQueue]:
    async with RedisQueue(url, prefix=prefix, abandoned_after=abandoned_after) as queue:
        yield queue


@dataclass
class Workers:
    """They apply deliveries with random delays; some die or fall silent with one in their hands."""

    chance: Random
    settled: dict[str, Receipt] = field(default_factory=dict)
    applied: Counter[str] = field(default_factory=Counter)
    at_work: Counter[str] = field(default_factory=Counter)
    overlaps: list[str] = field(default_factory=list)

    async def work(self, queue: RedisQueue, name: str, *, deadly: bool) -> None:
        """A life after another; each life has a name of its own, or that of the one before."""
        while True:
            async with aclosing(queue.deliveries(f"{name}-{self.chance.randrange(3)}")) as deliveries:
                async for handed in deliveries:
                    fate = self.chance.random() if deadly else 1
                    if fate < 0.1:
                        break  # it dies before
                    await self._apply(queue, handed)
                    if fate < 0.2:
                        break  # it dies with everything done, but for telling so
                    with suppress(UnavailableError):
                        await queue.settle(handed, RECEIPT)

    async def _apply(self, queue: RedisQueue, handed) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001
        name = handed.delivery.id
        assert handed.delivery.body
        if self.at_work[name]:
            self.overlaps.append(name)
        self.at_work[name] += 1
        try:
            for _ in range(self.chance.randrange(4)):
                await asyncio.sleep(self.chance.random() * ABANDONED / 2)
                with suppress(UnavailableError):
                    await queue.keep_alive(handed)
        finally:
            self.at_work[name] -= 1
        self.applied[name] += 1
        self.settled[name] = RECEIPT

    async def receipts(self, names: Sequence[str]) -> Mapping[str, Receipt]:
        return {each: self.settled[each] for each in names if each in self.settled}


async def until_empty(one, within: float = 30) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001
    async with asyncio.timeout(within):
        while one.count:  # noqa: ASYNC110 - a spool tells nobody that it is empty
            await asyncio.sleep(0.02)


@asynccontextmanager
async def working(*works) -> AsyncGenerator[None]:  # type: ignore[no-untyped-def] # noqa: ANN002
    tasks = [asyncio.create_task(each) for each in works]
    try:
        yield
        for task in tasks:
            assert not task.done(), task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def harm(engine: Engine, prefix: str, chance: Random) -> str:
    """One of the ways in which Redis loses what it was given."""
    kind = chance.choice(("flush", "kill", "restart", "freeze", "stream", "held", "trim", "group", "scripts"))
    if kind == "kill":
        await asyncio.to_thread(engine.kill)
        await asyncio.sleep(chance.random())
        await asyncio.to_thread(engine.start)
    elif kind == "restart":
        await asyncio.to_thread(engine.restart)
    elif kind == "freeze":
        await asyncio.to_thread(engine.pause)
        await asyncio.sleep(chance.random())
        await asyncio.to_thread(engine.resume)
    else:
        stream = f"{{{prefix}}}:deliveries"
        async with Redis.from_url(engine.url) as client:
            if kind == "flush":
                await client.flushall()
            elif kind == "stream":
                await client.delete(stream)
            elif kind == "held":
                await client.delete(f"{{{prefix}}}:held")
            elif kind == "trim":
                await client.xtrim(stream, maxlen=chance.randrange(4), approximate=False)
            elif kind == "group" and await client.exists(stream):
                await client.xgroup_destroy(stream, "workers")
            else:
                await client.script_flush()
    return kind


@pytest.mark.fault
async def test_f6_whatever_redis_loses_every_acknowledged_delivery_is_applied(
    mortal: Engine, prefix: str, tmp_path: Path, fault_seed: int
) -> None:
    chance = Random(fault_seed)
    mortal.start()
    workers = Workers(chance)
    acknowledged: list[str] = []
    numbers = iter(range(10_000))
    with spool(tmp_path) as own:
        async with AsyncExitStack() as stack:
            near, far = [await stack.enter_async_context(opened(mortal.url, prefix)) for _ in range(2)]
            receiver = await stack.enter_async_context(
                Receiver(
                    own,
                    near,
                    receipts=workers.receipts,
                    preview=Previews(RECEIPT).of,
                    clock=lambda: int(time.time() * SECOND),
                    pace=Pace(patience=0.1, offer_again=0.5, round=0.05),
                    new_id=lambda: f"d{next(numbers)}",
                )
            )
            await stack.enter_async_context(
                working(*(workers.work(far, f"w{each}", deadly=True) for each in range(3)))
            )

            async def push() -> None:
                while True:
                    await receiver.submit(chance.randbytes(chance.randrange(1, 3000)), Form.CALICO, "c", "s")
                    acknowledged.append("")
                    await asyncio.sleep(chance.random() * 0.05)

            done: list[str] = []
            async with working(push(), push()):
                for _ in range(3):
                    await asyncio.sleep(chance.random() * 0.4)
                    done.append(await harm(mortal, prefix, chance))
                await asyncio.sleep(0.2)
            await until_empty(own)
            assert len(acknowledged) <= len(workers.settled) <= len(acknowledged) + 2, done
            async with asyncio.timeout(30):  # what was handed over twice is worked off as well
                while (await near.backlog()).length:  # noqa: ASYNC110 - a queue tells nobody that it is empty
                    await asyncio.sleep(0.05)
            assert await near.missing(list(workers.settled)) == set(workers.settled)


@pytest.mark.fault
async def test_f7_owners_die_and_slow_ones_race_and_nobody_works_on_the_same_at_once(
    prefix: str, fault_seed: int
) -> None:
    """Signs of life keep a slow one's delivery; a dead one's goes to another. Redis itself is well."""
    chance = Random(fault_seed)
    workers = Workers(chance)
    async with AsyncExitStack() as stack:
        url = engines.redis().url
        queues = [await stack.enter_async_context(opened(url, prefix, 2 * ABANDONED)) for _ in range(3)]
        names = [f"d{number}" for number in range(40)]
        for name in names:
            assert await queues[0].offer(delivery(name))
        async with working(
            *(workers.work(queue, f"w{place}", deadly=True) for place, queue in enumerate(queues))
        ):
            async with asyncio.timeout(60):
                while (await queues[0].backlog()).length:  # noqa: ASYNC110 - as above
                    await asyncio.sleep(0.02)
        assert sorted(workers.settled) == sorted(names)
        assert workers.overlaps == []


async def test_a_restart_keeps_what_was_offered_and_handed_out(mortal: Engine, prefix: str) -> None:
    mortal.start()
    async with opened(mortal.url, prefix) as queue, aclosing(queue.deliveries("w")) as deliveries:
        for name in "ab":
            await queue.offer(delivery(name))
        handed = await anext(deliveries)
        await asyncio.to_thread(mortal.restart)
        assert await queue.keep_alive(handed)
        assert await queue.missing(["a", "b"]) == set()
        await queue.settle(handed, RECEIPT)
        async with asyncio.timeout(10):
            assert (await anext(deliveries)).delivery == delivery("b")


async def test_announcements_are_heard_again_after_a_restart(mortal: Engine, prefix: str) -> None:
    mortal.start()
    async with opened(mortal.url, prefix) as queue, queue.settlements() as settlements:
        await asyncio.to_thread(mortal.restart)
        async with aclosing(queue.deliveries("w")) as deliveries, asyncio.timeout(20):
            heard = asyncio.ensure_future(anext(settlements))
            number = 0
            while not heard.done():
                await queue.offer(delivery(f"{number}"))
                await queue.settle(await anext(deliveries), RECEIPT)
                number += 1
                await asyncio.wait([heard], timeout=0.2)
            assert heard.result().receipt == RECEIPT


async def test_a_frozen_or_absent_redis_is_an_error_in_time(
    mortal: Engine, prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tapetum.bus.redis.connection.ANSWER", 0.3)
    mortal.start()
    async with opened(mortal.url, prefix) as queue:
        await queue.offer(delivery("a"))
        await asyncio.to_thread(mortal.pause)
        for call in (queue.offer(delivery("b")), queue.missing(["a"]), queue.backlog()):
            began = time.monotonic()
            with pytest.raises(UnavailableError, match="Redis gives no answer"):
                await call
            assert time.monotonic() - began < 2
        await asyncio.to_thread(mortal.resume)
        assert await queue.offer(delivery("c"))
        await asyncio.to_thread(mortal.kill)
        with pytest.raises(UnavailableError, match="Redis gives no answer"):
            await queue.offer(delivery("d"))


async def test_a_redis_without_memory_takes_nothing_and_lets_go(mortal: Engine, prefix: str) -> None:
    mortal.start()
    async with opened(mortal.url, prefix) as queue, Redis.from_url(mortal.url) as client:
        assert await queue.offer(delivery("a"))
        await client.config_set("maxmemory", "1mb")
        try:
            assert not await queue.offer(delivery("b", 1000))
            assert await queue.missing(["a", "b"]) == {"b"}
            async with aclosing(queue.deliveries("w")) as deliveries, asyncio.timeout(10):
                handed = await anext(deliveries)
            assert await queue.keep_alive(handed)
            await queue.settle(handed, RECEIPT)
            assert (await queue.backlog()).length == 0
        finally:
            await client.config_set("maxmemory", "512mb")
        assert await queue.offer(delivery("b", 1000))


async def test_what_is_no_delivery_is_taken_out(prefix: str) -> None:
    url = engines.redis().url
    stream = f"{{{prefix}}}:deliveries"
    async with opened(url, prefix) as queue, Redis.from_url(url) as client:
        await queue.offer(delivery("a"))
        body = (await client.xrange(stream))[0][1][b"body"]
        await client.xadd(stream, {"what": "ever"})
        await client.xadd(
            stream, {"id": "x", "cluster": b"\xff", "form": "", "source": "", "at": 1, "body": ""}
        )
        newer = {"id": "n", "cluster": "c", "form": "f", "source": "s", "at": 5, "body": body, "more": "1"}
        await client.xadd(stream, newer)
        async with aclosing(queue.deliveries("w")) as deliveries, asyncio.timeout(5):
            found = [await anext(deliveries) for _ in range(2)]
            assert [each.delivery.id for each in found] == ["a", "n"]
            assert found[1].delivery == Delivery("n", "c", "f", "s", 5, delivery("a").body)
            for each in found:
                await queue.settle(each, RECEIPT)
        assert (await queue.backlog()).length == 0


async def test_names_of_workers_that_are_gone_are_forgotten(
    prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tapetum.bus.redis.queue._GONE_MILLIS", 100)
    url = engines.redis().url
    async with opened(url, prefix, 60) as queue, Redis.from_url(url) as client:
        await queue.offer(delivery("a"))
        for name in ("holds", "idle", "last"):
            async with aclosing(queue.deliveries(name)) as deliveries:
                with suppress(TimeoutError):
                    async with asyncio.timeout(0.2):
                        await anext(deliveries)
        consumers = await client.xinfo_consumers(f"{{{prefix}}}:deliveries", "workers")
        assert sorted(each["name"] for each in consumers) == [b"holds", b"last"]
