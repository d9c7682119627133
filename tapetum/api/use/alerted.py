"""Filters of the flow records that alerts show."""

from collections.abc import Iterator, Sequence

from tapetum.api.context import Asked
from tapetum.detect.first_denied import RULE as FIRST_DENIED
from tapetum.domain.alerts import Status
from tapetum.domain.batches import RecordKind
from tapetum.domain.moments import DAY, TimeRange
from tapetum.kql import Query, parse
from tapetum.logstore.port import Order, Record, Search

_MOST_ALERTS, _MOST_EACH, _AT_ONCE = 500, 5, 200
"""A few records of each: whoever leaves them out leaves out their whole edges."""
_NO_ATTACK = f'rule: "{FIRST_DENIED}" or status: "{Status.DISMISSED.value}"'


async def alerted(asked: Asked, cluster: str, within: TimeRange) -> Sequence[Query]:
    """Of the newest 500 alerts of the range and of the day after it, which may show what began within.

    Left out are those that somebody dismissed, and denials: what is denied teaches nothing by itself.
    """
    search = Search(
        RecordKind.ALERTS,
        TimeRange(within.start, within.end + DAY),
        frozenset({cluster}),
        parse(f"not ({_NO_ATTACK})"),
    )
    page = await asked.api.logs.search(asked.scope, search, Order("time"), _MOST_ALERTS, None)
    ids = sorted({each for alert in page.records for each in _shown(alert)})
    return [_any_of(ids[start : start + _AT_ONCE]) for start in range(0, len(ids), _AT_ONCE)]


def _shown(alert: Record) -> Iterator[str]:
    if (alert["evidence_kind"] or RecordKind.FLOWS.value) == RecordKind.FLOWS.value:
        yield from (alert["evidence"] or ())[:_MOST_EACH]


def _any_of(ids: Sequence[str]) -> Query:
    return parse("id: (" + " or ".join(f'"{each}"' for each in ids) + ")")
