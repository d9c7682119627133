"""The adapters that each port's contract runs over. A new adapter is added here, and only here."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Sequence
from contextlib import (
    AbstractAsyncContextManager,
    AbstractContextManager,
    asynccontextmanager,
    contextmanager,
)
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar
from uuid import uuid4

import pytest
from redis.asyncio import Redis

from tapetum.bus.inprocess import InProcessBus
from tapetum.bus.inprocess_queue import InProcessQueue
from tapetum.bus.port import Bus, Queue
from tapetum.bus.redis import RedisQueue
from tapetum.catalog.duckdb import DuckDBCatalog
from tapetum.catalog.port import Catalog
from tapetum.domain.alerts import NumberedAlert
from tapetum.embedded.duckdb import Engine
from tapetum.graphstore.duckdb import DuckDBGraphStore
from tapetum.graphstore.port import GraphStore
from tapetum.logstore.duckdb import DuckDBLogStore
from tapetum.logstore.port import LogStore
from tests import engines
from tests.support import on_elasticsearch, on_neo4j
from tests.support.buses import bus_over, on_a_loop
from tests.support.stores import Clock

P = TypeVar("P")


@dataclass
class Rig(Generic[P]):
    """A store with nothing in it, and how its composition opens a write."""

    store: P
    transaction: Callable[[], AbstractContextManager[Any]]
    clock: Clock = field(default_factory=Clock)


class Opens(Protocol[P]):
    def __call__(self, directory: Path | None = None) -> AbstractContextManager[Rig[P]]:
        """Open what the directory holds; without one, a store that is gone when it is closed."""
        ...


@dataclass(frozen=True)
class Adapter(Generic[P]):
    module: str
    open: Opens[P]
    engine: str | None = None  # the server that it needs

    def __str__(self) -> str:
        return self.engine or self.module.rpartition(".")[2]


@dataclass
class BusRig(Rig[Bus]):
    """`alerts` is what the log store holds: an alert is there before it is published."""

    alerts: list[NumberedAlert] = field(default_factory=list)


@dataclass
class QueueRig:
    """A queue with nothing in it. `other` is what another process sees of it, `lose` makes the engine forget
    everything; who is silent for `abandoned_after` seconds has abandoned what it holds.
    """

    store: Queue
    other: Queue
    lose: Callable[[], Awaitable[object]]
    abandoned_after: float = 0.4
    most_entries: int = 6
    most_bytes: int = 100_000


@dataclass(frozen=True)
class QueueAdapter:
    module: str
    open: Callable[[], AbstractAsyncContextManager[QueueRig]]
    engine: str | None = None

    __str__ = Adapter.__str__


def _embedded(build: Callable[[Engine, Clock], P]) -> Opens[P]:
    @contextmanager
    def opened(directory: Path | None = None) -> Generator[Rig[P]]:
        engine = Engine(directory and directory / "tapetum.duckdb", memory_limit="1GB", threads=2)
        try:
            clock = Clock()
            yield Rig(build(engine, clock), engine.transaction, clock)
        finally:
            engine.close()

    return opened


def _never() -> AbstractContextManager[Any]:
    raise AssertionError("a bus has no transactions")


@contextmanager
def _in_process(directory: Path | None = None) -> Generator[BusRig]:
    yield BusRig(InProcessBus(), _never)


@contextmanager
def _redis_bus(directory: Path | None = None) -> Generator[BusRig]:
    alerts: list[NumberedAlert] = []
    bus = bus_over(engines.redis().url, alerts, prefix=uuid4().hex)
    with on_a_loop(bus):
        yield BusRig(bus, _never, alerts=alerts)


@asynccontextmanager
async def _in_process_queue() -> AsyncGenerator[QueueRig]:
    queue = InProcessQueue(
        most_entries=QueueRig.most_entries,
        most_bytes=QueueRig.most_bytes,
        abandoned_after=QueueRig.abandoned_after,
    )

    async def lose() -> None:
        queue._entries.clear()
        queue._bytes = 0

    yield QueueRig(queue, queue, lose)


@asynccontextmanager
async def _redis_queue() -> AsyncGenerator[QueueRig]:
    url, prefix = engines.redis().url, uuid4().hex

    def opened() -> RedisQueue:
        return RedisQueue(
            url,
            prefix=prefix,
            most_entries=QueueRig.most_entries,
            most_bytes=QueueRig.most_bytes,
            abandoned_after=QueueRig.abandoned_after,
        )

    async def lose() -> None:
        async with Redis.from_url(url) as client:
            await client.delete(*[key async for key in client.scan_iter(f"*{prefix}*")])

    async with opened() as queue, opened() as other:
        yield QueueRig(queue, other, lose)


@contextmanager
def _neo4j_graph(directory: Path | None = None) -> Generator[Rig[GraphStore[Any]]]:
    clock = Clock()
    with on_neo4j.graph_store(engines.neo4j(), clock) as store:
        yield Rig(store, store.transaction, clock)


@contextmanager
def _neo4j_catalog(directory: Path | None = None) -> Generator[Rig[Catalog]]:
    with on_neo4j.catalog(directory) as store:
        yield Rig(store, lambda: on_neo4j.writing(store.database))


@contextmanager
def _elasticsearch(directory: Path | None = None) -> Generator[Rig[LogStore[Any]]]:
    clock = Clock()
    with on_elasticsearch.log_store(clock) as store:
        yield Rig(store, store.transaction, clock)


LOG_STORES: list[Adapter[LogStore[Any]]] = [
    Adapter("tapetum.logstore.duckdb", _embedded(DuckDBLogStore)),
    Adapter("tapetum.logstore.elasticsearch.store", _elasticsearch, "elasticsearch"),
]
GRAPH_STORES: list[Adapter[GraphStore[Any]]] = [
    Adapter("tapetum.graphstore.duckdb", _embedded(DuckDBGraphStore)),
    Adapter("tapetum.graphstore.neo4j.store", _neo4j_graph, "neo4j"),
]
CATALOGS: list[Adapter[Catalog]] = [
    Adapter("tapetum.catalog.duckdb", _embedded(lambda engine, _: DuckDBCatalog(engine))),
    Adapter("tapetum.catalog.neo4j", _neo4j_catalog, "neo4j"),
]
BUSES: list[Adapter[Bus]] = [
    Adapter("tapetum.bus.inprocess", _in_process),
    Adapter("tapetum.bus.redis.bus", _redis_bus, "redis"),
]
QUEUES: list[QueueAdapter] = [
    QueueAdapter("tapetum.bus.inprocess_queue", _in_process_queue),
    QueueAdapter("tapetum.bus.redis.queue", _redis_queue, "redis"),
]


def marked(adapters: Sequence[Adapter[Any] | QueueAdapter]) -> list[Any]:
    """As parameters of a fixture; those that need a server say so."""
    return [
        pytest.param(adapter, id=str(adapter), marks=[pytest.mark.engine] if adapter.engine else [])
        for adapter in adapters
    ]
