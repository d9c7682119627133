"""Buses of several processes over a real Redis: who listens hears, and knows of what it missed."""

import asyncio
from collections.abc import AsyncGenerator, Generator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from uuid import uuid4

import msgspec
import pyarrow as pa
import pytest
from redis.asyncio import Redis

from tapetum.bus.port import AlertsRaised, RecordsCommitted, Subscription
from tapetum.bus.redis import RedisBus
from tapetum.domain.alerts import NumberedAlert
from tapetum.domain.batches import RecordKind
from tapetum.domain.errors import UnavailableError
from tests import engines
from tests.engines import Engine
from tests.support.buses import alert, bus_over
from tests.support.factory import Flow, batch
from tests.support.records import entry, record_batch

pytestmark = pytest.mark.engine

NOTHING = pa.table({})


def flows(number: int) -> RecordsCommitted:
    return RecordsCommitted(RecordKind.FLOWS, number, NOTHING, NOTHING)


async def numbers(subscription: Subscription, until: int, within: float = 10) -> list[int]:
    """Of flow events or alerts, up to this one."""
    found: list[int] = []
    async with asyncio.timeout(within):
        async for event in subscription:
            if isinstance(event, RecordsCommitted):
                found.append(event.committed_at)
            else:
                found += [each.number for each in event.alerts]
            if found[-1] >= until:
                return found
    raise AssertionError("a subscription never ends")


async def available(subscription: Subscription, within: float = 0.1) -> list[int]:
    """Flow events that are there, or come soon."""
    found: list[int] = []
    with suppress(TimeoutError):
        async with asyncio.timeout(within):
            async for event in subscription:
                assert isinstance(event, RecordsCommitted)
                found.append(event.committed_at)
    return found


