"""Beacons: small connections to a new place outside, at distances too even for people and load.

What began to be called lately is asked for first, the latest before others, and then of that alone the
connections by minute: beacons have few, so they must not have to be among those that have most.
"""

from collections.abc import Collection, Mapping, Sequence

from tapetum.detect.detectors.asking import CONNECTIONS, FIRST, SENT, Asker, before, held, one_of, same
from tapetum.detect.detectors.finding import Finding
from tapetum.detect.detectors.outside import ALLOWED, OUTSIDE
from tapetum.detect.detectors.pulse import STEP, pulse_of
from tapetum.detect.detectors.screen import Candidate, screened
from tapetum.detect.detectors.workloads import Workload, exactly, named
from tapetum.detect.windows import Group
from tapetum.domain.detectors import Beacon
from tapetum.domain.metrics import Op
from tapetum.domain.moments import HOUR, SECOND, TimeRange
from tapetum.kql import Query
from tapetum.kql.syntax import Not
from tapetum.logstore.aggregation import Metric, Row

_SOURCE = named("source")
_DOMAIN, _ADDRESS = "dest_domain", "dest_ip"
_ENDED = Metric(Op.MAX, "end_time")
_BY_MINUTE = (CONNECTIONS, FIRST, _ENDED)
_AT_ONCE = 50
"""Destinations that are looked at in one question."""
_MOST_EXAMINED = 10_000
_SEVERAL = 2


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
        destinations = sorted({keys[2] or "" for keys in fresh})
        for start in range(0, len(destinations), _AT_ONCE):
            some = one_of(field, *destinations[start : start + _AT_ONCE])
            candidates = await screened(
                ask, span, says.lookback, by, (CONNECTIONS, SENT), worth, *where, some, most=_MOST_EXAMINED
            )
            for each in await _even(says, ask, candidates, by, *where, some):
                one = await _examined(says, ask, each, field, where)
                found += [one] if one else []
    return found


async def _even(
    says: Beacon, ask: Asker, candidates: Sequence[Candidate], by: Sequence[str], *where: Query
) -> list[Candidate]:
    """Those that have a pulse, by one question for each window."""
    windows: dict[TimeRange, list[Candidate]] = {}
    for each in candidates:
        windows.setdefault(each.window, []).append(each)
    found: list[Candidate] = []
    for window, some in windows.items():
        rows: dict[Group, list[Row]] = {}
        for row in await ask.groups(window, by, _BY_MINUTE, *where, interval=STEP):
            rows.setdefault(row.keys, []).append(row)
        found += [each for each in some if pulse_of(rows.get(each.keys, ()), says.beats)]
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
    rows = await ask.groups(candidate.window, (), _BY_MINUTE, *called, *where, interval=STEP)
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
