"""Records in groups and over time. Of flows, what several reporters said is combined first."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from tapetum.api.context import Asked
from tapetum.api.use.arguments import read_field
from tapetum.api.use.rolled_up import counted_keys, rolled_up
from tapetum.domain.batches import RecordKind
from tapetum.domain.errors import BadInputError
from tapetum.domain.metrics import Op
from tapetum.domain.traffic import ReporterRule
from tapetum.logstore.aggregation import MEASURES, Aggregated, Aggregation, Metric, Row, Value
from tapetum.logstore.port import Search

_SAFE = 2**53 - 1
"""What JavaScript's numbers hold exactly; beyond it a whole number is a decimal string."""


async def aggregate(
    asked: Asked, search: Search, aggregation: Aggregation, reporters: ReporterRule
) -> Aggregated:
    if _combined(search, reporters):
        told = await rolled_up(asked, search, aggregation)
        if told is not None:
            return told
    return await asked.api.logs.aggregate(asked.scope, await counted(asked, search, reporters), aggregation)


async def counted(asked: Asked, search: Search, reporters: ReporterRule) -> Search:
    """The same search, of flows only among the reports that count."""
    if not _combined(search, reporters):
        return search
    return replace(search, keys=await counted_keys(asked, search))


def _combined(search: Search, reporters: ReporterRule) -> bool:
    return search.kind is RecordKind.FLOWS and reporters is ReporterRule.COMBINED


def read_metric(kind: RecordKind, op: Op, name: str | None) -> Metric:
    """A measure of the kind or a field, by its stored name or its name in the schema."""
    if name is None:
        return Metric(op)
    known = MEASURES.get(kind, {})
    measure = next((each for each in known if name in (each, _camel(each))), None)
    return Metric(op, measure or read_field(kind, name, path="metrics").name)


def read_groups(kind: RecordKind, names: Sequence[str]) -> tuple[str, ...]:
    return tuple(read_field(kind, name, path="groupBy").name for name in names)


def columns(told: Aggregated, fields: int, metrics: int) -> dict[str, Any]:
    place = {start: bucket for bucket, start in enumerate(told.starts)}

    def buckets(rows: Sequence[Row]) -> list[int] | None:
        return [place[row.start] for row in rows if row.start is not None] if told.starts else None

    def values(rows: Sequence[Row]) -> list[list[Any]]:
        return [[_exact(row.values[metric]) for row in rows] for metric in range(metrics)]

    return {
        "keys": [[row.keys[field] for row in told.rows] for field in range(fields)],
        "bucket": buckets(told.rows),
        "values": values(told.rows),
        "other": {"bucket": buckets(told.other), "values": values(told.other)},
    }


def few(rows: Sequence[Row], most: int) -> Sequence[Row]:
    """Rows as objects cost the reader's executor time, so that only so many are given."""
    if len(rows) > most:
        raise BadInputError(
            f"The answer has {len(rows)} rows, and at most {most} are given as objects; ask for its "
            "`columns`, for fewer groups or for a longer interval.",
            path="rows",
        )
    return rows


def _exact(value: Value) -> float | int | str | None:
    return str(value) if isinstance(value, int) and abs(value) > _SAFE else value


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)
