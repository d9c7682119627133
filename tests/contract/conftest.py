"""One empty store of every adapter of a port; or one for all tests of a module, for those that keep apart."""

import os
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


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """`kql_seed`: so many seeds from KQL_SEED on; a failing test's name says which."""
    if "kql_seed" in metafunc.fixturenames:
        first, runs = int(os.environ.get("KQL_SEED", "0")), int(os.environ.get("KQL_RUNS", "1"))
        metafunc.parametrize("kql_seed", range(first, first + runs))


@pytest.fixture(params=marked(LOG_STORES), scope="module")
def shared_logs(request: pytest.FixtureRequest) -> Generator[Rig[LogStore[Any]]]:
    """For tests that write to clusters of their own and ask for those only."""
    yield from _opened(request.param)


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
