"""The service graph over a range: from roll-ups where they can answer, else from raw records."""

from dataclasses import dataclass

from tapetum.api.context import Asked
from tapetum.domain.batches import RecordKind
from tapetum.domain.endpoints import NodeRef
from tapetum.domain.flows import FLOW_KEY
from tapetum.domain.moments import TimeRange
from tapetum.domain.service_graph import EdgeDetail, ServiceGraph, Shape
from tapetum.graphstore.port import GraphQuery
from tapetum.kql import Query, fields_used
from tapetum.logstore.port import Search

_KEYED = frozenset(FLOW_KEY)


@dataclass(frozen=True, slots=True)
class GraphAsked:
    range: TimeRange
    clusters: frozenset[str] | None
    filter: Query | None

    @property
    def query(self) -> GraphQuery:
        return GraphQuery(self.range, self.clusters, self.filter)

    def covering(self, within: TimeRange) -> "GraphAsked":
        """The same question over the range that an answer turned out to be about."""
        return GraphAsked(within, self.clusters, self.filter)

    def search(self, keys: tuple[int, ...] | None = None) -> Search:
        return Search(RecordKind.FLOWS, self.range, self.clusters, self.filter, keys)


def needs_records(asked: Asked, graph: GraphAsked) -> bool:
    """Short windows, to be exact to the microsecond; and filters on what roll-ups do not keep."""
    if graph.range.length <= asked.api.settings.raw_window:
        return True
    return graph.filter is not None and not fields_used(graph.filter, RecordKind.FLOWS.value) <= _KEYED


async def service_graph(asked: Asked, graph: GraphAsked, shape: Shape) -> ServiceGraph:
    api = asked.api
    if not needs_records(asked, graph):
        return await api.graph.service_graph(asked.scope, graph.query, shape)
    sums = await api.logs.sums(asked.scope, graph.search())
    return await api.graph.fold(asked.scope, graph.range, sums, shape)


async def edge_detail(
    asked: Asked, graph: GraphAsked, source: NodeRef, target: NodeRef, *, direct: bool
) -> EdgeDetail | None:
    """None where there was no traffic, or none that the caller may see."""
    api, sums = asked.api, None
    if needs_records(asked, graph):
        keys = await api.graph.edge_keys(asked.scope, source, target, direct=direct)
        if not keys:
            return None
        sums = await api.logs.sums(asked.scope, graph.search(keys))
    return await api.graph.edge(asked.scope, graph.query, source, target, sums, direct=direct)
