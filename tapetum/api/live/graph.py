"""What changes in a service graph: recomputed after commits and as its window slides, never in a rush."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from typing import Any

from strawberry import ID

from tapetum.api.context import Asked, Prelude
from tapetum.api.live.commits import woken_by
from tapetum.api.schema.common import TimeRange, point
from tapetum.api.schema.graph import ServiceEdge, service_edges
from tapetum.api.schema.live import ServiceGraphChange
from tapetum.api.schema.node import ServiceNode, service_nodes
from tapetum.api.use.service_graph import GraphAsked, service_graph
from tapetum.domain import moments
from tapetum.domain.batches import RecordKind
from tapetum.domain.errors import TapetumError
from tapetum.domain.service_graph import ServiceGraph, Shape
from tapetum.kql import Query

SHORTEST, LONGEST = 10, 30 * 86_400
_SHARE = 4
"""After a recomputation that took t, the next waits at least 4 t: live graphs never take the machine."""


@dataclass(frozen=True, slots=True)
class _State:
    """A graph as it was sent, and the rows by which a change is told."""

    graph: ServiceGraph
    nodes: list[ServiceNode]
    edges: list[ServiceEdge]
    seen: dict[str, Any]


class GraphFeed:
    def __init__(
        self,
        asked: Asked,
        clusters: frozenset[str] | None,
        query: Query | None,
        shape: Shape,
        length: moments.Micros,
    ) -> None:
        self._asked = asked
        self._clusters = clusters
        self._query = query
        self._shape = shape
        self._length = length
        self._state: _State | None = None
        self._whole: ServiceGraphChange | None = None
        self._position = 0

    async def follow(self, opened: Callable[[], None]) -> AsyncGenerator[ServiceGraphChange]:
        pace = self._asked.api.settings.pace
        async with woken_by(self._asked.api.bus, RecordKind.FLOWS, lambda _: None) as commits:
            state = self._state = await self._compute()
            opened()
            while True:
                await commits.wait(pace.graph_idle)
                # What is committed while we wait here wakes us again.
                await asyncio.sleep(pace.shows_after.total_seconds())
                began = time.monotonic()
                try:
                    fresh = await self._compute()
                except TapetumError:  # a store that is away now; the next round asks again
                    await asyncio.sleep(pace.graph_idle.total_seconds())
                    continue
                took = time.monotonic() - began
                self._position += 1
                change = self._change(state, fresh)
                state = self._state = fresh
                self._whole = None
                yield change
                await asyncio.sleep(max(pace.graph.total_seconds(), _SHARE * took))

    async def prelude(self, after: str | None) -> Prelude:  # noqa: ARG002 - the whole graph leaves nothing to resume
        """The whole graph as of the last change; encoded once for all who come before the next."""
        if self._whole is None and self._state is not None:
            state = self._state
            self._whole = self._event(state.graph, state.nodes, state.edges, [])
        return Prelude([self._whole] if self._whole else [], self._position)

    async def _compute(self) -> _State:
        now = self._asked.api.clock()
        asked = Asked(self._asked.api, self._asked.scope, now)
        within = moments.TimeRange(now - self._length, now)
        graph = await service_graph(asked, GraphAsked(within, self._clusters, self._query), self._shape)
        nodes, edges = service_nodes(graph), service_edges(graph)
        return _State(graph, nodes, edges, _rows(graph, nodes, edges))

    def _change(self, old: _State, new: _State) -> ServiceGraphChange:
        before = old.seen
        nodes = [node for node in new.nodes if before.get(node.id, _ABSENT) != new.seen[node.id]]
        edges = [edge for edge in new.edges if before.get(edge.id, _ABSENT) != new.seen[edge.id]]
        gone = [ID(each) for each in before if each not in new.seen]
        return self._event(new.graph, nodes, edges, gone)

    def _event(
        self, graph: ServiceGraph, nodes: list[ServiceNode], edges: list[ServiceEdge], gone: list[ID]
    ) -> ServiceGraphChange:
        return ServiceGraphChange(
            as_of=point(graph.as_of),
            range=TimeRange.of(graph.range),
            upserted_nodes=nodes,
            upserted_edges=edges,
            removed_ids=gone,
            position=self._position,
        )


_ABSENT = object()


def _rows(graph: ServiceGraph, nodes: list[ServiceNode], edges: list[ServiceEdge]) -> dict[str, Any]:
    """What each node and edge said, by id."""
    rows: dict[str, Any] = {node.id: (node.members, node.group) for node in nodes}
    columns = [
        column.tolist()
        for matrix in (graph.allowed, graph.denied)
        for column in (matrix.counts, matrix.known, matrix.estimated)
    ]
    rows.update((edge.id, row) for edge, row in zip(edges, zip(*columns, strict=True), strict=True))
    return rows
