"""The Query root: each field reads its arguments and hands them to a use case."""

from typing import Annotated

import strawberry
from strawberry import ID, argument, field

from tapetum import kql
from tapetum.api.context import Info
from tapetum.api.schema.aggregates import Histogram, TopValues, ValueCount, value_counts
from tapetum.api.schema.aggregation import Aggregate
from tapetum.api.schema.aggregation import resolve as resolve_aggregate
from tapetum.api.schema.alert import Alert
from tapetum.api.schema.alert_rule_roots import AlertRuleRoots
from tapetum.api.schema.alert_rule_trial import AlertRuleTrialRoots
from tapetum.api.schema.audit import AuditLog
from tapetum.api.schema.bgp import BgpLog
from tapetum.api.schema.capture import CaptureRoots
from tapetum.api.schema.cluster import ClusterRoots
from tapetum.api.schema.cluster_health import ClusterHealth
from tapetum.api.schema.cluster_health import resolve as resolve_health
from tapetum.api.schema.common import (
    AfterArgument,
    ClustersArgument,
    ExpandArgument,
    FilterArgument,
    FirstArgument,
    OrderArgument,
    RangeArgument,
    TimeRangeInput,
)
from tapetum.api.schema.completion import Completion
from tapetum.api.schema.connection import Connection
from tapetum.api.schema.delivery import DeliveryRoots
from tapetum.api.schema.dns import DnsLog
from tapetum.api.schema.edge import ServiceEdgeDetail
from tapetum.api.schema.edge_figures import EdgeFigureRoots
from tapetum.api.schema.event import SecurityEvent
from tapetum.api.schema.feed import FeedRoots
from tapetum.api.schema.flow import Flow
from tapetum.api.schema.graph import ServiceGraph
from tapetum.api.schema.graph_comparison import GraphComparisonRoots
from tapetum.api.schema.image_scan import ScanRoots
from tapetum.api.schema.incident import Incidents, resolve_incidents
from tapetum.api.schema.l7 import L7Log
from tapetum.api.schema.layer import LayerRoots
from tapetum.api.schema.load import LoadComparison
from tapetum.api.schema.load import resolve as resolve_load
from tapetum.api.schema.lookup import find, service_edge_detail, workload_of
from tapetum.api.schema.manifest import ManifestRoots
from tapetum.api.schema.node import Node
from tapetum.api.schema.packet_capture import PacketCaptureRoots
from tapetum.api.schema.policy import PolicyRoots
from tapetum.api.schema.policy_trace import PolicyTraceRoots
from tapetum.api.schema.posture import SecurityPosture
from tapetum.api.schema.posture import resolve as resolve_posture
from tapetum.api.schema.recommendation import RecommendationRoots
from tapetum.api.schema.rejected import RejectedLine
from tapetum.api.schema.roots import records
from tapetum.api.schema.saved import SavedRoots
from tapetum.api.schema.scalars import TimePoint
from tapetum.api.schema.simulation import SimulationRoots
from tapetum.api.schema.topology import Field, Namespace
from tapetum.api.schema.unanswered import Unanswered
from tapetum.api.schema.unanswered import resolve as resolve_unanswered
from tapetum.api.schema.view import ViewRoots
from tapetum.api.schema.workload import Paths, Reach, Workload
from tapetum.api.use import reach as ways
from tapetum.api.use.aggregates import count_by_value, count_over_time
from tapetum.api.use.arguments import read_clusters, read_expand, read_filter, read_limit
from tapetum.api.use.completions import completions
from tapetum.api.use.records import read_page
from tapetum.api.use.rejected import read_rejected
from tapetum.api.use.service_graph import GraphAsked, service_graph
from tapetum.domain.batches import RecordKind
from tapetum.domain.service_graph import Direction, Level, Shape

GRAPH_MOST = 100_000
_NAMESPACES_MOST = 10_000

_Kind = Annotated[RecordKind, argument(description="Which records are asked.")]
_HALF_HOUR = TimeRangeInput(from_=TimePoint("now-30m"))
_FieldName = Annotated[str, argument(name="field", description="A field that `fields` lists.")]


