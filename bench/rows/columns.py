"""Serving a graph of a thousand edges through GraphQL, against raw Starlette JSON of the same data."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bench.asgi import post
from bench.figures import Figure, Target, cost
from bench.setting import Setting
from bench.stores import NOW
from bench.synthetic import Cluster, opened
from bench.timing import Took, middle, waited
from tapetum.api import ApiContext, ApiSettings, create_app
from tapetum.domain.moments import HOUR, TimeRange
from tapetum.domain.scope import EVERYTHING
from tapetum.domain.service_graph import Level, ServiceGraph, Shape
from tapetum.graphstore.port import GraphQuery
from tapetum.service.embedded import Embedded

ROW = "columns"
_EDGES = 1000
_CALLS = 20
"""A round is so many calls, as one is too short for the clock of CPU time."""

_MUST = Target(3, at_least=False)
_QUERY = '{ serviceGraph(range: {from: "now-24h"}, level: WORKLOAD, limit: %d) { %s } }'
_TEN = (
    "id sourceId targetId allowed { connections packets bytesIn bytesOut } "
    "denied { connections packets bytesIn }"
)


def run(setting: Setting) -> list[Figure]:
    edges = setting.sized(_EDGES, 20)
    with opened(Cluster(200, 20, edges, edges * 20), setting.cache) as store:
        raw, same, ours, whole, objects = asyncio.run(_measured(store, edges, setting.rounds * 5))
    peer = f"{edges:,} x 10 fields as raw JSON"
    return [
        _by_cpu("columns, graph at hand", ours, raw, peer, _MUST),
        _by_cpu("columns, graph at hand", ours, same, "the same columns as raw JSON"),
        _by_cpu("columns, summed from roll-ups", whole, raw, peer),
        _by_cpu("typed list, graph at hand", objects, raw, peer),
    ]


async def _measured(store: Embedded, edges: int, rounds: int) -> list[Took]:
    query = GraphQuery(TimeRange(NOW - 24 * HOUR, NOW))
    graph = await store.graph.service_graph(EVERYTHING, query, Shape(Level.WORKLOAD, limit=edges))
    if len(graph.source) != edges:
        raise AssertionError(f"The graph has {len(graph.source)} edges instead of {edges}.")
    at_hand, summed = _app(store, _AtHand(store.graph, graph)), _app(store, store.graph)
    columns = _asked("columns", edges)
    typed = _asked(f"edges {{ {_TEN} }}", edges)
    rows = msgspec.json.decode(await post(summed, "/graphql", typed))
    floor = _raw(rows["data"]["serviceGraph"]["edges"])
    same = _raw(msgspec.json.decode(await post(summed, "/graphql", columns))["data"])
    works = (
        _many(floor, "/raw", b"{}"),
        _many(same, "/raw", b"{}"),
        _many(at_hand, "/graphql", columns),
        _many(summed, "/graphql", columns),
        _many(at_hand, "/graphql", typed),
    )
    seen = [[await waited(work) for work in works] for _ in range(rounds)]
    return [middle([row[place] for row in seen]) for place in range(len(works))]


def _by_cpu(what: str, ours: Took, floor: Took, peer: str, target: Target | None = None) -> Figure:
    """This row is about CPU: its figures are CPU milliseconds a call."""
    mine, theirs = (Took(each.cpu / _CALLS, each.cpu / _CALLS) for each in (ours, floor))
    return cost(ROW, f"{what}, CPU", mine, theirs, peer, target)


def _many(app: Starlette, path: str, body: bytes) -> Callable[[], Awaitable[None]]:
    async def calls() -> None:
        for _ in range(_CALLS):
            await post(app, path, body)

    return calls


def _asked(selection: str, limit: int) -> bytes:
    return msgspec.json.encode({"query": _QUERY % (limit, selection)})


class _AtHand:
    """A graph store that has already worked out the graph: what is left is serving it."""

    def __init__(self, store: Any, graph: ServiceGraph) -> None:
        self._store, self._graph = store, graph

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def service_graph(self, *_: Any) -> ServiceGraph:
        return self._graph


def _app(store: Embedded, graph: Any) -> Starlette:
    return create_app(
        ApiContext(
            logs=store.logs,
            graph=graph,
            catalog=store.catalog,
            bus=store.bus,
            clock=store.clock,
            settings=ApiSettings(require_token=False),
        )
    )


def _raw(data: Any) -> Starlette:
    async def answer(request: Request) -> Response:
        await request.body()
        return JSONResponse(data)

    return Starlette(routes=[Route("/raw", answer, methods=["POST"])])
