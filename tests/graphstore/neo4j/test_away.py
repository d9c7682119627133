"""F5: while Neo4j is away answers come from memory, marked stale and soon; nothing is lost."""

import asyncio
import time
from collections.abc import Generator
from typing import Any

import pytest

from tapetum.domain.errors import UnavailableError
from tapetum.domain.scope import EVERYTHING
from tapetum.graphstore.neo4j import Neo4jGraphStore
from tapetum.graphstore.neo4j.store import PATIENCE
from tapetum.kql import parse
from tests import engines
from tests.contract.graphs import LAST_DAY, WORKLOADS, assert_graph, key_sums, query, ref
from tests.engines import Engine
from tests.support import on_neo4j
from tests.support.factory import MINUTE, NOW, Flow, wep
from tests.support.replicas import ask, put, reach
from tests.support.stores import Clock

pytestmark = [pytest.mark.engine, pytest.mark.fault]
FLOWS = [Flow(), Flow(source=wep("shop", "db"), dest=wep("pay", "api")), Flow(action="deny", port=81)]
WEB, API = ref(("WORKLOAD", "east", "shop", "web-*")), ref(("WORKLOAD", "east", "pay", "api-*"))


@pytest.fixture(scope="module")
def engine() -> Engine:
    return engines.own("neo4j", "away")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(engine: Engine, clock: Clock) -> Generator[Neo4jGraphStore]:
    engine.start()
    with on_neo4j.graph_store(engine, clock, patience=PATIENCE) as opened:
        put(opened, *FLOWS)
        yield opened


def back(store: Neo4jGraphStore) -> None:
    """Without waiting as long as a user would."""
    store._database._away_until = 0.0


def others(store: Neo4jGraphStore) -> Any:
    """What else memory can answer."""

    async def asked() -> Any:
        return (
            await store.paths(EVERYTHING, query(LAST_DAY), WEB, API, 5),
            await store.exists(EVERYTHING, API),
            await store.namespaces(EVERYTHING, None, 9),
            await store.edge(
                EVERYTHING, query(LAST_DAY), WEB, ref(("NAMESPACE", "east", "shop", "shop")), None
            ),
            await store.members(EVERYTHING, ref(("NAMESPACE", "east", "shop", "shop"))),
        )

    return asyncio.run(asked())


def test_answers_stay_while_it_is_frozen_and_nobody_waits_twice(
    store: Neo4jGraphStore, engine: Engine, clock: Clock
) -> None:
    assert not ask(store).stale
    before = reach(store), others(store)
    filtered = ask(store, filter=parse("dest_port: 81"))
    engine.pause()
    time.sleep(0.2)  # a signal is heeded soon, not at once
    try:
        clock.now += 3 * MINUTE
        began = time.monotonic()
        told = ask(store)
        assert time.monotonic() - began < 6
        assert told.stale
        assert told.as_of == NOW
        assert_graph(told, FLOWS, WORKLOADS)
        began = time.monotonic()
        assert (reach(store), others(store)) == before
        again = ask(store, filter=parse("dest_port: 81"))
        assert again.allowed.counts.tolist() == filtered.allowed.counts.tolist()
        folded = asyncio.run(store.fold(EVERYTHING, LAST_DAY, key_sums(FLOWS), WORKLOADS))
        assert folded.stale
        assert time.monotonic() - began < 5, "each of these would wait two seconds"
    finally:
        engine.resume()
    back(store)
    assert not ask(store).stale


def test_what_was_never_asked_is_refused_in_a_sentence(engine: Engine, clock: Clock) -> None:
    engine.start()
    engine.stop()
    with_nothing = Neo4jGraphStore(engine.url, clock)
    try:
        for _ in range(2):
            with pytest.raises(UnavailableError, match=r"^Neo4j .*\.$"):
                ask(with_nothing)
        with pytest.raises(UnavailableError, match=r"^Neo4j at .* does not take or answer it now"):
            put(with_nothing, Flow())
    finally:
        with_nothing.close()
        engine.start()


def test_a_restart_loses_nothing_and_connections_are_made_anew(
    store: Neo4jGraphStore, engine: Engine, fault_seed: int
) -> None:
    assert_graph(ask(store), FLOWS, WORKLOADS)
    more = Flow(mark=1 + fault_seed)
    put(store, more, id="more")
    engine.kill()
    told = ask(store)
    assert told.stale
    with pytest.raises(UnavailableError):
        put(store, Flow(mark=-1), id="lost")
    engine.start()
    back(store)
    for _ in range(2):
        put(store, more, id="more")
        put(store, Flow(mark=-1), id="lost")
    told = ask(store)
    assert not told.stale
    assert_graph(told, [*FLOWS, more, Flow(mark=-1)], WORKLOADS)
