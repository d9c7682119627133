"""Clusters: what is stored of each, how it is registered and how its logs stand; and changes of it."""

from typing import Annotated

import strawberry
from strawberry import ID, Private, argument, field

from tapetum.api.context import Asked, Info
from tapetum.api.schema.common import maybe_point, point
from tapetum.api.schema.node import Node
from tapetum.api.schema.problems import Problem, attempt
from tapetum.api.schema.scalars import BigInt, TimePoint
from tapetum.api.use.arguments import cluster_id
from tapetum.api.use.clusters import KnownCluster, Rates, list_clusters, remove_cluster, save_cluster
from tapetum.domain.batches import RecordKind
from tapetum.domain.clusters import PALETTE, RATE_WINDOW, Receiving, lag_of, receiving
from tapetum.domain.moments import MINUTE, SECOND
from tapetum.logstore.port import KindCensus

_COLOUR = f"one of {', '.join(PALETTE)}, or #rrggbb"


@strawberry.type(description="What is stored of one kind of record of a cluster.")
class ClusterKind:
    kind: RecordKind = field(description="Which records.")
    records: BigInt = field(description="How many are stored.")
    first_seen: TimePoint = field(description="Start of the oldest one.")
    last_seen: TimePoint = field(description="Start of the newest one.")

    @classmethod
    def of(cls, one: KindCensus) -> "ClusterKind":
        return cls(
            kind=one.kind,
            records=BigInt(one.records),
            first_seen=point(one.first_seen),
            last_seen=point(one.last_seen),
        )


@strawberry.type(description="A cluster that sent logs or that somebody registered; docs/clusters.md.")
class Cluster(Node):
    name: str = field(description="Its name, as its logs were sent under.")
    title: str = field(description="What people call it; its name where nobody registered it.")
    colour: str | None = field(description=f"What it is shown in: {_COLOUR}; null where none was chosen.")
    description: str = field(description="What was said of it.")
    registered: bool = field(description="Whether somebody registered it; its logs are taken either way.")
    version: int = field(description="How often its registration was saved, for saving over it; else 0.")
    updated_at: TimePoint | None = field(description="When its registration was saved last.")
    updated_by: str | None = field(
        description="Name of the token that saved it last; null where none was needed, and without one."
    )
    first_seen: TimePoint | None = field(
        description="Start of its oldest stored record; null where it has none."
    )
    last_seen: TimePoint | None = field(
        description="Start of its newest stored record; null where it has none."
    )
    records: BigInt = field(description="Records stored.")
    rejected: BigInt = field(description="Lines that could not be read; `rejectedLines` shows them.")
    kinds: list[ClusterKind] = field(description="By kind, of those that it has any of.")
    state: Receiving = field(description="Whether its logs arrive.")
    lag: float | None = field(
        description="Seconds since the start of its newest record; null where it has none."
    )
    rates: Private[Rates]

    @field(
        description=f"Records a minute that started in the last {RATE_WINDOW // MINUTE} minutes. A source "
        "that writes its logs late has sent only a part of them yet.",
        metadata={"searches": 1},
    )
    async def rate(self) -> float:
        return await self.rates.of(self.name)

    @field(description="Whether the caller may register, change and remove it.")
    def editable(self, info: Info) -> bool:
        return info.context.scope.everything

    @classmethod
    def of(cls, known: KnownCluster, asked: Asked, rates: Rates | None = None) -> "Cluster":
        census, document, registration = known.census, known.document, known.registration
        lag = lag_of(census.last_seen, asked.now)
        return cls(
            id=ID(cluster_id(known.name)),
            name=known.name,
            title=known.name if registration is None else registration.title,
            colour=None if registration is None else registration.colour or None,
            description="" if registration is None else registration.description,
            registered=registration is not None,
            version=0 if document is None else document.version,
            updated_at=None if document is None else point(document.updated_at),
            updated_by=None if document is None else document.updated_by,
            first_seen=maybe_point(census.first_seen),
            last_seen=maybe_point(census.last_seen),
            records=BigInt(census.records),
            rejected=BigInt(census.rejected),
            kinds=[ClusterKind.of(each) for each in census.kinds],
            state=receiving(lag),
            lag=None if lag is None else lag / SECOND,
            rates=rates or Rates(asked),
        )


@strawberry.input(description="How a cluster is registered.")
class ClusterInput:
    title: str | None = field(default=None, description="What people call it; null is its name.")
    colour: str | None = field(default=None, description=f"What it is shown in: {_COLOUR}; null is none.")
    description: str = field(default="", description="What is worth knowing of it, up to 2,000 characters.")


@strawberry.type(description="What became of a cluster.")
class ClusterChange:
    cluster: Cluster | None = field(description="As it is now; null where nothing was changed.")
    problems: list[Problem] = field(description="Why nothing was changed.")

    @classmethod
    def of(cls, asked: Asked, changed: KnownCluster | None, problems: list[Problem]) -> "ClusterChange":
        return cls(cluster=None if changed is None else Cluster.of(changed, asked), problems=problems)


_Id = Annotated[ID, argument(name="id", description="The cluster, by id or name.")]
_Version = Annotated[
    int | None,
    argument(description="The version that was read; refused when it is no longer the newest."),
]


@strawberry.type
class ClusterRoots:
    """Fields of the Query root."""

    @field(description="The clusters that the caller may see, by name: with logs, or registered.")
    async def clusters(self, info: Info) -> list[Cluster]:
        asked = info.context
        rates = Rates(asked)
        return [Cluster.of(each, asked, rates) for each in await list_clusters(asked)]

    @field(description="Whether the caller may register clusters, also where there is none yet.")
    def may_register_clusters(self, info: Info) -> bool:
        return info.context.scope.everything


@strawberry.type
class ClusterMutations:
    """Fields of the Mutation root."""

    @strawberry.mutation(
        description="Register a cluster, before its first line too, or save over a version that was read. "
        "For tokens without limits to clusters or namespaces."
    )
    async def save_cluster(
        self,
        info: Info,
        text: _Id,
        document: Annotated[ClusterInput, argument(description="The whole of it.")],
        version: Annotated[
            int | None,
            argument(description="The version that was read; null or 0 where it is not registered."),
        ] = None,
    ) -> ClusterChange:
        asked = info.context
        body = {
            "format": 1,
            "title": document.title,
            "colour": document.colour or "",
            "description": document.description,
        }
        return ClusterChange.of(asked, *await attempt(save_cluster(asked, text, body, version)))

    @strawberry.mutation(
        description="Remove a cluster's registration. No record is deleted: a cluster that has some stays, "
        "unregistered. For tokens without limits to clusters or namespaces."
    )
    async def delete_cluster(self, info: Info, text: _Id, version: _Version = None) -> ClusterChange:
        asked = info.context
        return ClusterChange.of(asked, *await attempt(remove_cluster(asked, text, version)))
