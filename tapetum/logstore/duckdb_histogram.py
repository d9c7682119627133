"""Histograms of the embedded log store: short ones from the records, long ones mostly from hours in memory."""

from dataclasses import replace

from tapetum.domain.moments import HOUR, Micros, TimeRange
from tapetum.domain.scope import Scope
from tapetum.embedded.duckdb import Connection
from tapetum.logstore.duckdb_aggregate import counted, histogram
from tapetum.logstore.duckdb_hours import Counts, HourCounts
from tapetum.logstore.duckdb_where import matching
from tapetum.logstore.intervals import Cut
from tapetum.logstore.port import Histogram, Search

_LONG = 24 * HOUR
"""Shorter ones are counted sooner than kept hours would be looked through."""


def told(
    connection: Connection,
    scope: Scope,
    search: Search,
    sliced: Cut,
    by: str | None,
    hours: HourCounts,
    now: Micros,
) -> Histogram:
    """The same answer either way; see LogStore.histogram."""

    def records(within: TimeRange, step: Micros) -> list[tuple[str, int, int]]:
        if not within.length:
            return []
        where = matching(scope, replace(search, range=within), now)
        return counted(connection, search.kind, where, step, by)

    asked, step = search.range, sliced.step
    whole = TimeRange(-(-asked.start // HOUR) * HOUR, asked.end // HOUR * HOUR)
    if whole.length < _LONG or step % HOUR:
        return histogram(asked, sliced, records(asked, step), by)

    def count(within: TimeRange) -> dict[int, Counts]:
        found: dict[int, Counts] = {}
        for series, hour, amount in records(within, HOUR):
            found.setdefault(hour, {})[series] = amount
        return found

    anytime = matching(scope, replace(search, range=TimeRange(0, 0)), now)
    question = (search.kind, by, anytime.sql, repr(anytime.values))
    rows = records(TimeRange(asked.start, whole.start), step) + records(TimeRange(whole.end, asked.end), step)
    for hour, counts in hours.of(question, whole, count).items():
        rows += [(series, hour * HOUR // step, amount) for series, amount in counts.items()]
    return histogram(asked, sliced, rows, by)
