"""Allowed, but never answered: edges, their causes, and what each reporter said."""

from typing import Annotated

import strawberry
from strawberry import ID, argument, field

from tapetum.api.context import Info
from tapetum.api.schema.common import (
    ClustersArgument,
    FilterArgument,
    RangeArgument,
    TimeRange,
    maybe_point,
)
from tapetum.api.schema.edge import ReporterTraffic
from tapetum.api.schema.node import ServiceNode
from tapetum.api.schema.scalars import BigInt, TimePoint
from tapetum.api.use.arguments import read_limit
from tapetum.api.use.records import search_of
from tapetum.api.use.unanswered import MOST, unanswered
from tapetum.domain import unanswered as domain
from tapetum.domain.batches import RecordKind
from tapetum.domain.identity import edge_id
from tapetum.domain.unanswered import Cause


@strawberry.type(description="What a source was allowed to send, to one port, and never had a reply to.")
class UnansweredEdge:
    edge_id: ID = field(description="The edge of the service graph, at the level of workloads.")
    source: ServiceNode = field(description="Who sent it.")
    target: ServiceNode = field(description="To whom.")
    protocol: str | None = field(description="tcp, udp, icmp, or a protocol's number.")
    port: int | None = field(description="The target's port; null where logs aggregate it, and for ICMP.")
    service: str | None = field(description="The service that was called, where logs name one.")
    cause: Cause = field(description="Why there was no reply, as far as the logs tell.")
    explanation: str = field(description="The cause in a sentence or two.")
    attempts: BigInt | None = field(description="Connections that the source started; null where uncounted.")
    bytes_sent: BigInt | None = field(description="Bytes that it sent.")
    first_seen: TimePoint | None = field(description="Start of the first record of it in the range.")
    last_seen: TimePoint | None = field(description="Start of the last record of it in the range.")
    windows: int = field(description="Windows of the source's log without a reply.")
    reports: list[ReporterTraffic] = field(description="What each reporter said of it over the range.")

    @classmethod
    def of(cls, edge: domain.Unanswered) -> "UnansweredEdge":
        sent = edge.sent
        return cls(
            edge_id=ID(edge_id(edge.source, edge.target)),
            source=ServiceNode.of(edge.source),
            target=ServiceNode.of(edge.target),
            protocol=edge.protocol,
            port=edge.port,
            service=edge.service,
            cause=edge.cause,
            explanation=edge.explanation,
            attempts=None if sent.connections is None else BigInt(sent.connections),
            bytes_sent=None if sent.bytes_out is None else BigInt(sent.bytes_out),
            first_seen=maybe_point(edge.first_seen),
            last_seen=maybe_point(edge.last_seen),
            windows=edge.windows,
            reports=[ReporterTraffic.of(report) for report in edge.reports],
        )


@strawberry.type(description="What was allowed and never answered over a range.")
class Unanswered:
    range: TimeRange = field(description="The range that was asked about.")
    edges: list[UnansweredEdge] = field(description="Most attempts first, at most `limit`.")
    truncated: bool = field(description="Whether there are more than `limit`.")


async def resolve(
    info: Info,
    within: RangeArgument,
    clusters: ClustersArgument = None,
    query: FilterArgument = None,
    limit: Annotated[int, argument(description=f"How many edges, 1 to {MOST}.")] = 100,
) -> Unanswered:
    asked = info.context
    search = search_of(RecordKind.FLOWS, within.read(asked), clusters, query)
    edges, truncated = await unanswered(asked, search, read_limit("limit", limit, MOST))
    return Unanswered(
        range=TimeRange.of(search.range),
        edges=[UnansweredEdge.of(edge) for edge in edges],
        truncated=truncated,
    )
