"""What is asked of records in groups, and what comes back: the same from every log store.

Knows no engine. Which fields can group and be measured is settled here, so that all refuse alike.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tapetum.domain.batches import RecordKind
from tapetum.domain.errors import BadInputError, TooLargeError
from tapetum.domain.metrics import Op
from tapetum.domain.moments import Micros, TimeRange
from tapetum.kql.catalogues import catalogue
from tapetum.kql.fields import FieldType
from tapetum.logstore.columns import NESTED, is_list, nested_part, scalar
from tapetum.logstore.intervals import Cut, cut

GROUP_FIELDS, METRICS = 4, 10
LIMIT = 1000
"""Groups that one answer may list."""
GROUPS_MOST = 100_000
"""Groups that are looked at to find the first of them."""
CELLS_MOST = 100_000
"""Groups of an answer times buckets."""

Value = int | float | None


@dataclass(frozen=True, slots=True)
class Metric:
    """COUNT without a field is of records, with one of records that have it."""

    op: Op
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Aggregation:
    """The first `limit` groups by a metric, over the whole range or each in buckets of `interval` seconds."""

    metrics: tuple[Metric, ...] = (Metric(Op.COUNT),)
    group_by: tuple[str, ...] = ()
    interval: int | None = None
    limit: int = 20
    order_by: int = 0  # place of a metric
    descending: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """A group's values, in the bucket that starts then; None: no record has what is measured."""

    keys: tuple[str | None, ...]
    start: Micros | None
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Aggregated:
    """Rows by group in their order, then by start; buckets without records have none.

    `groups` is how many there are; `other` measures the records that are in none of those shown.
    `approximate`: a DISTINCT was over more values than the engine counts exactly.
    """

    range: TimeRange
    interval: int | None
    starts: tuple[Micros, ...]
    rows: tuple[Row, ...]
    groups: int
    truncated: bool
    other: tuple[Row, ...] = ()
    approximate: bool = False


@dataclass(frozen=True, slots=True)
class Measure:
    """A column; `at_destination` is the one that stands for it where the destination reports."""

    column: str
    at_destination: str | None = None
    weight: str | None = None
    moment: bool = False


_DIRECTED = {
    f"{unit}_to_{end}": Measure(f"{unit}_{there}", f"{unit}_{back}")
    for unit in ("bytes", "packets")
    for end, there, back in (("target", "out", "in"), ("source", "in", "out"))
}
"""By direction of the edge: a source sends out what a destination takes in."""
MEASURES = {RecordKind.FLOWS: {**_DIRECTED, "connections": Measure("num_flows_started")}}
"""What can be measured of a kind beside its fields."""


def measure_of(kind: RecordKind, metric: Metric) -> Measure | None:
    """What a metric measures, None for records; raises BadInputError where it cannot."""
    name = metric.field
    if name is None:
        if metric.op is Op.COUNT:
            return None
        raise BadInputError(f"{metric.op.value} needs a field; name one that `fields` lists.", path="metrics")
    if name in MEASURES.get(kind, {}) and metric.op is not Op.DISTINCT:
        return MEASURES[kind][name]
    field = catalogue(kind.value).find(name)
    if field is None or field.multi or field.parent or field.type is FieldType.NESTED:
        raise BadInputError(
            f"{kind.value} cannot be measured by {name[:60]!r}; choose a field with one value.",
            path="metrics",
        )
    column = scalar(kind, field.name)
    if metric.op in (Op.SUM, Op.AVG) and field.type is not FieldType.LONG:
        raise BadInputError(f"{column} is no number; it has no {metric.op.value}.", path="metrics")
    if metric.op in (Op.MIN, Op.MAX) and field.type not in (FieldType.LONG, FieldType.DATE):
        raise BadInputError(
            f"{column} is neither a number nor a time; it has no {metric.op.value}.", path="metrics"
        )
    weight = field.weight if metric.op is Op.AVG else None
    return Measure(column, weight=weight, moment=field.type is FieldType.DATE)


@dataclass(frozen=True, slots=True)
class Grouping:
    """A column that groups: by its value, each of its `several` values, or the `parts` of its objects.

    `places` are where its keys stand among those that were asked for.
    """

    column: str
    places: tuple[int, ...]
    several: bool = False
    parts: tuple[str, ...] = ()


def groupings_of(kind: RecordKind, fields: Sequence[str], by: Metric) -> tuple[Grouping, ...]:
    """Parts of the same objects group together; raises BadInputError for what cannot group."""
    if len(fields) > GROUP_FIELDS:
        raise BadInputError(
            f"groupBy has {len(fields)} fields; give it at most {GROUP_FIELDS}.", path="groupBy"
        )
    if len(set(fields)) < len(fields):
        raise BadInputError("groupBy names a field twice; name each once.", path="groupBy")
    found: dict[str, Grouping] = {}
    for place, name in enumerate(fields):
        nested = nested_part(kind, name)
        if nested is not None:
            column, part = nested
            before = found.get(column, Grouping(column, ()))
            found[column] = Grouping(column, (*before.places, place), parts=(*before.parts, part))
        elif is_list(kind, name):
            found[name] = Grouping(name, (place,), several=True)
        else:
            found[name] = Grouping(scalar(kind, name), (place,))
    if kind is not RecordKind.FLOWS and len(found) > 1 and NESTED[kind] & found.keys():
        raise BadInputError(
            "Records are grouped by the parts of one list of objects alone, with no other field beside; "
            "take the other fields out of groupBy, or filter by them.",
            path="groupBy",
        )
    if by.op is Op.DISTINCT and NESTED[kind] & found.keys():
        raise BadInputError(
            "Groups by parts of objects have no order by distinct values; order them by another metric.",
            path="orderBy",
        )
    return tuple(found.values())


def cut_of(aggregation: Aggregation, within: TimeRange) -> Cut | None:
    """The buckets; also refuses what is out of bounds."""
    if not 1 <= len(aggregation.metrics) <= METRICS:
        raise BadInputError(
            f"There are {len(aggregation.metrics)} metrics; ask for 1 to {METRICS}.", path="metrics"
        )
    if not 0 <= aggregation.order_by < len(aggregation.metrics):
        raise BadInputError(
            f"orderBy names metric {aggregation.order_by} of {len(aggregation.metrics)}; the first is 0.",
            path="orderBy",
        )
    if not 1 <= aggregation.limit <= LIMIT:
        raise BadInputError(f"limit is {aggregation.limit}; give it a value from 1 to {LIMIT}.", path="limit")
    if aggregation.interval is None:
        return None
    sliced = cut(within, aggregation.interval)
    if aggregation.group_by and sliced.buckets * aggregation.limit > CELLS_MOST:
        raise BadInputError(
            f"{aggregation.limit} groups in {sliced.buckets} buckets each are more than {CELLS_MOST} values; "
            "lower limit, or make interval longer.",
            path="interval",
        )
    return sliced


def refuse_many(groups: int) -> None:
    if groups > GROUPS_MOST:
        raise TooLargeError(
            f"The records fall into more than {GROUPS_MOST:,} groups; narrow the range or the filter, or "
            "group by fewer fields or by ones with fewer values.",
            path="groupBy",
        )
