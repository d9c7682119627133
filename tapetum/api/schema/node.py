"""Node and ServiceNode: whatever has an id of its own, and the nodes of the graph."""

from collections.abc import Sequence

import strawberry
from strawberry import ID, field

from tapetum.domain.endpoints import NodeKind, NodeRef
from tapetum.domain.identity import node_id


@strawberry.interface(description="Whatever has an id that `node` can look up again.")
class Node:
    id: ID = field(description="Opaque and stable; the same thing always has the same id.")


@strawberry.type(
    description="A node of the service graph. `members` counts the workloads folded into a namespace; null "
    "for every other kind. `parentId` is the namespace's id for whatever lives in one."
)
class ServiceNode(Node):
    kind: NodeKind = field(description="What it stands for.")
    name: str = field(description="Its name: the namespace's, the workload's, the host's, the domain's.")
    namespace: str | None = field(
        description="The namespace that it is or lives in; null outside of namespaces."
    )
    cluster: str = field(description="The cluster whose logs name it.")
    parent_id: ID | None = field(
        description="Id of the namespace node that it folds into; null where it has none."
    )
    members: int | None = field(description="Workloads folded into a namespace; null for every other kind.")

    @classmethod
    def of(cls, node: NodeRef, members: int | None = None) -> "ServiceNode":
        return cls(
            id=ID(node_id(node)),
            kind=node.kind,
            name=node.name,
            namespace=node.namespace,
            cluster=node.cluster,
            parent_id=parent_id(node),
            members=members,
        )


def parent_id(node: NodeRef) -> ID | None:
    folded = node.folded
    return ID(node_id(folded)) if folded is not node else None


def service_nodes(nodes: Sequence[NodeRef], members: Sequence[int | None]) -> list[ServiceNode]:
    return [ServiceNode.of(node, count) for node, count in zip(nodes, members, strict=True)]
