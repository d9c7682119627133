"""F6, F19: each subscriber of each replica hears each alert once and in order, whatever fails meanwhile."""

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from random import Random

import pytest
import redis

from tests.faults.deliveries import Delivery
from tests.faults.distributed.senders import Traffic
from tests.faults.distributed.subscribers import Heard, Subscriber, over_events, over_socket
from tests.support import raw_flows
from tests.support.fleet import Fleet

pytestmark = [pytest.mark.fault, pytest.mark.server, pytest.mark.engine]

WITHIN = 40.0
"""Seconds that an alert may take while an engine or a replica comes back."""

MANY = 200


class Denials:
    """Deliveries of first denials: every line is the first on its edge, and some come to several senders."""

    def __init__(self, chance: Random, name: str = "db") -> None:
        self.targets: set[str] = set()
        self._chance = chance
        self._name = name

    def deliveries(self, count: int, each: int) -> list[Delivery]:
        return [self._delivery(each) for _ in range(count)]

    def _delivery(self, count: int) -> Delivery:
        name = f"batch-{len(self.targets)}"
        known = self._chance.sample(sorted(self.targets), min(len(self.targets), count // 4))
        fresh = [f"{self._name}-{len(self.targets) + number}-*" for number in range(count)]
        self.targets.update(fresh)
        start = int(time.time()) - 300
        return Delivery(name, tuple(_denied(start, name, target) for target in (*fresh, *known)))


def _denied(start: int, host: str, target: str) -> bytes:
    return raw_flows.line(start, action="deny", host=host, dest_name_aggr=target)


async def reached(subscribers: Sequence[Subscriber], met: Callable[[Subscriber], bool]) -> None:
    async with asyncio.timeout(WITHIN):
        while not all(met(each) for each in subscribers):  # noqa: ASYNC110 - it is told by connections
            await asyncio.sleep(0.05)


async def primed(fleet: Fleet, cluster: str, denials: Denials, subscribers: Sequence[Subscriber]) -> None:
    """Raise alerts until everybody has heard one, so that everybody knows a cursor."""
    async with asyncio.timeout(WITHIN):
        while not all(each.heard for each in subscribers):
            (one,) = denials.deliveries(1, 1)
            await asyncio.to_thread(fleet.api.ingest, one.lines, cluster)
            await asyncio.sleep(0.5)


async def a_cursor(fleet: Fleet, cluster: str) -> str:
    """Of an alert before all that a test raises."""
    async with Subscriber([fleet.api], cluster, over_socket) as scout:
        await primed(fleet, cluster, Denials(Random(0), "scout"), [scout])
    return scout.heard[-1].cursor


async def in_order(fleet: Fleet, cluster: str, after: str, denials: Denials) -> list[Heard]:
    """What a newcomer is told: each alert once, in the order of the cursors."""
    async with Subscriber([fleet.api], cluster, over_socket, after) as newcomer:
        await reached([newcomer], lambda each: denials.targets <= {heard.target for heard in each.heard})
    order = newcomer.heard
    assert not any(each.gap for each in order)
    ours = [each.target for each in order if not each.target.startswith("scout")]
    assert sorted(ours) == sorted(denials.targets)
    return order


async def assert_same(subscribers: Sequence[Subscriber], order: list[Heard]) -> None:
    """Each heard just that, from the first that it heard on."""
    await reached(subscribers, lambda each: order[-1] in each.heard)
    await asyncio.sleep(1)  # for what may come twice
    for place, each in enumerate(subscribers):
        begin = order.index(each.heard[0])
        assert each.heard == order[begin:], f"subscriber {place}, after {each.connections} connections"


async def test_each_subscriber_hears_each_alert_once(fleet: Fleet, chance: Random, fault_seed: int) -> None:
    cluster = f"alerts-{fault_seed}"
    denials = Denials(chance)
    east, west = fleet.apis
    known = await a_cursor(fleet, cluster)
    async with AsyncExitStack() as stack:
        everybody = [
            await stack.enter_async_context(Subscriber(replicas, cluster, follow, after))
            for replicas in ((east, west), (west, east))
            for follow in (over_socket, over_socket, over_events)
            for after in (None, known)
        ]
        await primed(fleet, cluster, denials, everybody)
        faults = [lambda: None, lambda: flushed(fleet), lambda: dies(fleet), lambda: replaced(fleet, chance)]
        chance.shuffle(faults)
        for fault in faults:
            sent = [(cluster, denials.deliveries(3, 12)) for _ in range(3)]
            await asyncio.to_thread(traffic_with, fault, Traffic(fleet, chance, sent, WITHIN), chance)
        order = await in_order(fleet, cluster, known, denials)
        await assert_same(everybody, order)
        for each in everybody[1::2]:
            assert each.heard == order, "it began with a cursor"


def traffic_with(fault: Callable[[], object], traffic: Traffic, chance: Random) -> None:
    with traffic:
        time.sleep(chance.uniform(0.0, 0.5))
        fault()
    for _, sender in traffic.senders:
        if sender.error is not None:
            raise sender.error


def flushed(fleet: Fleet) -> None:
    with redis.Redis.from_url(fleet.engines.redis.url) as client:
        client.flushall()


def dies(fleet: Fleet) -> None:
    fleet.engines.redis.kill()
    fleet.engines.redis.start()


def replaced(fleet: Fleet, chance: Random) -> None:
    victim = chance.choice(fleet.apis)
    victim.kill()
    time.sleep(1)
    victim.start()


async def test_many_come_back_at_once(fleet: Fleet) -> None:
    """To the replica that was killed under them, while alerts came in through the other."""
    cluster = "alerts-many"
    denials = Denials(Random(0))
    victim, other = fleet.apis
    known = await a_cursor(fleet, cluster)
    async with AsyncExitStack() as stack:
        many = [
            await stack.enter_async_context(Subscriber([victim], cluster, over_socket)) for _ in range(MANY)
        ]
        await primed(fleet, cluster, denials, many)
        await asyncio.to_thread(victim.kill)
        for each in denials.deliveries(3, 20):
            await asyncio.to_thread(other.ingest, each.lines, cluster)
        await asyncio.to_thread(victim.start)
        await reached(many, lambda each: len(each.heard) > 1)
        for each in denials.deliveries(1, 20):
            await asyncio.to_thread(other.ingest, each.lines, cluster)
        await assert_same(many, await in_order(fleet, cluster, known, denials))
        assert all(each.connections > 1 for each in many)
