"""An empty graph on the tests' Neo4j, and replicas of it."""

from collections.abc import Callable, Generator
from contextlib import ExitStack

import pytest

from tapetum.graphstore.neo4j import Neo4jGraphStore
from tests import engines
from tests.support import on_neo4j
from tests.support.stores import Clock

Opens = Callable[[], Neo4jGraphStore]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def opens(clock: Clock) -> Generator[Opens]:
    """Each call opens one more process's store; the first one empties the database."""
    with ExitStack() as stack:
        opened: list[Neo4jGraphStore] = []

        def one_more() -> Neo4jGraphStore:
            rig = on_neo4j.graph_store(engines.neo4j(), clock, empty=not opened)
            opened.append(stack.enter_context(rig))
            return opened[-1]

        yield one_more


@pytest.fixture
def store(opens: Opens) -> Neo4jGraphStore:
    return opens()
