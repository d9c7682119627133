"""Namespaces, and the catalogue of fields."""

import strawberry
from strawberry import ID, field

from tapetum import kql
from tapetum.api.context import Info
from tapetum.api.schema.node import AppliedPolicy, Limit, Node, applied_policies
from tapetum.api.use.arguments import namespace_id
from tapetum.domain.endpoints import NodeKind, NodeRef
from tapetum.graphstore.port import NamespaceSummary


@strawberry.type(description="A namespace of a cluster. Its id opens it in a graph's `expand`.")
class Namespace(Node):
    name: str = field(description="Its name.")
    cluster: str = field(description="The cluster that it belongs to.")
    workloads: int = field(description="Workloads that its logs have named.")

    @field(description="Policies that were applied at what lives in it, as far as logs tell.")
    async def policies(self, info: Info, limit: Limit = 50) -> list[AppliedPolicy]:
        node = NodeRef(NodeKind.NAMESPACE, self.cluster, self.name, self.name)
        return await applied_policies(info, node, limit)

    @classmethod
    def of(cls, summary: NamespaceSummary) -> "Namespace":
        return cls(
            id=ID(namespace_id(summary.cluster, summary.name)),
            name=summary.name,
            cluster=summary.cluster,
            workloads=summary.workloads,
        )


@strawberry.type(description="A field of a kind of record, as filters and orders name it.")
class Field:
    name: str = field(description="Its stored name; parts of a nested field are written `parent.part`.")
    type: str = field(description="keyword, ip, long, date, boolean, or nested for a list of objects.")
    multi: bool = field(description="Whether a record may have several values of it.")
    description: str = field(description="What it says.")

    @classmethod
    def of(cls, known: kql.Field) -> "Field":
        return cls(name=known.name, type=known.type.value, multi=known.multi, description=known.description)
