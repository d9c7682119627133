"""A workload with what it exchanged, and what can be reached from a node."""

from typing import Annotated

import strawberry
from strawberry import ID, Private, argument, field

from tapetum.api.context import Info
from tapetum.api.schema.common import TimeRange
from tapetum.api.schema.graph import ServiceEdge, service_edges
from tapetum.api.schema.node import AppliedPolicy, Node, ServiceNode, applied_policies
from tapetum.api.use import reach as ways
from tapetum.api.use.arguments import read_limit
from tapetum.api.use.nodes import neighbours
from tapetum.domain import moments
from tapetum.domain.endpoints import NodeRef
from tapetum.domain.identity import seal

MOST = 500
_Limit = Annotated[int, argument(description=f"How many, 1 to {MOST}.")]


@strawberry.type(description="A workload with what it exchanged over the range.")
class Workload(Node):
    name: str = field(description="Its name: its pods' without their suffix.")
    namespace: str = field(description="The namespace that it lives in.")
    cluster: str = field(description="The cluster that it runs in.")
    range: TimeRange = field(description="The range that its edges are asked over.")
    node: ServiceNode = field(description="Its node of the service graph.")
    ref: Private[NodeRef]
    within: Private[moments.TimeRange]

    @classmethod
    def of(cls, ref: NodeRef, within: moments.TimeRange) -> "Workload":
        return cls(
            id=ID(workload_id(ref)),
            name=ref.name,
            namespace=ref.namespace or "",
            cluster=ref.cluster,
            range=TimeRange.of(within),
            node=ServiceNode.of(ref),
            ref=ref,
            within=within,
        )

    @field(description="Edges that it opened, busiest first.")
    async def outgoing(self, info: Info, limit: _Limit = 50) -> list[ServiceEdge]:
        return await self._edges(info, outgoing=True, limit=limit)

    @field(description="Edges that others opened to it, busiest first.")
    async def incoming(self, info: Info, limit: _Limit = 50) -> list[ServiceEdge]:
        return await self._edges(info, outgoing=False, limit=limit)

    @field(description="Policies that were applied at it, as far as logs tell.")
    async def policies(self, info: Info, limit: _Limit = 50) -> list[AppliedPolicy]:
        return await applied_policies(info, self.ref, limit)

    async def _edges(self, info: Info, *, outgoing: bool, limit: int) -> list[ServiceEdge]:
        most = read_limit("limit", limit, MOST)
        return service_edges(
            await neighbours(info.context, self.ref, self.within, outgoing=outgoing, limit=most)
        )


@strawberry.type(description="A node that was reached.")
class ReachedNode:
    node: ServiceNode = field(description="The node.")
    hops: int = field(description="Edges on the shortest way to it.")


@strawberry.type(description="What can be reached from a node over traffic that was allowed.")
class Reach:
    range: TimeRange = field(description="The range whose traffic was followed, widened to whole roll-ups.")
    from_: ServiceNode = field(name="from", description="Where it began.")
    nodes: list[ReachedNode] = field(description="Nodes that were reached, nearest first.")
    truncated: bool = field(description="Whether there were more than `limit`.")

    @classmethod
    def of(cls, found: ways.Reachable) -> "Reach":
        return cls(
            range=TimeRange.of(found.range),
            from_=ServiceNode.of(*found.start),
            nodes=[
                ReachedNode(node=ServiceNode.of(reached.node, count), hops=reached.hops)
                for reached, count in found.nodes
            ],
            truncated=found.truncated,
        )


@strawberry.type(description="One way from a node to another.")
class Path:
    nodes: list[ServiceNode] = field(description="The nodes on it, both ends included.")
    hops: int = field(description="Edges on it.")


@strawberry.type(description="The shortest ways from one node to another over traffic that was allowed.")
class Paths:
    range: TimeRange = field(description="The range whose traffic was followed, widened to whole roll-ups.")
    paths: list[Path] = field(description="The ways, all of the same length.")

    @classmethod
    def of(cls, found: ways.Ways) -> "Paths":
        return cls(
            range=TimeRange.of(found.range),
            paths=[
                Path(nodes=[ServiceNode.of(*counted) for counted in way], hops=len(way) - 1)
                for way in found.ways
            ],
        )


def workload_id(ref: NodeRef) -> str:
    return seal("workload", ref.cluster, ref.namespace, ref.name)
