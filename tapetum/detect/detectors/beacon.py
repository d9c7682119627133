"""Beacons: small connections to a new place outside, at distances too even for people and load.

Flow logs sum up windows of seconds to minutes, so evenness is judged by minutes: how many connections each
had, and how far those that had some lie apart.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean, median, pvariance

from tapetum.detect.detectors.asking import CONNECTIONS, FIRST, SENT, Asker, before, held, same
from tapetum.detect.detectors.finding import Finding
from tapetum.detect.detectors.outside import ALLOWED, OUTSIDE
from tapetum.detect.detectors.screen import Candidate, screened
from tapetum.detect.detectors.workloads import Workload, exactly, named
from tapetum.detect.windows import Group
from tapetum.domain.detectors import Beacon
from tapetum.domain.moments import HOUR, MINUTE, SECOND, Micros, TimeRange
from tapetum.kql import Query
from tapetum.kql.syntax import Not
from tapetum.logstore.aggregation import Row

_SOURCE = named("source")
_DOMAIN, _ADDRESS = "dest_domain", "dest_ip"
_STEP = 60
_SHORTEST = 15 * MINUTE
"""From the first to the last: before, chance makes patterns."""
_EVEN = 0.3
"""Variance over mean of connections a minute; where they come by chance it is about 1."""
_ALIKE = 0.9
"""Part of the distances that are about the usual one."""

_SEVERAL = 2


@dataclass(frozen=True, slots=True)
class Pulse:
    """Of so many connections, the first then, one in so many seconds."""

    begun: Micros
    beats: int
    every: int


async def find(says: Beacon, ask: Asker, span: TimeRange) -> list[Finding]:
    most = says.lookback / 5

    def worth(keys: Group, values: tuple[float, ...]) -> bool:
        connections, sent = values
        return keys in fresh and says.beats <= connections <= most and sent <= says.largest * connections

    fresh: Collection[Group] = ()
    found: list[Finding] = []
    for field, among in ((_DOMAIN, held(_DOMAIN)), (_ADDRESS, Not(held(_DOMAIN)))):
        by = (*_SOURCE, field, "dest_port")
        where = (OUTSIDE, ALLOWED, among, held(field))
        fresh = await _fresh(says, ask, span, by, where)
        if not fresh:
            continue
        for each in await screened(ask, span, says.lookback, by, (CONNECTIONS, SENT), worth, *where):
            one = await _examined(says, ask, each, field, where)
            found += [one] if one else []
    return found


async def _fresh(
    says: Beacon, ask: Asker, span: TimeRange, by: Sequence[str], where: Sequence[Query]
) -> Collection[Group]:
    """What began to be called lately, and not when the records began."""
    around = span.widened(says.lookback * SECOND)
    history = TimeRange(before(around.start, says.history).start, around.end)
    rows = await ask.groups(history, by, (FIRST,), *where)
    firsts = {row.keys: int(row.values[0] or 0) for row in rows}
    began = await ask.first(history, *where)
    since = max(around.start - says.familiar * SECOND, (began or 0) + HOUR)
    return {keys for keys, first in firsts.items() if first >= since}


async def _examined(
    says: Beacon, ask: Asker, candidate: Candidate, field: str, where: Sequence[Query]
) -> Finding | None:
    namespace, name, destination, port = candidate.keys
    source, history = Workload.of(namespace, name), _history(says, candidate)
    own, there = await exactly(ask, source, "source", history), same(field, destination)
    called = (own, there, same("dest_port", port))
    rows = await ask.groups(candidate.window, (), (CONNECTIONS,), *called, *where, interval=_STEP)
    pulse = pulse_of(rows, says.beats)
    if pulse is None or not await _new(says, ask, candidate, own, there):
        return None
    ends: Mapping[str, str | int | None] = {
        "source_type": "wep",
        "source_namespace": namespace,
        "source_name_aggr": name,
        "dest_type": "net",
        "dest_domain": destination if field == _DOMAIN else None,
        "dest_network": None if field == _DOMAIN else "pub",
        "dest_port": None if port is None else int(port),
    }
    told = {"destination": destination or "", "beats": str(pulse.beats), "every": str(pulse.every)}
    group = (source.namespace, source.stem, destination, port)
    return Finding(group, pulse.begun, candidate.window, called, ends, told)


def _history(says: Beacon, candidate: Candidate) -> TimeRange:
    return TimeRange(before(candidate.window.start, says.history).start, candidate.window.end)


async def _new(says: Beacon, ask: Asker, candidate: Candidate, own: Query, there: Query) -> bool:
    """Whether who calls was known before it called there: the workload, else the namespace that it is in.

    What several workloads called before the last day is known to somebody.
    """
    history = _history(says, candidate)
    fresh = candidate.window.start - says.familiar * SECOND
    rows = await ask.groups(TimeRange(history.start, max(history.start, fresh)), _SOURCE, (FIRST,), there)
    if len({Workload.of(*row.keys) for row in rows}) >= _SEVERAL:
        return False
    for caller in (own, same("source_namespace", candidate.keys[0])):
        known, called = await ask.first(history, caller), await ask.first(history, caller, there)
        if known is None or called is None or called < fresh:
            return False
        if called - known >= HOUR:
            return True
    return False


def pulse_of(rows: Sequence[Row], least: int) -> Pulse | None:
    """Of connections by minute; None where they are few, or uneven."""
    counts: dict[Micros, float] = {
        row.start: float(row.values[0]) for row in rows if row.start is not None and row.values[0]
    }
    starts, beats = sorted(counts), int(sum(counts.values()))
    if beats < least or starts[-1] - starts[0] < _SHORTEST:
        return None
    many = [counts[start] for start in starts[1:-1]]  # the outer ones may be cut
    gaps = [(later - earlier) / MINUTE for earlier, later in pairwise(starts)]
    usual = median(gaps)
    alike = sum(abs(gap - usual) <= 1 + usual / 4 for gap in gaps) / len(gaps)
    if not many or alike < _ALIKE or pvariance(many) > _EVEN * fmean(many):
        return None
    return Pulse(
        starts[0], beats, round((starts[-1] - starts[0]) / SECOND / max(1, beats - counts[starts[-1]]))
    )
