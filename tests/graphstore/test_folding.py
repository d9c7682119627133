"""The arithmetic at its extremes: five thousand nodes, the largest counters, arrays that grow."""

# pyright: reportPrivateUsage=false
# (a view is handed out inside only)

import asyncio
from collections.abc import Generator
from random import Random

import pytest

from tapetum.domain.moments import TimeRange
from tapetum.domain.scope import EVERYTHING
from tapetum.domain.service_graph import Level, ServiceGraph, Shape
from tapetum.embedded.duckdb import Engine
from tapetum.graphstore.duckdb import DuckDBGraphStore
from tests.contract.graphs import assert_graph, edges, key_sums, query
from tests.support import oracle
from tests.support.factory import DAY, MINUTE, NOW, Flow, batch, wep

LAST_DAY = TimeRange(NOW - DAY, NOW)
WIDE = Shape(Level.WORKLOAD, limit=1_000_000)


@pytest.fixture
def engine() -> Generator[Engine]:
    engine = Engine(None)
    yield engine
    engine.close()


def put(engine: Engine, graph: DuckDBGraphStore, flows: list[Flow]) -> None:
    made = batch(flows)
    with engine.transaction() as transaction:
        graph.apply(transaction, made.id, made.records, made.traces)


def ask(graph: DuckDBGraphStore, shape: Shape) -> ServiceGraph:
    return asyncio.run(graph.service_graph(EVERYTHING, query(LAST_DAY), shape))


def test_five_thousand_nodes(engine: Engine) -> None:
    chance = Random(5)
    ends = [wep(f"ns-{place % 60}", f"app-{place}") for place in range(5000)]
    flows = [
        Flow(
            source=one,
            dest=chance.choice(ends),
            at=NOW - chance.randrange(DAY),
            reporter=chance.choice(["src", "dst"]),
            action=chance.choice(["allow", "allow", "deny"]),
            port=chance.choice([None, 80]),
            bytes_in=chance.randrange(10**6),
        )
        for one in ends
    ]
    graph = DuckDBGraphStore(engine, lambda: NOW)
    for start in range(0, len(flows), 1250):  # topology and blocks grow from sparse to dense
        put(engine, graph, flows[start : start + 1250])
        ask(graph, Shape())
    whole = oracle.effective(LAST_DAY.start, LAST_DAY.end, NOW)
    seen = oracle.chosen(flows, *whole)
    assert_graph(ask(graph, Shape()), seen, Shape())
    assert_graph(ask(graph, WIDE), seen, WIDE)
    assert edges(ask(DuckDBGraphStore(engine, lambda: NOW), WIDE)) == edges(ask(graph, WIDE))
    folded = asyncio.run(graph.fold(EVERYTHING, LAST_DAY, key_sums(flows), Shape()))
    assert_graph(folded, flows, Shape())


@pytest.mark.parametrize("count", [0, 2**31, 2**53 + 1, 2**61])
def test_counters_are_exact(engine: Engine, count: int) -> None:
    graph = DuckDBGraphStore(engine, lambda: NOW)
    flows = [Flow(bytes_in=count, bytes_out=None), Flow(mark=1, bytes_in=1, bytes_out=None)]
    for flow in flows:
        put(engine, graph, [flow])
    assert_graph(ask(graph, WIDE), flows, WIDE)


def test_an_answer_stays_what_it_was(engine: Engine) -> None:
    """What was handed out does not change under later commits, which change cached sums in place."""
    graph = DuckDBGraphStore(engine, lambda: NOW)
    first = [Flow(at=NOW - MINUTE, mark=mark, source=wep("shop", f"w{mark}")) for mark in range(3)]
    put(engine, graph, first)
    told = ask(graph, WIDE)
    plans = graph._memory.plans()
    before = (edges(told), plans.view.edge.copy(), plans.view.nodes)
    put(
        engine, graph, [Flow(at=NOW - MINUTE, mark=9), *(Flow(at=NOW - MINUTE, port=port) for port in (1, 2))]
    )
    ask(graph, WIDE)
    assert edges(told) == before[0]
    assert (plans.view.edge == before[1]).all()
    assert plans.view.nodes == before[2]
    assert len(graph._memory.plans().view.nodes) > len(before[2])
