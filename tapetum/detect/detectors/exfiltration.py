"""More bytes sent outside than the workload ever sent in such a time."""

from collections.abc import Sequence
from dataclasses import dataclass

from tapetum.detect.detectors.asking import FIRST, SENT, Asker, same
from tapetum.detect.detectors.finding import Finding
from tapetum.detect.detectors.meetings import known_since
from tapetum.detect.detectors.outside import ALLOWED, OUTSIDE
from tapetum.detect.detectors.screen import Candidate, screened
from tapetum.detect.detectors.workloads import Workload, exactly, is_scheduled, named
from tapetum.detect.windows import Group
from tapetum.domain.detectors import Exfiltration
from tapetum.domain.moments import SECOND, Micros, TimeRange
from tapetum.kql import Query
from tapetum.logstore.aggregation import Row

_SOURCE = named("source")
_MEGABYTE = 1_000_000
_DESTINATION = ("dest_type", "dest_domain", "dest_network", "dest_name_aggr")
_MOST_WINDOWS = 1500
"""Of the past: with more, windows of it are longer."""
_UNKNOWN = 10
"""So many times the bound where there is nothing to compare with."""


@dataclass(frozen=True, slots=True)
class Past:
    """What a workload and its namespace sent by window, and since when they are known."""

    own: Query
    step: Micros
    since: Micros | None
    sent: Sequence[Row]
    of_all_since: Micros | None
    of_all: Sequence[Row]


async def find(says: Exfiltration, ask: Asker, span: TimeRange) -> list[Finding]:
    candidates = await screened(
        ask,
        span,
        says.lookback,
        _SOURCE,
        (SENT,),
        lambda _, values: values[0] >= says.bytes,
        OUTSIDE,
        ALLOWED,
    )
    if not candidates:
        return []
    history = TimeRange(
        max(0, span.start - says.history * SECOND), max(each.window.end for each in candidates)
    )
    began = await ask.first(history)
    pasts: dict[Group, Past] = {}
    found: list[Finding] = []
    for each in candidates:
        if each.keys not in pasts:
            pasts[each.keys] = await _past(says, ask, each.keys, history)
        one = await _examined(says, ask, each, pasts[each.keys], began)
        found += [one] if one else []
    return found


async def _past(says: Exfiltration, ask: Asker, keys: Group, history: TimeRange) -> Past:
    workload, everybody = Workload.of(*keys), same("source_namespace", keys[0])
    interval = max(says.lookback, history.length // SECOND // _MOST_WINDOWS)
    own = await exactly(ask, workload, "source", history)
    sent, of_all = [
        await ask.groups(history, (), (SENT,), caller, OUTSIDE, ALLOWED, interval=interval)
        for caller in (own, everybody)
    ]
    since = (await known_since(ask, [workload], history)).get(workload)
    return Past(own, interval * SECOND, since, sent, await ask.first(history, everybody), of_all)


async def _examined(
    says: Exfiltration, ask: Asker, candidate: Candidate, past: Past, began: Micros | None
) -> Finding | None:
    namespace, name = candidate.keys
    (sent,), start = candidate.values, candidate.window.start
    learned_by = start - says.learning * SECOND
    if began is None or began > learned_by:
        return None
    if past.since is not None and past.since > learned_by and is_scheduled(name or "", past.since):
        return None  # a backup's first night has nothing to compare with
    usual = _usual(past, start, learned_by)
    bound = says.bytes * _UNKNOWN if usual is None else max(says.bytes, says.times * usual)
    if sent < bound:
        return None
    where = (past.own, OUTSIDE, ALLOWED)
    rows = await ask.groups(candidate.window, _DESTINATION, (SENT, FIRST), *where)
    if not rows:
        return None
    _, domain, network, called = rows[0].keys
    source = Workload.of(namespace, name)
    return Finding(
        (source.namespace, source.stem),
        int(rows[0].values[1] or start),
        candidate.window,
        where,
        {
            "source_type": "wep",
            **dict(zip(_SOURCE, candidate.keys, strict=True)),
            **dict(zip(_DESTINATION, rows[0].keys, strict=True)),
        },
        {
            "megabytes": f"{sent / _MEGABYTE:,.0f}",
            "usual": "nothing to compare with" if usual is None else f"{usual / _MEGABYTE:,.0f} MB",
            "destination": domain or called or network or "an unknown place",
        },
    )


def _usual(past: Past, start: Micros, learned_by: Micros) -> float | None:
    """The most of any window before, of the workload, or its namespace where it is new; None: both are."""
    for since, rows in ((past.since, past.sent), (past.of_all_since, past.of_all)):
        if since is not None and since <= learned_by:
            earlier = (row for row in rows if row.start is not None and row.start + past.step <= start)
            return max((float(row.values[0] or 0) for row in earlier), default=0.0)
    return None
