"""Writing to a graph store on Neo4j as a worker does, and asking it as a replica does."""

import asyncio
from typing import Any

from tapetum.domain.scope import EVERYTHING
from tapetum.domain.service_graph import Direction, ServiceGraph
from tapetum.graphstore.neo4j import Neo4jGraphStore
from tapetum.graphstore.port import Applied
from tests.contract.graphs import LAST_DAY, WORKLOADS, query, ref
from tests.support.factory import Flow, batch


def put(store: Neo4jGraphStore, *flows: Flow, id: str | None = None) -> Applied:  # noqa: A002 - a batch's own name for it
    made = batch(flows, id=id)
    return store.add(made.id, made.records, made.traces)


def ask(store: Neo4jGraphStore, **told: Any) -> ServiceGraph:
    return asyncio.run(store.service_graph(EVERYTHING, query(LAST_DAY, **told), WORKLOADS))


def reach(store: Neo4jGraphStore) -> Any:
    start = ref(("WORKLOAD", "east", "shop", "web-*"))
    return asyncio.run(store.reach(EVERYTHING, query(LAST_DAY), start, Direction.BOTH, 3, 100))
