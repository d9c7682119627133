"""Two ranges side by side: the types, and the roots that compare graphs and one edge."""

from typing import Annotated

import strawberry
from strawberry import ID, Private, argument, field

from tapetum.api.context import Asked, Info
from tapetum.api.schema.common import (
    ClustersArgument,
    ExpandArgument,
    FilterArgument,
    RangeArgument,
    TimeRange,
    TimeRangeInput,
    point,
)
from tapetum.api.schema.edge import ServiceEdgeDetail
from tapetum.api.schema.lookup import service_edge_detail
from tapetum.api.schema.manifest import ManifestVersion
from tapetum.api.schema.node import ServiceNode, service_nodes
from tapetum.api.schema.scalars import GraphComparisonColumns, TimePoint
from tapetum.api.schema.traffic import Traffic, traffics
from tapetum.api.use.arguments import read_clusters, read_expand, read_filter, read_limit
from tapetum.api.use.columns import compared_columns, edge_ids
from tapetum.api.use.graph_comparison import PolicyChange, compare_graphs, policy_changes
from tapetum.api.use.service_graph import GraphAsked
from tapetum.domain import graph_comparison as domain
from tapetum.domain.batches import RecordKind
from tapetum.domain.errors import BadInputError
from tapetum.domain.graph_comparison import CHANGES, EdgeChange
from tapetum.domain.identity import manifest_id, node_id, parse_edge_id
from tapetum.domain.manifests import HowChanged
from tapetum.domain.moments import TimeRange as Range
from tapetum.domain.service_graph import Level, Shape

_EDGES = 5000
_CHANGES = 200
_FACTORS = 1.1, 1000.0
_Before = Annotated[TimeRangeInput, argument(description="The range of time that it is compared with.")]


@strawberry.type(description="What went over an edge in one range.")
class EdgeTraffic:
    allowed: Traffic = field(description="What was let through.")
    denied: Traffic = field(description="What was stopped.")


@strawberry.type(description="An edge beside what it was.")
class ComparedEdge:
    id: ID = field(description="The edge's id.")
    source_id: ID = field(description="Id of the node that opened the connections.")
    target_id: ID = field(description="Id of the node that they went to.")
    change: EdgeChange = field(description="What became of it.")
    ratio: float | None = field(
        description="Attempts by the second now, of those before; null where there were none before."
    )
    before: EdgeTraffic = field(description="What went over it before.")
    after: EdgeTraffic = field(description="What went over it in the range.")


@strawberry.type(description="How many edges changed in one way.")
class EdgeChangeCount:
    change: EdgeChange = field(description="Which way.")
    edges: int = field(description="How many edges, whatever `limit` shows of them.")


@strawberry.type(
    description="Two ranges of the service graph side by side. Changes come first, in the order of "
    "EdgeChange, the busiest of each first."
)
class GraphComparison:
    whole: Private[domain.GraphComparison]
    shown: Private[domain.GraphComparison]

    @field(description="The range that was summed, which roll-ups widen to whole minutes or hours.")
    def range(self) -> TimeRange:
        return TimeRange.of(self.shown.after.range)

    @field(description="The range that it is compared with, widened likewise.")
    def before(self) -> TimeRange:
        return TimeRange.of(self.shown.before.range)

    @field(description="When the newest data in it arrived.")
    def as_of(self) -> TimePoint:
        return point(self.shown.after.as_of)

    @field(description="Whether anything at all flowed before; where not, all is new, and that says nothing.")
    def comparable(self) -> bool:
        before = self.whole.before
        return bool((before.allowed.counts[:, 0] + before.denied.counts[:, 0]).any())

    @field(description="How many edges changed in each way, of all that were compared.")
    def counts(self) -> list[EdgeChangeCount]:
        return [EdgeChangeCount(change=change, edges=self.whole.count(change)) for change in EdgeChange]

    @field(description="Nodes with traffic in either range.")
    def nodes(self) -> list[ServiceNode]:
        return service_nodes(self.shown.after)

    @field(description="Edges with traffic in either range, at most `limit`.")
    def edges(self) -> list[ComparedEdge]:
        before, after = self.shown.before, self.shown.after
        nodes = [ID(node_id(node)) for node in after.nodes]
        columns = (
            edge_ids(after),
            after.source.tolist(),
            after.target.tolist(),
            self.shown.change.tolist(),
            self.shown.ratios,
            *(traffics(matrix) for side in (before, after) for matrix in (side.allowed, side.denied)),
        )
        return [
            ComparedEdge(
                id=ID(edge_id),
                source_id=nodes[source],
                target_id=nodes[target],
                change=CHANGES[code],
                ratio=ratio,
                before=EdgeTraffic(allowed=was_allowed, denied=was_denied),
                after=EdgeTraffic(allowed=allowed, denied=denied),
            )
            for edge_id, source, target, code, ratio, was_allowed, was_denied, allowed, denied in zip(
                *columns, strict=True
            )
        ]

    @field(description="The same nodes and edges as columns, for large graphs.")
    def columns(self) -> GraphComparisonColumns:
        return GraphComparisonColumns(compared_columns(self.shown))

    @field(description="Whether there are more edges than are shown, or than a side is compared by.")
    def truncated(self) -> bool:
        return self.shown.after.truncated

    @field(description="Whether the graph store could not be asked and this is its last known state.")
    def stale(self) -> bool:
        return self.shown.after.stale or self.shown.before.stale