class Cluster:
    """Processes that share one Redis and one log store."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.alerts: list[NumberedAlert] = []
        self.prefix = uuid4().hex
        self._stack = AsyncExitStack()

    async def process(self) -> RedisBus:
        return await self._stack.enter_async_context(bus_over(self.engine.url, self.alerts, self.prefix))

    def raise_alert(self, bus: RedisBus) -> int:
        new = alert(len(self.alerts) + 1)
        self.alerts.append(new)
        bus.publish(AlertsRaised((new,)))
        return new.number

    @asynccontextmanager
    async def running(self) -> AsyncGenerator["Cluster"]:
        async with self._stack:
            yield self


@pytest.fixture
async def cluster() -> AsyncGenerator[Cluster]:
    async with Cluster(engines.redis()).running() as made:
        yield made


@pytest.fixture(scope="module")
def mortal() -> Generator[Engine]:
    """A server that tests kill."""
    engine = engines.own("redis", "bus")
    yield engine
    engine.stop()


@pytest.fixture
async def fragile(mortal: Engine) -> AsyncGenerator[Cluster]:
    mortal.start()
    async with Cluster(mortal).running() as made:
        yield made


async def test_tables_arrive_as_they_were(cluster: Cluster) -> None:
    worker, replica = await cluster.process(), await cluster.process()
    made = batch([Flow(mark=number) for number in range(500)])
    async with replica.subscribe(RecordKind.FLOWS) as listener:
        worker.publish(RecordsCommitted(RecordKind.FLOWS, 77, made.records, made.traces))
        async with asyncio.timeout(5):
            event = await anext(aiter(listener))
    assert isinstance(event, RecordsCommitted)
    assert event.committed_at == 77
    assert event.records.equals(made.records)
    assert event.traces.equals(made.traces)


async def test_kinds_are_heard_apart_and_flows_in_the_form_that_they_always_had(cluster: Cluster) -> None:
    """A process of an older version shares the channel of flows, and must find nothing else there."""
    worker, replica = await cluster.process(), await cluster.process()
    dns = record_batch([entry(RecordKind.DNS, qname="example.com", mark=number) for number in range(3)])
    async with (
        Redis.from_url(cluster.engine.url) as client,
        client.pubsub() as old,
        replica.subscribe(RecordKind.DNS) as at_dns,
        replica.subscribe(RecordKind.FLOWS) as at_flows,
    ):
        await old.subscribe(f"{cluster.prefix}:flows")
        await old.get_message(timeout=5)
        worker.publish(RecordsCommitted(RecordKind.DNS, 5, dns.records, dns.traces))
        worker.publish(flows(6))
        async with asyncio.timeout(5):
            event = await anext(aiter(at_dns))
        assert isinstance(event, RecordsCommitted)
        assert (event.kind, event.committed_at, event.records) == (RecordKind.DNS, 5, dns.records)
        assert await numbers(at_flows, 6) == [6]
        message = await old.get_message(timeout=5)
        assert message is not None
        origin, number, committed_at, *tables = msgspec.msgpack.decode(message["data"])
        assert (type(origin), number, committed_at, len(tables)) == (str, 1, 6, 2)
        assert await old.get_message(timeout=0.2) is None
        assert at_dns.take_dropped() == at_flows.take_dropped() == 0


async def test_every_process_hears_every_other_in_order_and_itself_once(cluster: Cluster) -> None:
    one, two, three = [await cluster.process() for _ in range(3)]
    async with one.subscribe(RecordKind.FLOWS) as at_one, three.subscribe(RecordKind.FLOWS) as at_three:
        for number in range(1, 101):
            one.publish(flows(number))
        for number in range(101, 201):
            two.publish(flows(number))
        assert sorted(await numbers(at_one, 200)) == list(range(1, 201))
        heard: list[int] = []
        while len(heard) < 200:
            heard += await numbers(at_three, 0)
        assert [each for each in heard if each <= 100] == list(range(1, 101))
        assert [each for each in heard if each > 100] == list(range(101, 201))
        assert at_one.take_dropped() == at_three.take_dropped() == 0


async def test_where_nobody_listens_nothing_is_sent(cluster: Cluster) -> None:
    worker, replica = await cluster.process(), await cluster.process()
    async with Redis.from_url(cluster.engine.url) as client:
        monitored: list[str] = []

        async def watch() -> None:
            async with client.monitor() as monitor:
                async for each in monitor.listen():
                    monitored.extend(each["command"].split()[:1] if cluster.prefix in each["command"] else [])

        watching = asyncio.create_task(watch())
        await asyncio.sleep(0.2)
        for number in range(30):
            worker.publish(flows(number))
            await asyncio.sleep(0.01)
        assert "PUBLISH" not in monitored
        assert monitored.count("PUBSUB") <= 2  # asked at most once a second
        async with replica.subscribe(RecordKind.FLOWS) as listener:
            await asyncio.sleep(1.1)
            worker.publish(flows(99))
            assert (await numbers(listener, 99))[-1] == 99
            assert listener.take_dropped() == 0
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)


async def test_an_alert_of_one_worker_reaches_every_replica_once_and_in_order(cluster: Cluster) -> None:
    workers = [await cluster.process() for _ in range(2)]
    replicas = [await cluster.process() for _ in range(2)]
    async with AsyncExitStack() as stack:
        listeners = [await stack.enter_async_context(each.subscribe(RecordKind.ALERTS)) for each in replicas]
        began = asyncio.get_running_loop().time()
        for place in range(50):
            cluster.raise_alert(workers[place % 2])
        for listener in listeners:
            assert await numbers(listener, 50) == list(range(1, 51))
        assert asyncio.get_running_loop().time() - began < 1.5  # by the hint, not by the look every 2 s


async def test_hints_from_many_threads_and_events_published_out_of_order(cluster: Cluster) -> None:
    worker, replica = await cluster.process(), await cluster.process()
    async with replica.subscribe(RecordKind.ALERTS) as listener:
        cluster.alerts.extend(alert(number) for number in range(1, 301))
        await asyncio.gather(
            *(
                asyncio.to_thread(worker.publish, AlertsRaised((alert(number),)))
                for number in (5, 300, 299, 1, 17)
            )
        )
        assert await numbers(listener, 300) == list(range(1, 301))


@pytest.mark.fault
@pytest.mark.parametrize("how", ["kill", "restart", "flush", "pause"])
async def test_f6_redis_fails_and_subscribers_stay(fragile: Cluster, how: str) -> None:
    """Alerts: each once, in order. Flow events: heard, or counted as dropped."""
    worker, replica = await fragile.process(), await fragile.process()
    engine = fragile.engine
    sent = 0
    async with replica.subscribe(RecordKind.ALERTS) as alerts, replica.subscribe(RecordKind.FLOWS) as records:

        async def go_on(count: int) -> None:
            nonlocal sent
            for _ in range(count):
                sent += 1
                worker.publish(flows(sent))
                fragile.raise_alert(worker)
                await asyncio.sleep(0.01)

        await go_on(10)
        if how == "kill":
            await asyncio.to_thread(engine.kill)
        elif how == "restart":
            await asyncio.to_thread(engine.stop)
        elif how == "pause":
            await asyncio.to_thread(engine.pause)
        else:
            await asyncio.to_thread(engine.wipe)
        await go_on(30)
        last = len(fragile.alerts)
        assert await numbers(alerts, last) == list(range(1, last + 1))  # without Redis as well
        if how == "pause":
            await asyncio.to_thread(engine.resume)
        else:
            await asyncio.to_thread(engine.start)
        heard: list[int] = []
        dropped = 0
        async with asyncio.timeout(30):
            while not heard or heard[-1] < sent:
                await go_on(1)
                heard += await available(records)
                dropped += records.take_dropped()
        assert heard == sorted(set(heard))
        assert len(heard) + dropped == sent, (len(heard), dropped, sent)
        last = fragile.raise_alert(worker)
        assert (await numbers(alerts, last))[-1] == last


async def test_a_full_outbox_counts_what_it_drops(mortal: Engine) -> None:
    mortal.start()
    cluster = Cluster(mortal)
    async with cluster.running():
        replica = await cluster.process()

        async def nothing(*_: int) -> list[NumberedAlert]:
            return []

        async def none() -> int:
            return 0

        small = len(pa.table({}).schema.serialize()) * 8
        async with (
            RedisBus(mortal.url, nothing, none, prefix=cluster.prefix, most_waiting=small) as worker,
            replica.subscribe(RecordKind.FLOWS) as listener,
        ):
            worker.publish(flows(1))
            assert await numbers(listener, 1) == [1]
            await asyncio.to_thread(mortal.kill)
            for number in range(2, 102):
                worker.publish(flows(number))
            sent = 101
            assert 50 < worker.dropped < 100
            await asyncio.to_thread(mortal.start)
            heard: list[int] = []
            lost = 0
            async with asyncio.timeout(20):
                while not heard or heard[-1] < 500:
                    worker.publish(flows(500))
                    sent += 1
                    heard += await available(listener)
                    lost += listener.take_dropped()
            assert lost >= worker.dropped
            assert 1 + len(heard) + lost == sent


async def test_entering_while_redis_is_away_and_leaving(mortal: Engine) -> None:
    mortal.start()
    url = mortal.url
    await asyncio.to_thread(mortal.kill)
    cluster = Cluster(mortal)
    async with cluster.running():
        bus = await cluster.process()
        async with bus.subscribe(RecordKind.FLOWS) as records, bus.subscribe(RecordKind.ALERTS) as alerts:
            bus.publish(flows(1))
            cluster.raise_alert(bus)
            assert await numbers(records, 1) == [1]
            assert await numbers(alerts, 1) == [1]
            await asyncio.to_thread(mortal.start)
            assert mortal.url == url
            other = await cluster.process()
            async with asyncio.timeout(20):
                while True:
                    other.publish(flows(2))
                    try:
                        assert (await numbers(records, 2, within=0.3))[0] == 2
                        break
                    except TimeoutError:
                        continue


async def test_alerts_cannot_be_followed_while_the_log_store_is_away() -> None:
    async def away(*_: int) -> list[NumberedAlert]:
        raise UnavailableError("the log store is away")

    async def no_last() -> int:
        raise UnavailableError("the log store is away")

    async with RedisBus(engines.redis().url, away, no_last, prefix=uuid4().hex) as bus:
        with pytest.raises(UnavailableError):
            async with bus.subscribe(RecordKind.ALERTS):
                pass
        async with bus.subscribe(RecordKind.FLOWS) as records:
            bus.publish(flows(1))
            assert await numbers(records, 1) == [1]


async def test_what_is_no_event_is_counted_and_harms_nobody(cluster: Cluster) -> None:
    worker, replica = await cluster.process(), await cluster.process()
    async with Redis.from_url(cluster.engine.url) as client, replica.subscribe(RecordKind.FLOWS) as listener:
        for rubbish in (b"", b"\xc1", b"\x95\xa1o\x01\x02\xc4\x01x\xc4\x01y"):
            await client.publish(f"{cluster.prefix}:flows", rubbish)
            await client.publish(f"{cluster.prefix}:alerts", rubbish)
        worker.publish(flows(1))
        assert await numbers(listener, 1) == [1]
        assert listener.take_dropped() == 3


async def test_a_bus_that_is_not_entered_serves_its_own_process() -> None:
    bus = bus_over("redis://127.0.0.1:1/0", [], "x")
    async with bus.subscribe(RecordKind.FLOWS) as listener:
        bus.publish(flows(1))
        assert await numbers(listener, 1) == [1]
