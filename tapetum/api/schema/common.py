"""Ranges, orders, pages, and the arguments that many fields share."""

from typing import Annotated

import strawberry
from strawberry import ID, argument, field

from tapetum.api.context import Asked
from tapetum.api.schema.enums import OrderDirection
from tapetum.api.schema.scalars import KQL, TimePoint
from tapetum.api.use.arguments import read_range
from tapetum.api.use.records import Ordering
from tapetum.domain import moments


@strawberry.input(description="A half-open range of time: `from` is in it, `to` is not.")
class TimeRangeInput:
    from_: TimePoint = field(name="from", description="Where it begins.")
    to: TimePoint = field(default=TimePoint("now"), description="Where it ends.")

    def read(self, asked: Asked) -> moments.TimeRange:
        return read_range(self.from_, self.to, asked.now)


@strawberry.input(
    description="An order of records; their ids break ties, and records without the field come last."
)
class OrderInput:
    field: str = strawberry.field(description="A field that `fields` lists, with a single value.")
    direction: OrderDirection = strawberry.field(
        default=OrderDirection.DESC, description="Which end comes first."
    )

    def read(self) -> Ordering:
        return Ordering(self.field, self.direction is OrderDirection.DESC)


@strawberry.type(description="The range that an answer is about, resolved; half-open.")
class TimeRange:
    from_: TimePoint = field(name="from", description="Where it begins.")
    to: TimePoint = field(description="Where it ends.")

    @classmethod
    def of(cls, within: moments.TimeRange) -> "TimeRange":
        return cls(from_=point(within.start), to=point(within.end))


@strawberry.type(description="Where a page lies among all pages.")
class PageInfo:
    has_next_page: bool = field(description="Whether more comes behind this page.")
    has_previous_page: bool = field(description="Whether this page was asked with `after`.")
    start_cursor: str | None = field(description="Cursor of the page's first record.")
    end_cursor: str | None = field(
        description="Cursor of the page's last record; give it as `after` to go on."
    )


def point(micros: moments.Micros) -> TimePoint:
    return TimePoint(moments.iso(micros))


def maybe_point(micros: moments.Micros | None) -> TimePoint | None:
    return None if micros is None else point(micros)


RangeArgument = Annotated[
    TimeRangeInput, argument(name="range", description="The range of time that is asked about.")
]
ClustersArgument = Annotated[
    list[ID] | None, argument(description="Clusters, by id or name; null is all that the caller may see.")
]
ExpandArgument = Annotated[
    list[ID] | None,
    argument(
        description="Ids of namespaces, or at SERVICE of services too, whose workloads are shown one by one."
    ),
]
FilterArgument = Annotated[
    KQL | None, argument(name="filter", description="Only what matches; null is everything.")
]
FirstArgument = Annotated[int, argument(description="How many records, 1 to 500.")]
AfterArgument = Annotated[
    str | None,
    argument(
        description="A cursor of an earlier page of this question; its range, filter and order are frozen."
    ),
]
OrderArgument = Annotated[OrderInput | None, argument(description="The order; newest first where null.")]