@strawberry.type(description="A change of an object that bears on policies, between two ranges.")
class ManifestChange:
    manifest_id: ID = field(description="Id of the object's manifest.")
    kind: str = field(description="The object's kind, as in policy traces.")
    namespace: str | None = field(description="Its namespace; null where it lies in none.")
    name: str = field(description="Its name.")
    how: HowChanged = field(description="What became of it.")
    decided: bool = field(
        description="Whether it decided the edge's traffic in either range, so that it explains what changed."
    )
    version: ManifestVersion = field(description="What it has been since then.")

    @classmethod
    def of(cls, each: PolicyChange) -> "ManifestChange":
        version = each.change.version
        return cls(
            manifest_id=ID(manifest_id(version.key)),
            kind=version.key.kind,
            namespace=version.key.namespace,
            name=version.key.name,
            how=each.change.how,
            decided=each.decided,
            version=ManifestVersion.of(version),
        )


@strawberry.type(description="One edge in two ranges, and what may explain the difference.")
class EdgeComparison:
    before: ServiceEdgeDetail | None = field(description="What it was; null where nothing went over it.")
    after: ServiceEdgeDetail | None = field(description="What it is; null where nothing goes over it.")
    between: Private[Range]

    @field(
        description="Changes of policies, tiers, network sets and namespaces that bear on it, from the start "
        "of the earlier range to the end of the later one: those that decided it first, then the newest.",
        metadata={"searches": 1},
    )
    async def policy_changes(
        self, info: Info, limit: Annotated[int, argument(description=f"How many, 1 to {_CHANGES}.")] = 20
    ) -> list[ManifestChange]:
        most = read_limit("limit", limit, _CHANGES)
        sides = [side for side in (self.before, self.after) if side is not None]
        decisions = [each for side in sides for each in (await side.evidence.get()).decisions]
        detail = sides[0].detail
        found = await policy_changes(info.context, (detail.source, detail.target), self.between, decisions)
        return [ManifestChange.of(each) for each in found[:most]]


@strawberry.type
class GraphComparisonRoots:
    """Fields of the Query root."""

    @field(
        description="What talks to what over a range beside another: what is new, gone, decided otherwise, "
        "much busier or calmer."
    )
    async def compare_graphs(
        self,
        info: Info,
        within: RangeArgument,
        before: _Before,
        clusters: ClustersArgument = None,
        level: Annotated[Level, argument(description="How far it is folded.")] = Level.NAMESPACE,
        expand: ExpandArgument = None,
        query: FilterArgument = None,
        factor: Annotated[
            float,
            argument(
                description="How many times busier or calmer an edge is when its volume changed, 1.1 to 1000."
            ),
        ] = 2.0,
        limit: Annotated[int, argument(description=f"How many edges, 1 to {_EDGES}.")] = _EDGES,
    ) -> GraphComparison:
        asked = info.context
        if not _FACTORS[0] <= factor <= _FACTORS[1]:
            raise BadInputError(f"factor is {factor:g}; give it a value from 1.1 to 1000.", path="factor")
        graph = GraphAsked(within.read(asked), read_clusters(clusters), read_filter(query, RecordKind.FLOWS))
        shape = Shape(level, read_expand(expand))
        most = read_limit("limit", limit, _EDGES)
        whole = await compare_graphs(asked, graph, _earlier(before, asked), shape, factor)
        return GraphComparison(whole=whole, shown=whole.first(most))

    @field(
        description="One edge of the service graph in two ranges; null where it carried nothing in either."
    )
    async def compare_edge(
        self,
        info: Info,
        edge: Annotated[ID, argument(name="id", description="The edge's id.")],
        within: RangeArgument,
        before: _Before,
        query: FilterArgument = None,
    ) -> EdgeComparison | None:
        asked = info.context
        parse_edge_id(edge)
        after, was = within.read(asked), _earlier(before, asked)
        sides = [await service_edge_detail(asked, edge, each, query) for each in (was, after)]
        if not any(sides):
            return None
        between = Range(min(after.start, was.start), max(after.end, was.end))
        return EdgeComparison(before=sides[0], after=sides[1], between=between)


def _earlier(before: TimeRangeInput, asked: Asked) -> Range:
    try:
        return before.read(asked)
    except BadInputError as error:
        raise BadInputError(error.message, path="before") from None
