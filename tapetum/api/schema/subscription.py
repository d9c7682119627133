"""The Subscription root. What a newcomer has missed is the fan-out's business (broadcast.py)."""

from collections.abc import AsyncGenerator
from typing import Annotated

import strawberry
from strawberry import argument

from tapetum.api.context import Info
from tapetum.api.live.alerts import AlertFeed
from tapetum.api.live.graph import LONGEST, SHORTEST, GraphFeed
from tapetum.api.live.logs import LogFeed
from tapetum.api.schema.common import ClustersArgument, ExpandArgument, FilterArgument
from tapetum.api.schema.flow import Flow
from tapetum.api.schema.live import AlertRaised, FlowsIngested, LogsIngested, ServiceGraphChange
from tapetum.api.schema.log import shown
from tapetum.api.schema.logs import log_of
from tapetum.api.use.arguments import read_clusters, read_expand, read_filter, read_limit
from tapetum.domain.batches import RecordKind
from tapetum.domain.moments import SECOND
from tapetum.domain.service_graph import Level, Shape

_GRAPH_MOST = 5000


@strawberry.type(
    description="What can be followed, over WebSocket (graphql-transport-ws) or server-sent events."
)
class Subscription:
    @strawberry.subscription(description="Alerts as they are raised, each exactly once and in order.")
    async def alert_raised(
        self,
        info: Info,
        clusters: ClustersArgument = None,
        query: FilterArgument = None,
        after: Annotated[  # noqa: ARG002 - read by the fan-out, for each subscriber (broadcast.py)
            str | None,
            argument(
                description="The last cursor received; what was missed comes first. Null: only new ones."
            ),
        ] = None,
    ) -> AsyncGenerator[AlertRaised, None]:
        feed = AlertFeed(info.context, read_clusters(clusters), read_filter(query, RecordKind.ALERTS))
        async for event in info.context.follow(feed):
            yield event

    @strawberry.subscription(
        description="The newest flow records as they are stored, about four times a second."
    )
    async def flows_ingested(
        self, info: Info, clusters: ClustersArgument = None, query: FilterArgument = None
    ) -> AsyncGenerator[FlowsIngested, None]:
        asked = info.context
        flows, wanted = RecordKind.FLOWS, read_clusters(clusters)
        feed = LogFeed(asked, flows, wanted, read_filter(query, flows))
        async for new in asked.follow(feed):
            yield FlowsIngested(
                records=shown(Flow, new.records, asked), dropped=new.dropped, position=new.position
            )

    @strawberry.subscription(
        description="The newest records of one kind as they are stored, about four times a second."
    )
    async def logs_ingested(
        self,
        info: Info,
        kind: Annotated[
            RecordKind, argument(description="Which records; alerts are followed by `alertRaised`.")
        ],
        clusters: ClustersArgument = None,
        query: FilterArgument = None,
    ) -> AsyncGenerator[LogsIngested, None]:
        asked = info.context
        type_ = log_of(kind)
        feed = LogFeed(asked, kind, read_clusters(clusters), read_filter(query, kind))
        async for new in asked.follow(feed):
            yield LogsIngested(
                records=shown(type_, new.records, asked), dropped=new.dropped, position=new.position
            )

    @strawberry.subscription(
        description="The service graph of the last minutes or hours: whole at first, then what changed."
    )
    async def service_graph_changed(
        self,
        info: Info,
        level: Annotated[Level, argument(description="How far it is folded.")] = Level.NAMESPACE,
        expand: ExpandArgument = None,
        query: FilterArgument = None,
        clusters: ClustersArgument = None,
        last: Annotated[
            int, argument(description=f"How many seconds back it reaches, {SHORTEST} to {LONGEST}.")
        ] = 1800,
    ) -> AsyncGenerator[ServiceGraphChange, None]:
        seconds = read_limit("last", last, LONGEST, SHORTEST)
        shape = Shape(level, read_expand(expand), _GRAPH_MOST)
        feed = GraphFeed(
            info.context,
            read_clusters(clusters),
            read_filter(query, RecordKind.FLOWS),
            shape,
            seconds * SECOND,
        )
        async for event in info.context.follow(feed):
            yield event
