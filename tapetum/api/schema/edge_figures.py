"""Figures of the service graph's edges beside their counters: the types, and the root."""

from typing import Annotated

import strawberry
from strawberry import ID, Private, argument, field

from tapetum.api.context import Info
from tapetum.api.schema.common import (
    ClustersArgument,
    ExpandArgument,
    FilterArgument,
    RangeArgument,
    TimeRange,
)
from tapetum.api.schema.scalars import BigInt, EdgeFigureColumns
from tapetum.api.use.arguments import read_clusters, read_expand, read_filter, read_limit
from tapetum.api.use.edge_figures import edge_figures
from tapetum.api.use.service_graph import GraphAsked
from tapetum.domain import edge_figures as domain
from tapetum.domain.batches import RecordKind
from tapetum.domain.edge_figures import EdgeMeasure
from tapetum.domain.identity import edge_id
from tapetum.domain.moments import TimeRange as Range
from tapetum.domain.service_graph import Level, Shape

MOST = 5000


@strawberry.type(description="A figure of one edge.")
class EdgeFigure:
    edge_id: ID = field(description="The edge's id, as in a service graph of the same level.")
    value: float = field(description="The figure, as EdgeMeasure has it.")
    of: BigInt | None = field(
        description="What it is of: records that measured it, lookups or requests; null where more edges had "
        "some than are looked at."
    )


@strawberry.type(description="A figure of the service graph's edges over a range, the largest first.")
class EdgeFigures:
    within: Private[Range]
    told: Private[domain.EdgeFigures]

    @field(description="The range that was asked about.")
    def range(self) -> TimeRange:
        return TimeRange.of(self.within)

    @field(description="Edges that have the figure, at most `limit`. What none measured has none.")
    def edges(self) -> list[EdgeFigure]:
        return [
            EdgeFigure(
                edge_id=ID(edge_id(each.source, each.target, direct=each.direct)),
                value=each.value,
                of=None if each.of is None else BigInt(each.of),
            )
            for each in self.told.figures
        ]

    @field(description="The same as columns, for large graphs.")
    def columns(self) -> EdgeFigureColumns:
        figures = self.told.figures
        return EdgeFigureColumns(
            {
                "id": [edge_id(each.source, each.target, direct=each.direct) for each in figures],
                "value": [each.value for each in figures],
                "of": [each.of for each in figures],
            }
        )

    @field(description="How many records could tell it; where 0, the range has no such logs.")
    def records(self) -> BigInt:
        return BigInt(self.told.records)

    @field(description="Whether there are more edges than `limit`, or more pairs of ends than are looked at.")
    def truncated(self) -> bool:
        return self.told.truncated


@strawberry.type
class EdgeFigureRoots:
    """Fields of the Query root."""

    @field(description="What logs tell of the service graph's edges beside their counters.")
    async def edge_figures(
        self,
        info: Info,
        within: RangeArgument,
        measure: Annotated[EdgeMeasure, argument(description="Which figure.")],
        clusters: ClustersArgument = None,
        level: Annotated[Level, argument(description="How far the graph is folded.")] = Level.NAMESPACE,
        expand: ExpandArgument = None,
        query: FilterArgument = None,
        limit: Annotated[int, argument(description=f"How many edges, 1 to {MOST}.")] = 1000,
    ) -> EdgeFigures:
        asked = GraphAsked(
            within.read(info.context), read_clusters(clusters), read_filter(query, RecordKind.FLOWS)
        )
        shape = Shape(level, read_expand(expand), read_limit("limit", limit, MOST))
        return EdgeFigures(within=asked.range, told=await edge_figures(info.context, asked, shape, measure))
