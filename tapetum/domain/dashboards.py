"""A dashboard: widgets on a grid of 12 columns, each with its question. What breaks its rules is no value.

Whether fields and filters fit the records is the catalogue's to say (api/use/fitting.py).
"""

from collections import Counter
from enum import StrEnum
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from tapetum.domain.batches import RecordKind
from tapetum.domain.documents import Prose, Title, printable
from tapetum.domain.metrics import Op, Unit
from tapetum.domain.saved_query import FieldName, Filter, Form, Query

COLUMNS = 12
MOST_WIDGETS = 60

Name = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{1,40}\Z")]
Moment = Annotated[str, Meta(min_length=1, max_length=40)]


class WidgetKind(StrEnum):
    NUMBER = "number"
    TIMESERIES = "timeseries"
    BARS = "bars"
    TABLE = "table"
    PIE = "pie"
    HEATMAP = "heatmap"


class Calendar(StrEnum):
    """The rows of a heat map whose columns are the hours of a day."""

    DAYS = "days"
    WEEKDAYS = "weekdays"


_FOLDS = (Op.COUNT, Op.SUM, Op.MIN, Op.MAX)
"""What hours of several days can be put together of: a mean of means would be wrong."""


class Range(Form, frozen=True, kw_only=True):
    """The range that a page opens with; times as everywhere, such as now-1h."""

    from_: Moment = msgspec.field(name="from")
    to: Moment = "now"


class Variable(Form, frozen=True, kw_only=True):
    """A value that the reader picks; it then must be in one of the named fields of a widget's kind."""

    name: Name
    title: Title
    fields: Annotated[
        dict[RecordKind, Annotated[tuple[FieldName, ...], Meta(min_length=1, max_length=5)]],
        Meta(min_length=1),
    ]
    default: Annotated[str, Meta(max_length=200)] | None = None

    def __post_init__(self) -> None:
        printable("the title", self.title)


class Place(Form, frozen=True, kw_only=True):
    """Left upper corner and size, in columns and rows."""

    x: Annotated[int, Meta(ge=0, lt=COLUMNS)]
    y: Annotated[int, Meta(ge=0, le=1000)]
    w: Annotated[int, Meta(ge=1, le=COLUMNS)]
    h: Annotated[int, Meta(ge=1, le=50)]

    def __post_init__(self) -> None:
        if self.x + self.w > COLUMNS:
            raise ValueError(f"x + w is {self.x + self.w}, but the grid has {COLUMNS} columns")

    def overlaps(self, other: "Place") -> bool:
        return (
            self.x < other.x + other.w
            and other.x < self.x + self.w
            and self.y < other.y + other.h
            and other.y < self.y + self.h
        )


class Widget(Form, frozen=True, kw_only=True):
    """`drill` is the filter that logs are opened with in place of the query's; groups are added to either."""

    id: Name
    title: Title
    description: Prose = ""
    kind: WidgetKind
    place: Place
    query: Query
    unit: Unit = Unit.COUNT
    drill: Filter | None = None
    calendar: Calendar | None = None

    def __post_init__(self) -> None:
        printable("the title", self.title)
        _hold(self.calendar is None or self.kind is WidgetKind.HEATMAP, "only a heat map has a calendar")
        groups, metrics, timed = (
            len(self.query.group_by),
            len(self.query.metrics),
            self.query.interval is not None,
        )
        match self.kind:
            case WidgetKind.NUMBER:
                _hold(not groups and not timed and metrics == 1, "a number has one metric and no groups")
            case WidgetKind.TIMESERIES:
                _hold(timed, "a time series needs an interval")
                _hold(metrics == 1 or not groups, "a time series has several metrics or groups, not both")
            case WidgetKind.PIE:
                _hold(groups == 1 and not timed and metrics == 1, "a pie has one metric and one group")
            case WidgetKind.HEATMAP if self.calendar is not None:
                _hold(groups + timed == 0 and metrics == 1, "a calendar has one metric and nothing else")
                op = self.query.metrics[0].op
                _hold(op in _FOLDS, f"a calendar adds hours up, and {op.value} of hours does not add up")
            case WidgetKind.HEATMAP:
                _hold(
                    groups + timed == 2 and metrics == 1,  # noqa: PLR2004 - its two sides
                    "a heat map has one metric and two groups, one group and an interval, or a calendar",
                )
            case WidgetKind.BARS:
                _hold(groups in (1, 2) and not timed, "bars have one or two groups and no interval")
            case WidgetKind.TABLE:
                _hold(groups > 0 and not timed, "a table has groups and no interval")


class Dashboard(Form, frozen=True, kw_only=True):
    format: Literal[1]
    title: Title
    description: Prose = ""
    range: Range | None = None
    variables: Annotated[tuple[Variable, ...], Meta(max_length=10)] = ()
    widgets: Annotated[tuple[Widget, ...], Meta(max_length=MOST_WIDGETS)]

    def __post_init__(self) -> None:
        printable("the title", self.title)
        _once("widgets", [widget.id for widget in self.widgets])
        _once("variables", [variable.name for variable in self.variables])
        for place, widget in enumerate(self.widgets):
            for other in self.widgets[:place]:
                if widget.place.overlaps(other.place):
                    raise ValueError(f"the widgets {other.id} and {widget.id} lie on each other")


def _hold(holds: bool, rule: str) -> None:
    if not holds:
        raise ValueError(rule)


def _once(what: str, names: list[str]) -> None:
    if names:
        name, count = Counter(names).most_common(1)[0]
        if count > 1:
            raise ValueError(f"{what} has {name!r} {count} times, but each is named once")
