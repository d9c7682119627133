"""Serving a graph of a thousand edges through GraphQL, against raw Starlette JSON of the same data."""

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bench.asgi import post
from bench.figures import Figure, Target, cost
from bench.loop import settled
from bench.setting import Setting
from bench.stores import NOW
from bench.synthetic import Cluster, opened
from bench.timing import Took, alternately
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
    cluster = Cluster(200, 20, edges, edges * 20)
    with opened(cluster, setting.cache) as store:
        shape = Shape(Level.WORKLOAD, limit=edges)
        query = GraphQuery(TimeRange(NOW - 24 * HOUR, NOW))
        graph = settled(store.graph.service_graph(EVERYTHING, query, shape))
        if len(graph.source) != edges:
            raise AssertionError(f"The graph has {len(graph.source)} edges instead of {edges}.")
        at_hand, summed = _app(store, _AtHand(store.graph, graph)), _app(store, store.graph)
        columns = _asked("columns", edges)
        typed = _asked(f"edges {{ {_TEN} }}", edges)
        served = settled(post(summed, "/graphql", columns))
        rows = msgspec.json.decode(settled(post(summed, "/graphql", typed)))
        floor = _raw(rows["data"]["serviceGraph"]["edges"])
        same = _raw(msgspec.json.decode(served)["data"])
        took = alternately(
            setting.rounds * 5,
            _many(lambda: post(floor, "/raw", b"{}")),
            _many(lambda: post(same, "/raw", b"{}")),
            _many(lambda: post(at_hand, "/graphql", columns)),
            _many(lambda: post(summed, "/graphql", columns)),
            _many(lambda: post(at_hand, "/graphql", typed)),
        )
    raw, raw_columns, ours, whole, objects = (Took(each.wall / _CALLS, each.cpu / _CALLS) for each in took)
    peer = f"{edges:,} x 10 fields as raw JSON"
    return [
        _by_cpu("columns, graph at hand", ours, raw, peer, _MUST),
        _by_cpu("columns, graph at hand", ours, raw_columns, "the same columns as raw JSON"),
        _by_cpu("columns, summed from roll-ups", whole, raw, peer),
        _by_cpu("typed list, graph at hand", objects, raw, peer),
    ]


def _by_cpu(what: str, ours: Took, floor: Took, peer: str, target: Target | None = None) -> Figure:
    """This row is about CPU: its figures are CPU milliseconds a call."""
    return cost(ROW, f"{what}, CPU", Took(ours.cpu, ours.cpu), Took(floor.cpu, floor.cpu), peer, target)


def _many(call: Callable[[], Awaitable[Any]]) -> Callable[[], None]:
    async def calls() -> None:
        for _ in range(_CALLS):
            await call()

    return lambda: settled(calls())


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
