"""Flows that alerts show, as policies know them."""

from collections.abc import Iterator

from tapetum.api.context import Asked
from tapetum.detect.first_denied import RULE as FIRST_DENIED
from tapetum.domain.alerts import Status
from tapetum.domain.batches import RecordKind
from tapetum.domain.moments import DAY, TimeRange
from tapetum.kql import parse
from tapetum.logstore.port import Order, Record, Search

_MOST_ALERTS, _MOST_EACH = 2_000, 5
"""A few records of each: whoever leaves them out leaves out their whole edges."""
_TELLING = parse(f'not (rule: "{FIRST_DENIED}" or status: "{Status.DISMISSED.value}")')
_AROUND = DAY
"""How long before or after a record an alert may be raised of it, at most."""


async def alerted(asked: Asked, cluster: str, within: TimeRange) -> set[int]:
    """Verdict keys of the range's flows like those that alerts show: of the newest 2,000 alerts, of each the
    first five.

    Left out are alerts that somebody dismissed, and first denials: what is denied teaches nothing by itself.
    """
    logs, clusters = asked.api.logs, frozenset({cluster})
    around = TimeRange(max(0, within.start - _AROUND), within.end + _AROUND)
    alerts = Search(RecordKind.ALERTS, around, clusters, _TELLING)
    page = await logs.search(asked.scope, alerts, Order("time"), _MOST_ALERTS, None)
    ids = sorted({each for alert in page.records for each in _shown(alert)})
    if not ids:
        return set()
    flows = Search(RecordKind.FLOWS, around, clusters)
    told = ("id", "flow_key")
    records = await logs.holding(asked.scope, flows, "id", ids, (), 1, len(ids), told)
    keys = tuple(sorted({record["flow_key"] for record in records}))
    if not keys:
        return set()
    found = await logs.verdict_keys(asked.scope, Search(RecordKind.FLOWS, within, clusters, keys=keys))
    return set(found.rows.column("verdict_key").to_pylist())


def _shown(alert: Record) -> Iterator[str]:
    if (alert["evidence_kind"] or RecordKind.FLOWS.value) == RecordKind.FLOWS.value:
        yield from (alert["evidence"] or ())[:_MOST_EACH]
