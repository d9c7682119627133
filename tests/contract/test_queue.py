"""What every Queue does: hand each delivery to one worker at a time until it is settled, and tell of it."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from random import Random
from typing import TypeVar

import pytest

from tapetum.bus.port import Backlog, Delivery, Handed, Settled
from tapetum.domain.batches import Receipt
from tests.contract.adapters import QueueRig

T = TypeVar("T")
RECEIPT = Receipt(4, 2, 1, 1)


def delivery(name: str, size: int = 10, seed: int = 0) -> Delivery:
    """Its bytes cannot be compressed, so that every adapter holds as many."""
    return Delivery(
        name, "prod", "calico", "http 10.0.0.1", 1_763_900_000_000_000, Random(seed).randbytes(size)
    )


async def soon(awaited: AsyncGenerator[T] | AsyncIterator[T], within: float = 5) -> T:
    async with asyncio.timeout(within):
        return await anext(awaited)


async def nothing_comes(deliveries: AsyncGenerator[Handed], within: float = 0.15) -> None:
    """Leaves the iterator behind, as a cancelled step ends it."""
    with pytest.raises(TimeoutError):
        await soon(deliveries, within)


async def test_a_delivery_goes_from_a_receiver_to_a_worker_and_its_receipt_comes_back(
    queue: QueueRig,
) -> None:
    async with queue.store.settlements() as here, queue.other.settlements() as there:
        sent = delivery("a", 1000)
        assert await queue.store.offer(sent)
        async with aclosing(queue.other.deliveries("w")) as deliveries:
            handed = await soon(deliveries)
            assert handed.delivery == sent
            assert handed.tries == 1
            await queue.other.settle(handed, RECEIPT)
            assert await soon(here) == await soon(there) == Settled("a", RECEIPT)
            await nothing_comes(deliveries)


@pytest.mark.parametrize(
    "odd",
    [
        Delivery("é \N{SNOWMAN} '\"", "c", "f", "http ::1 \n \x00", 0, b""),
        Delivery("x" * 300, "c", "f", "", 2**53, b"\x00\xff\r\n" * 50_000),
    ],
)
async def test_any_bytes_arrive_as_they_were(queue: QueueRig, odd: Delivery) -> None:
    assert await queue.store.offer(odd)
    async with aclosing(queue.store.deliveries("w")) as deliveries:
        assert (await soon(deliveries)).delivery == odd


async def test_each_delivery_goes_to_one_worker_only_and_the_oldest_first(queue: QueueRig) -> None:
    for name in "abcdef":
        assert await queue.store.offer(delivery(name))
    async with aclosing(queue.store.deliveries("w1")) as one, aclosing(queue.other.deliveries("w2")) as two:
        found = [(await soon(each)).delivery.id for each in (one, two) for _ in range(3)]
    assert sorted(found) == list("abcdef")
    assert found[0] == "a"


async def test_an_offer_wakes_a_worker_that_waits(queue: QueueRig) -> None:
    async with aclosing(queue.other.deliveries("w")) as deliveries:
        waiting = asyncio.create_task(soon(deliveries))
        await asyncio.sleep(0.1)
        assert not waiting.done()
        await queue.store.offer(delivery("a"))
        assert (await waiting).delivery.id == "a"


async def test_a_delivery_that_is_held_is_not_held_twice(queue: QueueRig) -> None:
    for _ in range(3):
        assert await queue.store.offer(delivery("a"))
        assert await queue.other.offer(delivery("a"))
    assert (await queue.store.backlog()).length == 1
    async with aclosing(queue.store.deliveries("w")) as deliveries:
        handed = await soon(deliveries)
        assert await queue.store.offer(delivery("a"))  # held, although in a worker's hands
        await queue.store.settle(handed, RECEIPT)
        await nothing_comes(deliveries)
    assert await queue.store.offer(delivery("a"))  # and again a new one
    async with aclosing(queue.store.deliveries("w")) as deliveries:
        assert (await soon(deliveries)).tries == 1


async def test_what_is_missing_was_never_offered_or_settled_or_lost(queue: QueueRig) -> None:
    assert await queue.store.missing([]) == set()
    for name in "abc":
        await queue.store.offer(delivery(name))
    async with aclosing(queue.store.deliveries("w")) as deliveries:
        first, _second = await soon(deliveries), await soon(deliveries)
    await queue.store.settle(first, RECEIPT)
    assert await queue.other.missing(["a", "b", "c", "d"]) == {"a", "d"}
    await queue.lose()
    assert await queue.other.missing(["a", "b", "c", "d"]) == {"a", "b", "c", "d"}


async def test_no_more_entries_than_the_bound(queue: QueueRig) -> None:
    names = [f"d{number}" for number in range(queue.most_entries)]
    for name in names:
        assert await queue.store.offer(delivery(name))
    assert not await queue.store.offer(delivery("late"))
    assert await queue.store.offer(delivery(names[0]))  # it is held
    async with aclosing(queue.store.deliveries("w")) as deliveries:
        handed = await soon(deliveries)
        assert not await queue.store.offer(delivery("late"))  # not settled yet
        await queue.store.settle(handed, RECEIPT)
    assert await queue.store.offer(delivery("late"))
    assert (await queue.store.backlog()).length == queue.most_entries


async def test_no_more_bytes_than_the_bound_but_for_one_alone(queue: QueueRig) -> None:
    assert await queue.store.offer(delivery("huge", 2 * queue.most_bytes))
    assert not await queue.store.offer(delivery("small"))
    async with aclosing(queue.store.deliveries("w")) as deliveries:
        await queue.store.settle(await soon(deliveries), RECEIPT)
    for name in "ab":
        assert await queue.store.offer(delivery(name, queue.most_bytes * 2 // 5))
    assert not await queue.store.offer(delivery("c", queue.most_bytes * 2 // 5))
    assert await queue.store.offer(delivery("small"))


async def test_the_backlog_says_how_many_how_large_and_how_old(queue: QueueRig) -> None:
    assert await queue.store.backlog() == Backlog(0, 0, 0)
    await queue.store.offer(delivery("a", 1000))
    await asyncio.sleep(0.2)
    await queue.store.offer(delivery("b", 2000))
    backlog = await queue.other.backlog()
    assert backlog.length == 2
    assert 3000 <= backlog.bytes <= 3100
    assert 150_000 <= backlog.age <= 5_000_000
    async with aclosing(queue.store.deliveries("w")) as deliveries:
        for _ in range(2):
            await queue.store.settle(await soon(deliveries), RECEIPT)
    assert await queue.store.backlog() == Backlog(0, 0, 0)


async def test_what_a_silent_worker_holds_goes_to_another_and_its_tries_are_counted(queue: QueueRig) -> None:
    await queue.store.offer(delivery("a"))
    async with aclosing(queue.store.deliveries("dead")) as dead:
        first = await soon(dead)
    for tries, name in enumerate(("w2", "w3"), 2):
        async with aclosing(queue.other.deliveries(name)) as others:
            began = asyncio.get_running_loop().time()
            handed = await soon(others)
            assert asyncio.get_running_loop().time() - began > queue.abandoned_after / 2
            assert (handed.delivery, handed.tries) == (first.delivery, tries)


async def test_what_was_abandoned_comes_before_what_is_new(queue: QueueRig) -> None:
    await queue.store.offer(delivery("old"))
    async with aclosing(queue.store.deliveries("dead")) as dead:
        await soon(dead)
    await asyncio.sleep(queue.abandoned_after)
    await queue.store.offer(delivery("new"))
    async with aclosing(queue.store.deliveries("w")) as deliveries:
        assert [(await soon(deliveries)).delivery.id for _ in range(2)] == ["old", "new"]


async def test_a_worker_that_comes_back_takes_up_what_it_left_at_once(queue: QueueRig) -> None:
    for name in "abc":
        await queue.store.offer(delivery(name))
    async with aclosing(queue.store.deliveries("w")) as former:
        held = [await soon(former) for _ in range(2)]
    async with aclosing(queue.other.deliveries("w")) as again, aclosing(queue.other.deliveries("x")) as other:
        found = [await soon(again, queue.abandoned_after / 2) for _ in range(2)]
        assert [(one.delivery, one.tries) for one in found] == [(one.delivery, 2) for one in held]
        assert (await soon(other)).delivery.id == "c"
        for one in found:
            await queue.other.settle(one, RECEIPT)
        await nothing_comes(again)


async def test_a_sign_of_life_keeps_what_a_slow_worker_holds(queue: QueueRig) -> None:
    await queue.store.offer(delivery("a"))
    async with (
        aclosing(queue.store.deliveries("slow")) as slow,
        aclosing(queue.other.deliveries("w")) as other,
    ):
        handed = await soon(slow)
        waiting = asyncio.create_task(soon(other))
        for _ in range(9):
            await asyncio.sleep(queue.abandoned_after / 3)
            assert await queue.store.keep_alive(handed)
        assert not waiting.done()
        again = await waiting  # it went silent
        assert again.tries == 2
        assert not await queue.store.keep_alive(handed)
        assert await queue.other.keep_alive(again)
        await queue.other.settle(again, RECEIPT)
        assert not await queue.other.keep_alive(again)


async def test_a_slow_worker_that_lost_its_delivery_may_settle_it_too(queue: QueueRig) -> None:
    async with queue.store.settlements() as settlements:
        await queue.store.offer(delivery("a"))
        async with (
            aclosing(queue.store.deliveries("slow")) as slow,
            aclosing(queue.other.deliveries("w")) as other,
        ):
            first, second = await soon(slow), await soon(other)
            await queue.store.settle(first, RECEIPT)
            assert await soon(settlements) == Settled("a", RECEIPT)
            assert (await queue.store.backlog()).length == 0
            assert not await queue.other.keep_alive(second)
            await queue.other.settle(second, RECEIPT)  # harmless, whatever it announces
            assert await queue.store.backlog() == Backlog(0, 0, 0)
            assert await queue.store.offer(delivery("b"))
            assert (await soon(slow)).delivery.id == "b"


async def test_what_the_engine_lost_is_offered_again_while_workers_wait_and_work(queue: QueueRig) -> None:
    for name in "abc":
        await queue.store.offer(delivery(name, seed=1))
    async with aclosing(queue.other.deliveries("w")) as deliveries:
        handed = await soon(deliveries)
        await queue.lose()
        assert not await queue.other.keep_alive(handed)
        for name in "abc":
            assert await queue.store.offer(delivery(name, seed=1))
        await queue.other.settle(handed, RECEIPT)  # what it held before counts for the one offered again
        found = {(await soon(deliveries)).delivery.id for _ in range(2)}
        assert found == {"b", "c"}
        await queue.lose()
        waiting = asyncio.create_task(soon(deliveries))
        await asyncio.sleep(0.1)
        await queue.lose()
        await queue.store.offer(delivery("d"))
        assert (await waiting).delivery.id == "d"
        assert (await queue.store.backlog()).length == 1


async def test_a_listener_that_left_and_one_that_came_late(queue: QueueRig) -> None:
    async with queue.store.settlements():
        pass
    for name in "ab":
        await queue.store.offer(delivery(name))
    async with aclosing(queue.store.deliveries("w")) as deliveries:
        await queue.store.settle(await soon(deliveries), RECEIPT)
        async with queue.store.settlements() as late:
            handed = await soon(deliveries)
            await queue.store.settle(handed, RECEIPT)
            assert (await soon(late)).delivery_id == handed.delivery.id
