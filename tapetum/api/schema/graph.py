"""The service graph, as objects and as columns."""

import strawberry
from strawberry import ID, Private, field

from tapetum.api.schema.common import TimeRange, point
from tapetum.api.schema.node import Node, ServiceNode, service_nodes
from tapetum.api.schema.scalars import ServiceGraphColumns, TimePoint
from tapetum.api.schema.traffic import Traffic, traffics
from tapetum.api.use.columns import columns, edge_ids
from tapetum.domain import service_graph as domain
from tapetum.domain.identity import node_id


@strawberry.type(description="What went from one node of the service graph to another.")
class ServiceEdge(Node):
    source_id: ID = field(description="Id of the node that opened the connections.")
    target_id: ID = field(description="Id of the node that they went to.")
    allowed: Traffic = field(description="What was let through.")
    denied: Traffic = field(description="What was stopped.")


def service_edges(graph: domain.ServiceGraph) -> list[ServiceEdge]:
    nodes = [ID(node_id(node)) for node in graph.nodes]
    return [
        ServiceEdge(
            id=ID(edge_id), source_id=nodes[source], target_id=nodes[target], allowed=allowed, denied=denied
        )
        for edge_id, source, target, allowed, denied in zip(
            edge_ids(graph),
            graph.source.tolist(),
            graph.target.tolist(),
            traffics(graph.allowed),
            traffics(graph.denied),
            strict=True,
        )
    ]


@strawberry.type(description="What talks to what over a range, busiest edges first.")
class ServiceGraph:
    graph: Private[domain.ServiceGraph]

    @field(description="The range that was summed, which roll-ups widen to whole minutes or hours.")
    def range(self) -> TimeRange:
        return TimeRange.of(self.graph.range)

    @field(description="When the newest data in it arrived.")
    def as_of(self) -> TimePoint:
        return point(self.graph.as_of)

    @field(description="Nodes with traffic.")
    def nodes(self) -> list[ServiceNode]:
        return service_nodes(self.graph)

    @field(description="Edges with traffic, busiest first, at most `limit`.")
    def edges(self) -> list[ServiceEdge]:
        return service_edges(self.graph)

    @field(description="The same nodes and edges as columns, for large graphs.")
    def columns(self) -> ServiceGraphColumns:
        return ServiceGraphColumns(columns(self.graph))

    @field(description="Whether there were more edges than `limit`.")
    def truncated(self) -> bool:
        return self.graph.truncated

    @field(description="Whether the graph store could not be asked and this is its last known state.")
    def stale(self) -> bool:
        return self.graph.stale
