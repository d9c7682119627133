"""More bytes sent outside than the workload ever sent in such a time."""

from tapetum.detect.detectors.asking import FIRST, SENT, Asker, before, same
from tapetum.detect.detectors.finding import Finding
from tapetum.detect.detectors.meetings import known_since
from tapetum.detect.detectors.outside import ALLOWED, OUTSIDE
from tapetum.detect.detectors.screen import Candidate, screened
from tapetum.detect.detectors.workloads import Workload, exactly
from tapetum.domain.detectors import Exfiltration
from tapetum.domain.moments import SECOND, TimeRange
from tapetum.kql import Query

_SOURCE = ("source_namespace", "source_name_aggr")
_MEGABYTE = 1_000_000
_UNKNOWN = 10
"""So many times the bound where there is nothing to compare with."""


async def find(says: Exfiltration, ask: Asker, span: TimeRange) -> list[Finding]:
    found: list[Finding] = []
    for each in await screened(
        ask,
        span,
        says.lookback,
        _SOURCE,
        (SENT,),
        lambda _, values: values[0] >= says.bytes,
        OUTSIDE,
        ALLOWED,
    ):
        one = await _examined(says, ask, each)
        found += [one] if one else []
    return found


async def _examined(says: Exfiltration, ask: Asker, candidate: Candidate) -> Finding | None:
    namespace, name = candidate.keys
    source, (sent,) = Workload.of(namespace, name), candidate.values
    history = before(candidate.window.start, says.history)
    began = await ask.first(history)
    if began is None or began > history.end - says.learning * SECOND:
        return None
    own = await exactly(ask, source, "source", TimeRange(history.start, candidate.window.end))
    usual = await _usual(says, ask, history, source, own, same("source_namespace", namespace))
    bound = says.bytes * _UNKNOWN if usual is None else max(says.bytes, says.times * usual)
    if sent < bound:
        return None
    where = (own, OUTSIDE, ALLOWED)
    rows = await ask.groups(
        candidate.window,
        ("dest_type", "dest_domain", "dest_network", "dest_name_aggr"),
        (SENT, FIRST),
        *where,
    )
    if not rows:
        return None
    kind, domain, network, called = rows[0].keys
    return Finding(
        (source.namespace, source.stem),
        int(rows[0].values[1] or candidate.window.start),
        candidate.window,
        where,
        {
            "source_type": "wep",
            "source_namespace": namespace,
            "source_name_aggr": name,
            "dest_type": kind,
            "dest_domain": domain,
            "dest_network": network,
            "dest_name_aggr": called,
        },
        {
            "megabytes": f"{sent / _MEGABYTE:,.0f}",
            "usual": "nothing to compare with" if usual is None else f"{usual / _MEGABYTE:,.0f} MB",
            "destination": domain or called or network or "an unknown place",
        },
    )


async def _usual(
    says: Exfiltration, ask: Asker, history: TimeRange, source: Workload, *callers: Query
) -> float | None:
    """The most of any earlier window: of the workload, or of its namespace where it is new; None: neither
    was known for long enough.
    """
    learned_by = history.end - says.learning * SECOND
    known = await known_since(ask, [source], history)
    of_all = await ask.first(history, callers[-1])
    firsts = (known.get(source), of_all)
    for caller, first in zip(callers, firsts, strict=True):
        if first is not None and first <= learned_by:
            rows = await ask.groups(history, (), (SENT,), caller, OUTSIDE, ALLOWED, interval=says.lookback)
            return max((float(row.values[0] or 0) for row in rows), default=0.0)
    return None
