"""The worker: each delivery applied until it has a receipt, whatever fails on the way."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from tapetum.bus.inprocess_queue import InProcessQueue
from tapetum.bus.port import Delivery
from tapetum.domain.batches import Receipt
from tapetum.domain.errors import UnavailableError
from tapetum.service.distributed.worker import Pace, Worker

QUICK = Pace(beat=0.01, first_wait=0.001, longest_wait=0.002)


def delivery(name: str) -> Delivery:
    return Delivery(name, "east", "calico", "test", 0, b"{}\n")


@dataclass
class Applies:
    """Fails as it is told; remembers what it applied and gave up."""

    fails: Callable[[str, int], Exception | None] = lambda _name, _attempt: None
    attempts: Counter[str] = field(default_factory=Counter[str])
    applied: Counter[str] = field(default_factory=Counter[str])
    given_up: dict[str, str] = field(default_factory=dict[str, str])
    lock: Lock = field(default_factory=Lock)

    def apply(self, delivery: Delivery) -> Receipt:
        with self.lock:
            self.attempts[delivery.id] += 1
            error = self.fails(delivery.id, self.attempts[delivery.id])
        if error is not None:
            raise error
        with self.lock:
            self.applied[delivery.id] += 1
        return Receipt(1, 1, 0, 0)

    def give_up(self, delivery: Delivery, reason: str) -> Receipt:
        self.given_up[delivery.id] = reason
        return Receipt(1, 0, 0, 1)


async def drained(queue: InProcessQueue) -> None:
    async with asyncio.timeout(10):
        while (await queue.backlog()).length:  # noqa: ASYNC110 - the queue tells nobody that it is empty
            await asyncio.sleep(0.002)


async def work(queue: InProcessQueue, applies: Applies, workers: int = 1) -> None:
    """Until the queue is empty."""
    running = [Worker(f"w{number}", queue, applies, QUICK, lambda: 0.5) for number in range(workers)]
    tasks = [asyncio.create_task(each.run()) for each in running]
    await drained(queue)
    for each in running:
        each.stop()
    async with asyncio.timeout(5):
        await asyncio.gather(*tasks)


@settings(max_examples=25)
@given(
    outages=st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 6)),
    faults=st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 4)),
    workers=st.integers(1, 3),
)
def test_every_delivery_gets_one_receipt_however_often_engines_fail(
    outages: dict[str, int], faults: dict[str, int], workers: int
) -> None:
    def fails(name: str, attempt: int) -> Exception | None:
        if attempt <= outages.get(name, 0):
            return UnavailableError("Neo4j is away; try again.")
        if attempt <= outages.get(name, 0) + faults.get(name, 0):
            return ZeroDivisionError()
        return None

    async def run() -> None:
        queue = InProcessQueue()
        applies = Applies(fails)
        async with queue.settlements() as settled:
            for name in "abcdefgh":
                assert await queue.offer(delivery(name))
            await work(queue, applies, workers)
            told = [await anext(settled) for _ in "abcdefgh"]
        assert {one.delivery_id for one in told} == set("abcdefgh")
        assert {one.receipt for one in told} == {Receipt(1, 1, 0, 0)}
        assert applies.applied == Counter("abcdefgh")

    with capture_logs():  # printing so many tracebacks would be most of the time
        asyncio.run(run())


async def test_what_fails_for_good_is_given_up_and_stops_nobody() -> None:
    queue = InProcessQueue()
    applies = Applies(lambda name, _: ValueError("odd") if name == "poison" else None)
    for name in ("poison", "good"):
        await queue.offer(delivery(name))
    await work(queue, applies)
    assert applies.attempts["poison"] == QUICK.tries
    assert list(applies.given_up) == ["poison"]
    assert "ValueError" in applies.given_up["poison"]
    assert "odd" not in applies.given_up["poison"], "what an engine says stays in our own log"
    assert applies.applied == Counter(["good"])


async def test_it_stops_while_an_engine_is_away_and_leaves_the_delivery() -> None:
    queue = InProcessQueue()
    applies = Applies(lambda _name, _attempt: UnavailableError("Elasticsearch is away; try again."))
    await queue.offer(delivery("a"))
    worker = Worker("w", queue, applies, Pace(first_wait=60), lambda: 0.5)
    task = asyncio.create_task(worker.run())
    while not applies.attempts:  # noqa: ASYNC110 - set in another thread
        await asyncio.sleep(0.001)
    worker.stop()
    async with asyncio.timeout(2):
        await task
    assert (await queue.backlog()).length == 1
    assert await queue.missing(["a"]) == set()


async def test_a_slow_one_keeps_its_delivery() -> None:
    queue = InProcessQueue(abandoned_after=0.05)

    class Slow(Applies):
        def apply(self, delivery: Delivery) -> Receipt:
            time.sleep(0.3)
            return super().apply(delivery)

    applies = Slow()
    await queue.offer(delivery("slow"))
    await work(queue, applies, workers=2)
    assert applies.applied == Counter(["slow"])


@pytest.mark.parametrize(
    ("pace", "at_once"),
    [
        (Pace(at_once=1), 1),
        (Pace(at_once=3), 3),
        (Pace(at_once=5, bytes_at_once=6), 2),
        (Pace(at_once=5, bytes_at_once=1), 1),
    ],
)
async def test_it_applies_some_at_once(pace: Pace, at_once: int) -> None:
    """Each has three bytes; one that is larger than all room is applied alone."""
    queue = InProcessQueue()
    under_way = most = 0
    lock = Lock()

    class Counting(Applies):
        def apply(self, delivery: Delivery) -> Receipt:
            nonlocal under_way, most
            with lock:
                under_way += 1
                most = max(most, under_way)
            time.sleep(0.02)
            with lock:
                under_way -= 1
            return super().apply(delivery)

    applies = Counting()
    for number in range(12):
        await queue.offer(delivery(str(number)))
    worker = Worker("w", queue, applies, pace, lambda: 0.5)
    task = asyncio.create_task(worker.run())
    await drained(queue)
    worker.stop()
    await task
    assert most == at_once
    assert sum(applies.applied.values()) == 12
