"""What every Bus does: hand what was committed to those who listen, in order, and never wait for them."""

import asyncio
import gc
import threading
import weakref
from typing import Any

import pyarrow as pa
import pytest

from tapetum.bus.port import AlertsRaised, Event, RecordsCommitted, Subscription
from tapetum.domain.batches import RecordKind
from tests.contract.adapters import BusRig
from tests.support.buses import alert

NOTHING = pa.table({})


def flows(number: int) -> RecordsCommitted:
    return RecordsCommitted(RecordKind.FLOWS, number, NOTHING, NOTHING)


async def take(subscription: Subscription, count: int) -> list[Event]:
    found: list[Event] = []
    async with asyncio.timeout(5):
        async for event in subscription:
            found.append(event)
            if len(found) == count:
                break
    return found


def numbers(events: list[Event]) -> list[int]:
    return [event.committed_at for event in events if isinstance(event, RecordsCommitted)]


async def test_each_subscriber_hears_each_event_of_its_kind_in_order(bus: BusRig) -> None:
    async with (
        bus.store.subscribe(RecordKind.FLOWS) as one,
        bus.store.subscribe(RecordKind.FLOWS) as two,
        bus.store.subscribe(RecordKind.ALERTS) as alerts,
    ):
        for number in range(5):
            bus.store.publish(flows(number))
        bus.alerts.append(alert(1))
        bus.store.publish(AlertsRaised((alert(1),)))
        assert numbers(await take(one, 5)) == [0, 1, 2, 3, 4]
        assert numbers(await take(two, 5)) == [0, 1, 2, 3, 4]
        assert await take(alerts, 1) == [AlertsRaised((alert(1),))]
        assert one.take_dropped() == two.take_dropped() == 0


async def test_what_was_published_before_is_not_heard(bus: BusRig) -> None:
    bus.store.publish(flows(1))
    async with bus.store.subscribe(RecordKind.FLOWS) as late:
        bus.store.publish(flows(2))
        assert numbers(await take(late, 1)) == [2]


async def test_a_slow_subscriber_keeps_the_newest_and_learns_how_many_it_missed(bus: BusRig) -> None:
    async with (
        bus.store.subscribe(RecordKind.FLOWS, capacity=3) as slow,
        bus.store.subscribe(RecordKind.FLOWS) as fast,
    ):
        for number in range(10):
            bus.store.publish(flows(number))
        assert numbers(await take(fast, 10)) == list(range(10))
        assert numbers(await take(slow, 3)) == [7, 8, 9]
        assert slow.take_dropped() == 7
        assert slow.take_dropped() == 0
        bus.store.publish(flows(10))
        assert numbers(await take(slow, 1)) == [10]
        assert slow.take_dropped() == 0


async def test_a_stalled_loop_holds_no_more_than_its_capacity(bus: BusRig) -> None:
    held: list[weakref.ref[Any]] = []

    async with bus.store.subscribe(RecordKind.FLOWS, capacity=2) as stalled:
        for _ in range(100):  # without a turn of the loop in between
            table = pa.table({})
            held.append(weakref.ref(table))
            bus.store.publish(RecordsCommitted(RecordKind.FLOWS, 0, table, table))
            del table
        gc.collect()
        assert sum(reference() is not None for reference in held) <= 2
        assert len(await take(stalled, 2)) == 2
        assert stalled.take_dropped() == 98


async def test_events_come_from_any_thread(bus: BusRig) -> None:
    async with bus.store.subscribe(RecordKind.FLOWS, capacity=1000) as listener:
        threads = [
            threading.Thread(
                target=lambda start=start: [bus.store.publish(flows(start + n)) for n in range(100)]
            )
            for start in (0, 1000, 2000)
        ]
        for thread in threads:
            thread.start()
        heard = numbers(await take(listener, 300))
        for thread in threads:
            thread.join()
    for start in (0, 1000, 2000):
        own = [number for number in heard if start <= number < start + 1000]
        assert own == [start + n for n in range(100)]


async def test_an_event_wakes_one_who_waits(bus: BusRig) -> None:
    async with bus.store.subscribe(RecordKind.FLOWS) as listener:
        for number in range(3):
            waiting = asyncio.create_task(take(listener, 1))
            await asyncio.sleep(0.01)
            assert not waiting.done()
            bus.store.publish(flows(number))
            assert numbers(await waiting) == [number]


async def test_who_leaves_is_forgotten(bus: BusRig) -> None:
    async with bus.store.subscribe(RecordKind.FLOWS) as gone:
        pass
    bus.store.publish(flows(1))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.02):
            await take(gone, 1)


def test_a_loop_that_ended_harms_nobody(bus: BusRig) -> None:
    async def subscribe() -> Any:
        entered = bus.store.subscribe(RecordKind.FLOWS)
        await entered.__aenter__()
        return entered  # never left: its loop is closed while it is subscribed

    kept = asyncio.run(subscribe())
    bus.store.publish(flows(1))

    async def listen() -> list[int]:
        async with bus.store.subscribe(RecordKind.FLOWS) as listener:
            bus.store.publish(flows(2))
            return numbers(await take(listener, 1))

    assert asyncio.run(listen()) == [2]
    del kept
