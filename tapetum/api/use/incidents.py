"""Incidents of a range: its alerts, those shortly before it too, in groups."""

from collections.abc import Sequence
from dataclasses import dataclass

import anyio.to_thread

from tapetum.api.context import Asked
from tapetum.api.use.arguments import read_limit
from tapetum.api.use.records import search_of
from tapetum.domain.batches import RecordKind
from tapetum.domain.incidents import Incident, incidents_of
from tapetum.domain.moments import DAY, TimeRange
from tapetum.logstore.alert_rows import alert_of
from tapetum.logstore.port import Order, Position, Record

MOST = 500
MOST_ALERTS = 10_000
LEAD = DAY
_PAGE = 1000


@dataclass(frozen=True, slots=True)
class Incidents:
    """`partial`: there are more alerts than are read, and the oldest of them were left out."""

    range: TimeRange
    incidents: tuple[Incident, ...]
    truncated: bool
    partial: bool


async def find_incidents(
    asked: Asked, within: TimeRange, clusters: Sequence[str] | None, filter_text: str | None, limit: int
) -> Incidents:
    """Those with an alert in the range, the newest first; what they began with up to a day before, too."""
    read_limit("limit", limit, MOST)
    led = TimeRange(within.start - LEAD, within.end)
    alerts = await _newest(asked, led, clusters, filter_text)
    grouped = await anyio.to_thread.run_sync(_grouped, alerts)  # thousands take a while
    found = [each for each in grouped if each.last >= within.start]
    return Incidents(within, tuple(found[:limit]), len(found) > limit, len(alerts) == MOST_ALERTS)


def _grouped(alerts: Sequence[Record]) -> tuple[Incident, ...]:
    return incidents_of(alert_of(one) for one in alerts)


async def _newest(
    asked: Asked, within: TimeRange, clusters: Sequence[str] | None, filter_text: str | None
) -> list[Record]:
    search = search_of(RecordKind.ALERTS, within, clusters, filter_text)
    found: list[Record] = []
    position: Position | None = None
    while len(found) < MOST_ALERTS:
        page = await asked.api.logs.search(asked.scope, search, Order("time"), _PAGE, position)
        found += page.records
        if not page.more:
            break
        position = Position(found[-1]["time"], found[-1]["id"])
    return found[:MOST_ALERTS]
