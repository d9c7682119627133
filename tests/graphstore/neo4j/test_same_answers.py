"""Neo4j and the embedded store give the same answers to the same batches: rows, order, limits."""

import asyncio
from dataclasses import replace
from itertools import pairwise
from random import Random
from typing import Any

import pytest

from tapetum.domain.moments import TimeRange
from tapetum.domain.policies import PolicyRef
from tapetum.domain.scope import EVERYTHING, Scope
from tapetum.domain.service_graph import Direction, Level, Shape
from tapetum.embedded.duckdb import Engine
from tapetum.graphstore.duckdb import DuckDBGraphStore
from tapetum.graphstore.neo4j import Neo4jGraphStore
from tapetum.kql import parse
from tests.contract.graphs import LAST_DAY, WORKLOADS, a_flow, query, ref
from tests.support import oracle
from tests.support.factory import DAY, HOUR, NOW, Flow, batch, wep
from tests.support.names import plain
from tests.support.policies import applied, with_hits
from tests.support.stores import Clock

pytestmark = pytest.mark.engine
SCOPES = [EVERYTHING, Scope(frozenset({"east"})), Scope(None, frozenset({("east", "shop"), ("east", "pay")}))]
RANGES = [LAST_DAY, TimeRange(NOW - HOUR, NOW), TimeRange(NOW - 3 * DAY, NOW - 2 * HOUR)]
FILTERS = [None, "reporter: dst or dest_port >= 80", "not source_namespace: s*"]


async def answers(store: Any, flows: list[Flow], chance: Random) -> list[Any]:
    found: list[Any] = []
    ends = sorted({end for flow in flows for end in oracle.ends_of(flow)}, key=str)
    ends += sorted({oracle.folded(end) for end in ends}, key=str)
    ends += sorted({oracle.service_of(flow) for flow in flows if flow.service is not None})
    policies = sorted({policy for _, _, policy, _ in applied(flows)}, key=repr)
    for _ in range(10):
        scope, text = chance.choice(SCOPES), chance.choice(FILTERS)
        asked = query(chance.choice(RANGES), filter=parse(text) if text else None)
        one, other = ref(chance.choice(ends)), ref(chance.choice(ends))
        direction, hops = chance.choice(list(Direction)), chance.choice([1, 2, 4])
        limit = chance.choice([1, 3, 100])
        shape = Shape(chance.choice(list(Level)), limit=chance.choice([2, 5000]))
        found += [
            plain(replace(await store.service_graph(scope, asked, shape), as_of=0)),
            plain(await store.edge(scope, asked, one, other, None)),
            plain(await store.reach(scope, asked, one, direction, hops, limit)),
            plain(await store.paths(scope, asked, one, other, limit)),
            plain(await store.namespaces(scope, None, limit)),
            plain(await store.edge_keys(scope, one, other)),
            plain(await store.edge_keys(scope, one, other, direct=True)),
            plain(await store.group(scope, one)),
        ]
    for policy in chance.sample(policies, min(3, len(policies))):
        scope, one, other = chance.choice(SCOPES), ref(chance.choice(ends)), ref(chance.choice(ends))
        found += [
            plain(await store.selected_by(scope, PolicyRef(*policy))),
            plain(await store.policies_at(scope, one)),
            plain(await store.policies_of(scope, one, other)),
            plain(await store.policies_of(scope, one, other, direct=True)),
        ]
    return found


@pytest.mark.parametrize("seed", range(6))
def test_random_batches(store: Neo4jGraphStore, seed: int) -> None:
    chance = Random(seed)
    flows = [a_flow(Random(f"{seed}/{place}")) for place in range(chance.choice([30, 200]))]
    flows = oracle.distinct(with_hits(flow, chance) for flow in flows)
    mesh = [wep("mesh", f"w{place}") for place in range(12)]
    flows += [
        Flow(source=chance.choice(mesh), dest=chance.choice(mesh), port=chance.choice([80, 81]), mark=place)
        for place in range(60)
    ]
    chance.shuffle(flows)
    engine = Engine(None)
    try:
        embedded = DuckDBGraphStore(engine, Clock())
        while flows:
            wave, flows = flows[:40], flows[40:]
            made = batch(wave)
            with engine.transaction() as tx:
                expected = embedded.apply(tx, made.id, made.records, made.traces)
            applied = store.write(lambda tx, made=made: store.apply(tx, made.id, made.records, made.traces))
            assert applied.first_denied == expected.first_denied
            draws = seed * 1000 + len(flows)
            told = asyncio.run(answers(store, wave, Random(draws)))
            assert told == asyncio.run(answers(embedded, wave, Random(draws)))
    finally:
        engine.close()


def test_more_ways_than_can_be_listed_are_cut_in_the_same_order(store: Neo4jGraphStore) -> None:
    layers = [[wep("mesh", f"{layer}-{place}") for place in range(12)] for layer in range(5)]
    layers = [layers[0][:1], *layers[1:], [wep("mesh", "end")]]
    flows = [
        Flow(source=one, dest=other, mark=place)
        for place, (layer, after) in enumerate(pairwise(layers))
        for one in layer
        for other in after
    ]
    made = batch(flows)
    store.write(lambda tx: store.apply(tx, made.id, made.records, made.traces))
    ends = ref(oracle.ends_of(flows[0])[0]), ref(oracle.ends_of(flows[-1])[1])
    engine = Engine(None)
    try:
        embedded = DuckDBGraphStore(engine, Clock())
        with engine.transaction() as tx:
            embedded.apply(tx, made.id, made.records, made.traces)
        told = asyncio.run(store.paths(EVERYTHING, query(LAST_DAY), *ends, 50))
        assert told == asyncio.run(embedded.paths(EVERYTHING, query(LAST_DAY), *ends, 50))
        assert len(told) == 50
        graph = asyncio.run(store.service_graph(EVERYTHING, query(LAST_DAY), WORKLOADS))
        assert len(graph.source) == len(flows)
    finally:
        engine.close()
