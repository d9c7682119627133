"""When a record is from: the first of several fields that says."""

from collections.abc import Sequence
from typing import Any

from tapetum.domain.moments import Micros
from tapetum.ingest import values
from tapetum.ingest.context import Context
from tapetum.ingest.refusals import Cause, missing

WINDOW = ("start_time", "end_time", "@timestamp")
"""Of a record that sums up a window, in the order in which they stand in for a missing start."""


def window(record: dict[str, Any], context: Context) -> tuple[Micros, Micros | None]:
    """The start, or what stands in for it, and the end."""
    return first_of(record, WINDOW, context), values.moment(
        record.get("end_time"), "end_time", context.latest
    )


def first_of(record: dict[str, Any], names: Sequence[str], context: Context) -> Micros:
    """The first time that is there; all of them must be times."""
    found = [values.moment(record.get(name), name, context.latest) for name in names]
    first = next((time for time in found if time is not None), None)
    if first is None:
        where = f" in {', '.join(names[:-1])} or {names[-1]}" if len(names) > 1 else ""
        raise missing(f"no time: {names[0]}", f"a time{where}", Cause.TIME)
    return first
