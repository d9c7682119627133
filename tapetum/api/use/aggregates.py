"""Counting records by time and by value."""

from collections.abc import Sequence

from tapetum.api.context import Asked
from tapetum.api.use.arguments import read_field, read_limit
from tapetum.api.use.records import search_of
from tapetum.domain.batches import RecordKind
from tapetum.domain.errors import BadInputError
from tapetum.domain.moments import TimeRange
from tapetum.logstore.port import Histogram, TopValues

MOST = 100
_LONGEST_PREFIX = 200
_WEEK = 7 * 86_400


async def count_over_time(
    asked: Asked,
    kind: RecordKind,
    within: TimeRange,
    clusters: Sequence[str] | None,
    filter_text: str | None,
    interval: int | None,
    by: str | None,
) -> Histogram:
    if interval is not None:
        read_limit("interval", interval, _WEEK)
    field = None
    if by is not None:
        known = read_field(kind, by, path="by")
        if known.multi or known.parent:
            raise BadInputError(f"{known.name} may have several values; choose a field with one.", path="by")
        field = known.name
    search = search_of(kind, within, clusters, filter_text)
    return await asked.api.logs.histogram(asked.scope, search, interval, field)


async def count_by_value(
    asked: Asked,
    kind: RecordKind,
    field: str,
    within: TimeRange,
    clusters: Sequence[str] | None,
    filter_text: str | None,
    limit: int,
    prefix: str = "",
) -> TopValues:
    read_limit("limit", limit, MOST)
    if len(prefix) > _LONGEST_PREFIX:
        raise BadInputError(
            f"The prefix is longer than {_LONGEST_PREFIX} characters; shorten it.", path="prefix"
        )
    known = read_field(kind, field, path="field")
    search = search_of(kind, within, clusters, filter_text)
    return await asked.api.logs.top_values(asked.scope, search, known.name, limit, prefix)
