"""Records in groups and over time: what every dashboard is made of."""

from typing import Annotated

import strawberry
from strawberry import Private, argument, field

from tapetum.api.context import Info
from tapetum.api.measure import BUCKETS
from tapetum.api.schema.common import ClustersArgument, FilterArgument, RangeArgument, TimeRange, point
from tapetum.api.schema.enums import OrderDirection
from tapetum.api.schema.scalars import AggregateColumns, TimePoint
from tapetum.api.use.aggregation import aggregate, columns, few, read_groups, read_metric
from tapetum.api.use.records import search_of
from tapetum.domain.batches import RecordKind
from tapetum.domain.metrics import Op
from tapetum.domain.traffic import ReporterRule
from tapetum.logstore import aggregation as asked_of
from tapetum.logstore.aggregation import GROUP_FIELDS, LIMIT, METRICS, Aggregated, Aggregation


@strawberry.input(description="One value of each group.")
class MetricInput:
    op: Op = field(description="How the records become a value.")
    field: str | None = strawberry.field(
        default=None,
        description="A field with one value; null counts records. Flows also have connections, "
        "bytesToTarget, bytesToSource, packetsToTarget and packetsToSource, the same whoever reports.",
    )


@strawberry.input(description="Which groups come first; equal ones come in the order of their keys.")
class AggregateOrderInput:
    metric: int = field(default=0, description="Place of a metric among `metrics`, from 0.")
    direction: OrderDirection = field(default=OrderDirection.DESC, description="Which end comes first.")


@strawberry.type(description="A group's values, over the range or in one bucket.")
class AggregateRow:
    keys: list[str | None] = field(
        description="The group's value of each field of `groupBy`; null stands for records without it."
    )
    start: TimePoint | None = field(description="Where the bucket begins; null without an interval.")
    values: list[float | None] = field(
        description="One for each metric; null where no record has what is measured."
    )

    @classmethod
    def of(cls, row: asked_of.Row) -> "AggregateRow":
        return cls(
            keys=list(row.keys),
            start=None if row.start is None else point(row.start),
            values=[None if value is None else float(value) for value in row.values],
        )


@strawberry.type(description="What records come to, in groups and over time.")
class Aggregate:
    told: Private[Aggregated]
    asked: Private[Aggregation]

    @field(description="The range that was asked about.")
    def range(self) -> TimeRange:
        return TimeRange.of(self.told.range)

    @field(description="Length of a bucket in seconds; null where there are none.")
    def interval(self) -> int | None:
        return self.told.interval

    @field(description="Where each bucket of the range begins; the first may begin before the range.")
    def starts(self) -> list[TimePoint]:
        return [point(start) for start in self.told.starts]

    @field(
        description="By group in their order, then by time. A bucket without records of a group has no row: "
        "its counts and sums are 0."
    )
    def rows(self) -> list[AggregateRow]:
        return [AggregateRow.of(row) for row in few(self.told.rows, self._most)]

    @field(description="The same rows as columns, for long series.")
    def columns(self) -> AggregateColumns:
        return AggregateColumns(columns(self.told, len(self.asked.group_by), len(self.asked.metrics)))

    @field(description="How many groups there are.")
    def groups(self) -> int:
        return self.told.groups

    @field(description="Whether there are more groups than `limit`.")
    def truncated(self) -> bool:
        return self.told.truncated

    @field(
        description="Records that are in none of the groups shown, measured together, in each bucket; empty "
        "where there are none. A record with several values of which one is shown is not among them."
    )
    def other(self) -> list[AggregateRow]:
        return [AggregateRow.of(row) for row in few(self.told.other, self._most)]

    @field(description="Whether a DISTINCT had too many values to be counted exactly, and is an estimate.")
    def approximate(self) -> bool:
        return self.told.approximate

    @property
    def _most(self) -> int:
        return self.asked.limit * (BUCKETS if self.asked.interval else 1)


async def resolve(
    info: Info,
    kind: Annotated[RecordKind, argument(description="Which records are asked.")],
    within: RangeArgument,
    metrics: Annotated[list[MetricInput], argument(description=f"What is measured, 1 to {METRICS}.")],
    clusters: ClustersArgument = None,
    query: FilterArgument = None,
    group_by: Annotated[
        list[str] | None,
        argument(
            description=f"Up to {GROUP_FIELDS} fields. A record counts once for each value of a field with "
            "several; parts of the same objects, such as policy_hits.name and policy_hits.action, go "
            "together. Null is one group of all records."
        ),
    ] = None,
    interval: Annotated[
        int | None, argument(description="Length of a bucket in seconds; null sums up the whole range.")
    ] = None,
    limit: Annotated[int, argument(description=f"How many groups, 1 to {LIMIT}.")] = 20,
    order_by: Annotated[
        AggregateOrderInput | None,
        argument(description="Which groups come first: those with the most of the first metric where null."),
    ] = None,
    reporters: Annotated[
        ReporterRule, argument(description="Of flows: how the words of several reporters are combined.")
    ] = ReporterRule.COMBINED,
) -> Aggregate:
    asked = info.context
    order = order_by or AggregateOrderInput()
    aggregation = Aggregation(
        metrics=tuple(read_metric(kind, metric.op, metric.field) for metric in metrics),
        group_by=read_groups(kind, group_by or ()),
        interval=interval,
        limit=limit,
        order_by=order.metric,
        descending=order.direction is OrderDirection.DESC,
    )
    search = search_of(kind, within.read(asked), clusters, query)
    return Aggregate(told=await aggregate(asked, search, aggregation, reporters), asked=aggregation)
