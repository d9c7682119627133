"""Node and ServiceNode: whatever has an id of its own, the nodes of the graph, and policies applied there."""

from typing import Annotated

import strawberry
from strawberry import ID, Private, argument, field

from tapetum.api.context import Info
from tapetum.api.use.arguments import read_limit
from tapetum.domain.endpoints import NodeKind, NodeRef
from tapetum.domain.identity import node_id
from tapetum.domain.policies import PolicyRef, PolicySide, PolicyUse
from tapetum.domain.policy_trace import Action
from tapetum.domain.service_graph import ServiceGraph, ServiceGroup

MOST = 500
Limit = Annotated[int, argument(description=f"How many, 1 to {MOST}.")]


@strawberry.interface(description="Whatever has an id that `node` can look up again.")
class Node:
    id: ID = field(description="Opaque and stable; the same thing always has the same id.")


@strawberry.type(description="A service, as flow logs name it.")
class ServiceName:
    namespace: str | None = field(description="Its namespace; null where logs tell none.")
    name: str = field(description="Its name.")


@strawberry.type(
    description="A node of the service graph. `members` counts the workloads folded into a namespace or a "
    "service; null for every other kind. `parentId` is the namespace's id for whatever lives in one."
)
class ServiceNode(Node):
    kind: NodeKind = field(description="What it stands for.")
    name: str = field(
        description="Its name: the namespace's, the workload's, the host's, the domain's; of services that "
        "share workloads the first one's."
    )
    namespace: str | None = field(
        description="The namespace that it is or lives in; null outside of namespaces."
    )
    cluster: str = field(description="The cluster whose logs name it.")
    parent_id: ID | None = field(
        description="Id of the namespace node that it folds into; null where it has none."
    )
    members: int | None = field(
        description="Workloads folded into a namespace or a service; null for every other kind."
    )
    group: Private[ServiceGroup | None] = None

    @field(
        description="Of a service, all that share its workloads and are this node, by namespace and name. "
        "Any of them finds it as an id. Of a workload in a graph of services, those that it stands behind."
    )
    def services(self, limit: Limit = 20) -> list[ServiceName]:
        told = (self.group.services if self.group else ())[: read_limit("limit", limit, MOST)]
        return [ServiceName(namespace=each.namespace, name=each.name) for each in told]

    @field(
        description="Of a service, the workloads behind it, as far as logs ever told. Empty for every other "
        "kind."
    )
    def workloads(self, limit: Limit = 50) -> list["ServiceNode"]:
        most = read_limit("limit", limit, MOST)
        folded = self.group if self.kind is NodeKind.SERVICE else None
        return [ServiceNode.of(each) for each in (folded.workloads if folded else ())[:most]]

    @field(description="Of a workload that an expanded service shows, the service's id; else null.")
    def service_id(self) -> ID | None:
        return None if self.kind is NodeKind.SERVICE else self.group and ID(node_id(self.group.node))

    @field(
        description="Policies that were ever applied at it, or in it, as far as logs tell: the graph keeps "
        "them when retention removes the records."
    )
    async def policies(self, info: Info, limit: Limit = 50) -> list["AppliedPolicy"]:
        return await applied_policies(
            info, NodeRef(self.kind, self.cluster, self.namespace, self.name), limit
        )

    @classmethod
    def of(
        cls, node: NodeRef, members: int | None = None, group: ServiceGroup | None = None
    ) -> "ServiceNode":
        return cls(
            id=ID(node_id(node)),
            kind=node.kind,
            name=node.name,
            namespace=node.namespace,
            cluster=node.cluster,
            parent_id=parent_id(node),
            members=members,
            group=group,
        )


def parent_id(node: NodeRef) -> ID | None:
    folded = node.folded
    return ID(node_id(folded)) if folded is not node else None


def service_nodes(graph: ServiceGraph) -> list[ServiceNode]:
    return [
        ServiceNode.of(node, count, graph.groups.get(node))
        for node, count in zip(graph.nodes, graph.members, strict=True)
    ]


@strawberry.type(
    description="A policy, and what it was seen to do. Where none of its rules matched it is told apart, as "
    "`endOfTier`: its tier's default decided then."
)
class AppliedPolicy:
    tier: str = field(description="Tier of the policy.")
    kind: str = field(description="Kind of the policy, such as GlobalNetworkPolicy, Profile or EndOfTier.")
    namespace: str | None = field(description="Namespace of the policy; null where it is global.")
    name: str = field(description="Name of the policy, without tier or namespace.")
    cluster: str = field(description="The cluster whose logs name it.")
    end_of_tier: bool = field(description="Whether the actions are its tier's default.")
    actions: list[Action] = field(description="What it did.")
    sides: list[PolicySide] = field(description="To which traffic of the endpoint it was applied.")
    ref: Private[PolicyRef]

    @classmethod
    def of(cls, use: PolicyUse) -> "AppliedPolicy":
        policy = use.policy
        return cls(
            tier=policy.tier,
            kind=policy.kind,
            namespace=policy.namespace,
            name=policy.name,
            cluster=policy.cluster,
            end_of_tier=use.end_of_tier,
            actions=list(use.actions),
            sides=list(use.sides),
            ref=policy,
        )

    @field(description="Where it was seen to apply, by namespace and name.")
    async def selects(self, info: Info, limit: Limit = 50) -> list[ServiceNode]:
        most = read_limit("limit", limit, MOST)
        asked = info.context
        found = await asked.api.graph.selected_by(asked.scope, self.ref)
        return [ServiceNode.of(node) for node in found[:most]]


async def applied_policies(info: Info, node: NodeRef, limit: int) -> list[AppliedPolicy]:
    most = read_limit("limit", limit, MOST)
    found = await info.context.api.graph.policies_at(info.context.scope, node)
    return [AppliedPolicy.of(use) for use in found[:most]]
