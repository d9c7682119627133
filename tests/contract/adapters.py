"""The adapters that each port's contract runs over. A new adapter is added here, and only here."""

from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from tapetum.bus.inprocess import InProcessBus
from tapetum.bus.port import Bus
from tapetum.catalog.duckdb import DuckDBCatalog
from tapetum.catalog.port import Catalog
from tapetum.embedded.duckdb import Engine
from tapetum.graphstore.duckdb import DuckDBGraphStore
from tapetum.graphstore.port import GraphStore
from tapetum.logstore.duckdb import DuckDBLogStore
from tapetum.logstore.port import LogStore
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

    def __str__(self) -> str:
        return self.module.rpartition(".")[2]


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


@contextmanager
def _in_process(directory: Path | None = None) -> Generator[Rig[Bus]]:
    def never() -> AbstractContextManager[Any]:
        raise AssertionError("a bus has no transactions")

    yield Rig(InProcessBus(), never)


LOG_STORES: list[Adapter[LogStore[Any]]] = [Adapter("tapetum.logstore.duckdb", _embedded(DuckDBLogStore))]
GRAPH_STORES: list[Adapter[GraphStore[Any]]] = [
    Adapter("tapetum.graphstore.duckdb", _embedded(DuckDBGraphStore))
]
CATALOGS: list[Adapter[Catalog]] = [
    Adapter("tapetum.catalog.duckdb", _embedded(lambda engine, _: DuckDBCatalog(engine)))
]
BUSES: list[Adapter[Bus]] = [Adapter("tapetum.bus.inprocess", _in_process)]
