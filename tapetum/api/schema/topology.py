"""Clusters, namespaces, and the catalogue of fields."""

import strawberry
from strawberry import ID, field

from tapetum import kql
from tapetum.api.context import Info
from tapetum.api.schema.common import maybe_point
from tapetum.api.schema.node import AppliedPolicy, Limit, Node, applied_policies
from tapetum.api.schema.scalars import BigInt, TimePoint
from tapetum.api.use.arguments import cluster_id, namespace_id
from tapetum.domain.endpoints import NodeKind, NodeRef
from tapetum.graphstore.port import NamespaceSummary
from tapetum.logstore.port import Census


@strawberry.type(description="A cluster that sent logs.")
class Cluster(Node):
    name: str = field(description="Its name, as its logs were sent under.")
    first_seen: TimePoint | None = field(
        description="Start of its oldest stored record; null where it has none."
    )
    last_seen: TimePoint | None = field(
        description="Start of its newest stored record; null where it has none."
    )
    records: BigInt = field(description="Records stored.")
    rejected: BigInt = field(description="Lines that could not be read; `rejectedLines` shows them.")

    @classmethod
    def of(cls, census: Census) -> "Cluster":
        return cls(
            id=ID(cluster_id(census.cluster)),
            name=census.cluster,
            first_seen=maybe_point(census.first_seen),
            last_seen=maybe_point(census.last_seen),
            records=BigInt(census.records),
            rejected=BigInt(census.rejected),
        )


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
