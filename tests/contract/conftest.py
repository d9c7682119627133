"""One empty store of every adapter of a port."""

from collections.abc import AsyncGenerator, Generator
from typing import Any

import pytest

from tapetum.catalog.port import Catalog
from tapetum.graphstore.port import GraphStore
from tapetum.logstore.port import LogStore
from tests.contract.adapters import (
    BUSES,
    CATALOGS,
    GRAPH_STORES,
    LOG_STORES,
    QUEUES,
    Adapter,
    BusRig,
    QueueRig,
    Rig,
    marked,
)


@pytest.fixture(params=marked(LOG_STORES))
def logs(request: pytest.FixtureRequest) -> Generator[Rig[LogStore[Any]]]:
    yield from _opened(request.param)


@pytest.fixture(params=marked(GRAPH_STORES))
def graph(request: pytest.FixtureRequest) -> Generator[Rig[GraphStore[Any]]]:
    yield from _opened(request.param)


@pytest.fixture(params=marked(CATALOGS))
def catalog(request: pytest.FixtureRequest) -> Generator[Rig[Catalog]]:
    yield from _opened(request.param)


@pytest.fixture(params=marked(BUSES))
def bus(request: pytest.FixtureRequest) -> Generator[BusRig]:
    with request.param.open() as rig:
        yield rig


@pytest.fixture(params=marked(QUEUES))
async def queue(request: pytest.FixtureRequest) -> AsyncGenerator[QueueRig]:
    async with request.param.open() as rig:
        yield rig


def _opened(adapter: Adapter[Any]) -> Generator[Rig[Any]]:
    with adapter.open() as rig:
        yield rig