@strawberry.type(description="What can be asked.")
class Query(
    SavedRoots,
    ViewRoots,
    LayerRoots,
    AlertRuleRoots,
    DeliveryRoots,
    FeedRoots,
    AlertRuleTrialRoots,
    ManifestRoots,
    PolicyRoots,
    PolicyTraceRoots,
    SimulationRoots,
    RecommendationRoots,
    ClusterRoots,
    GraphComparisonRoots,
    EdgeFigureRoots,
    PacketCaptureRoots,
    CaptureRoots,
    ScanRoots,
):
    @field(description="Namespaces that logs have named, by cluster and name.")
    async def namespaces(
        self,
        info: Info,
        clusters: ClustersArgument = None,
        limit: Annotated[int, argument(description=f"How many, 1 to {_NAMESPACES_MOST}.")] = 500,
    ) -> list[Namespace]:
        asked = info.context
        most = read_limit("limit", limit, _NAMESPACES_MOST)
        found = await asked.api.graph.namespaces(asked.scope, read_clusters(clusters), most)
        return [Namespace.of(summary) for summary in found]

    @field(description="The fields that filters, orders and aggregations may name.")
    def fields(self, kind: _Kind = RecordKind.FLOWS) -> list[Field]:
        return [Field.of(known) for known in kql.catalogue(kind.value).fields.values()]

    @field(description="Frequent values of a field that begin with a prefix, for completing a filter.")
    async def suggest(
        self,
        info: Info,
        within: RangeArgument,
        name: _FieldName,
        kind: _Kind = RecordKind.FLOWS,
        prefix: Annotated[str, argument(description="What the values begin with.")] = "",
        clusters: ClustersArgument = None,
        limit: Annotated[int, argument(description="How many, 1 to 100.")] = 10,
    ) -> list[ValueCount]:
        asked = within.read(info.context)
        top = await count_by_value(info.context, kind, name, asked, clusters, None, limit, prefix)
        return value_counts(top)

    @field(
        description="What can be typed at a cursor in a filter, best first: fields, operators, keywords, and "
        "values of records in the range. Empty where the text before the cursor cannot be read."
    )
    async def completions(
        self,
        info: Info,
        kind: _Kind,
        text: Annotated[str, argument(description="The filter as far as it is written.")],
        cursor: Annotated[int, argument(description="Characters of the text before the cursor.")],
        within: RangeArgument,
        clusters: ClustersArgument = None,
        limit: Annotated[int, argument(description="How many, 1 to 100.")] = 20,
    ) -> list[Completion]:
        asked = within.read(info.context)
        found = await completions(info.context, kind, text, cursor, asked, clusters, limit)
        return [Completion.of(each) for each in found]

    @field(description="What talks to what over a range.")
    async def service_graph(
        self,
        info: Info,
        within: RangeArgument,
        clusters: ClustersArgument = None,
        level: Annotated[Level, argument(description="How far it is folded.")] = Level.NAMESPACE,
        expand: ExpandArgument = None,
        query: FilterArgument = None,
        limit: Annotated[int, argument(description=f"How many edges, 1 to {GRAPH_MOST}.")] = 5000,
    ) -> ServiceGraph:
        asked = GraphAsked(
            within.read(info.context), read_clusters(clusters), read_filter(query, RecordKind.FLOWS)
        )
        shape = Shape(level, read_expand(expand), read_limit("limit", limit, GRAPH_MOST))
        return ServiceGraph(graph=await service_graph(info.context, asked, shape))

    @field(description="One edge of the service graph in detail; null where it carried nothing in the range.")
    async def service_edge(
        self,
        info: Info,
        edge: Annotated[ID, argument(name="id", description="The edge's id.")],
        within: RangeArgument,
        query: FilterArgument = None,
    ) -> ServiceEdgeDetail | None:
        return await service_edge_detail(info.context, edge, within.read(info.context), query)

    @field(
        description="Whatever has this id; null where there is nothing, or nothing that the caller may see. "
        "An edge and a workload come with their traffic of the last 24 hours."
    )
    async def node(
        self,
        info: Info,
        text: Annotated[ID, argument(name="id", description="An id from an answer of this API.")],
    ) -> Node | None:
        return await find(info.context, text)

    @field(description="A workload by its name; null where there is none that the caller may see.")
    async def workload(
        self,
        info: Info,
        cluster: Annotated[str, argument(description="Name of its cluster.")],
        namespace: Annotated[str, argument(description="Name of its namespace.")],
        name: Annotated[str, argument(description="Its name, as in `ServiceNode.name`.")],
        within: RangeArgument = _HALF_HOUR,
    ) -> Workload | None:
        return await workload_of(info.context, cluster, namespace, name, within.read(info.context))

    @field(description="What can be reached from a node over traffic that was allowed.")
    async def reach(
        self,
        info: Info,
        start: Annotated[ID, argument(name="from", description="Id of the node to begin at.")],
        within: RangeArgument,
        direction: Annotated[
            Direction, argument(description="Which way edges are followed.")
        ] = Direction.OUTGOING,
        max_hops: Annotated[int, argument(description=f"How many edges far, 1 to {ways.HOPS}.")] = 3,
        limit: Annotated[int, argument(description=f"How many nodes, 1 to {ways.NODES}.")] = 1000,
    ) -> Reach:
        found = await ways.reach(info.context, start, within.read(info.context), direction, max_hops, limit)
        return Reach.of(found)

    @field(description="The shortest ways from one node to another over traffic that was allowed.")
    async def paths(
        self,
        info: Info,
        start: Annotated[ID, argument(name="from", description="Id of the node to begin at.")],
        to: Annotated[ID, argument(description="Id of the node to end at.")],
        within: RangeArgument,
        limit: Annotated[int, argument(description=f"How many ways, 1 to {ways.PATHS}.")] = 10,
    ) -> Paths:
        found = await ways.paths(info.context, start, to, within.read(info.context), limit)
        return Paths.of(found)

    flows = records(Flow, "Flow records.")
    dns_logs = records(DnsLog, "DNS records.")
    l7_logs = records(L7Log, "L7 records: HTTP requests and TLS connections.")
    audit_logs = records(AuditLog, "Audit records of the Kubernetes API.")
    bgp_logs = records(BgpLog, "BGP records: lines of BIRD.")
    security_events = records(SecurityEvent, "Security events.")

    @field(description="How many records start when.")
    async def histogram(
        self,
        info: Info,
        within: RangeArgument,
        kind: _Kind = RecordKind.FLOWS,
        clusters: ClustersArgument = None,
        query: FilterArgument = None,
        interval: Annotated[
            int | None, argument(description="Length of a bucket in seconds; null gives about 60 buckets.")
        ] = None,
        by: Annotated[
            str | None,
            argument(description="A field with one value by which counts are split; null is one series."),
        ] = None,
    ) -> Histogram:
        return Histogram.of(
            await count_over_time(
                info.context, kind, within.read(info.context), clusters, query, interval, by
            )
        )

    @field(description="The most frequent values of a field.")
    async def top_values(
        self,
        info: Info,
        name: _FieldName,
        within: RangeArgument,
        kind: _Kind = RecordKind.FLOWS,
        clusters: ClustersArgument = None,
        query: FilterArgument = None,
        limit: Annotated[int, argument(description="How many, 1 to 100.")] = 10,
    ) -> TopValues:
        asked = within.read(info.context)
        top = await count_by_value(info.context, kind, name, asked, clusters, query, limit)
        return TopValues.of(asked, top)

    aggregate: Aggregate = field(
        resolver=resolve_aggregate,
        description="What records come to, in groups and over time: counts, sums, means, extremes and "
        "numbers of different values.",
    )

    unanswered: Unanswered = field(
        resolver=resolve_unanswered,
        description="What sources were allowed to send and never had a reply to, each with its cause.",
    )

    security_posture: SecurityPosture = field(
        resolver=resolve_posture,
        description="How well workloads are guarded, by cluster and namespace and over time, what that is "
        "made of, how much of it is known, and what would raise it.",
    )

    cluster_health: ClusterHealth = field(
        resolver=resolve_health,
        description="What runs, talks and answers over a range: policies, endpoints, connections, processes, "
        "DNS and HTTP.",
    )

    compare_load: LoadComparison = field(
        resolver=resolve_load,
        description="The load of a range beside the range before it, and beside the same hours of the "
        "earlier days that are stored.",
    )

    @field(description="Alerts.")
    async def alerts(
        self,
        info: Info,
        within: RangeArgument,
        first: FirstArgument,
        clusters: ClustersArgument = None,
        query: FilterArgument = None,
        after: AfterArgument = None,
        order_by: OrderArgument = None,
    ) -> Connection[Alert]:
        order = None if order_by is None else order_by.read()
        page = await read_page(
            info.context, RecordKind.ALERTS, within.read(info.context), clusters, query, first, after, order
        )
        return Connection(page=page, shown=[Alert.of_record(record) for record in page.records])

    incidents: Incidents = field(
        resolver=resolve_incidents, description="Alerts in groups, about the same endpoints each."
    )

    @field(description="Lines that could not be read, newest first.")
    async def rejected_lines(
        self,
        info: Info,
        within: RangeArgument,
        first: FirstArgument,
        clusters: ClustersArgument = None,
        kind: Annotated[
            RecordKind | None, argument(description="Only lines that were sent as records of this kind.")
        ] = None,
        source: Annotated[
            str | None, argument(description="Only what arrived this way, as `source` of a line says it.")
        ] = None,
        after: AfterArgument = None,
    ) -> Connection[RejectedLine]:
        asked = info.context
        page = await read_rejected(asked, within.read(asked), clusters, kind, source, first, after)
        return Connection(page=page, shown=[RejectedLine.of(letter) for letter in page.letters])
