"""What makes a first meeting no news: a new version that began with it, a target that many call, a workload
that meets new ones all the time.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import TypeVar

from tapetum.detect.detectors.asking import FIRST, Asker, before, same
from tapetum.detect.detectors.meetings import PROCESSES, SOURCE, Kind, Meeting, meetings_of
from tapetum.detect.detectors.workloads import Workload, is_version
from tapetum.domain.detectors import New
from tapetum.domain.moments import MINUTE, SECOND, Micros, TimeRange
from tapetum.kql import all_of, any_of

_START = 15 * MINUTE
"""What a new version needs it calls, and starts, so soon."""
_COMMON = 5
"""Called from so many other namespaces: telemetry, secrets, queues that a whole cluster uses."""
_AT_ONCE = 25
_T = TypeVar("_T")


async def remarkable(
    says: New,
    kind: Kind,
    ask: Asker,
    span: TimeRange,
    met: Sequence[Meeting],
    known: Mapping[Workload, Micros],
) -> list[Meeting]:
    """In order of time; `known` is since when each workload is."""
    if not met:
        return []
    earlier = before(span.start, says.history)
    versions = await _versions(ask, TimeRange(earlier.start, span.end), met)
    common = set() if kind is PROCESSES else await _common(kind, ask, earlier, met)
    told = await _told(says, kind, ask, earlier, met, known)
    found: list[Meeting] = []
    for each in met:
        fresh = each.at - versions.get(each.keys[:2], 0) < _START
        if fresh or each.other.key in common or told.get(each.workload, 0) >= says.most:
            continue
        told[each.workload] = told.get(each.workload, 0) + 1
        found.append(each)
    return found


async def _versions(
    ask: Asker, history: TimeRange, met: Sequence[Meeting]
) -> Mapping[tuple[str | None, ...], Micros]:
    """When each version of a Deployment was first seen to call anything, by the names that records have."""
    names = sorted({each.keys[:2] for each in met if is_version(each.keys[1] or "")}, key=str)
    found: dict[tuple[str | None, ...], Micros] = {}
    for some in _parts(names):
        theirs = any_of(all_of(map(same, SOURCE, keys)) for keys in some)
        rows = await ask.groups(history, SOURCE, (FIRST,), theirs)
        found |= {row.keys: int(row.values[0] or 0) for row in rows}
    return found


async def _common(kind: Kind, ask: Asker, earlier: TimeRange, met: Sequence[Meeting]) -> Collection[object]:
    """Who is met that many namespaces called before."""
    spaces: dict[object, set[str]] = {}
    for some in _parts(met):
        theirs = any_of(each.other.where for each in some)
        rows = await ask.groups(earlier, ("source_namespace", *kind.by[2:]), (FIRST,), kind.among, theirs)
        for row in rows:
            spaces.setdefault(kind.other(row.keys[1:]).key, set()).add(row.keys[0] or "")
    return {key for key, callers in spaces.items() if len(callers) >= _COMMON}


async def _told(
    says: New,
    kind: Kind,
    ask: Asker,
    earlier: TimeRange,
    met: Sequence[Meeting],
    known: Mapping[Workload, Micros],
) -> dict[Workload, int]:
    """How many each met in the history for the first time once it was known for a while; what it meets now
    and then was there in the history before that.
    """
    found: dict[Workload, int] = {}
    for some in _parts(sorted({each.workload for each in met})):
        theirs = any_of(workload.where("source") for workload in some)
        older, rows = [
            await ask.groups(within, kind.by, (FIRST,), kind.among, theirs)
            for within in (before(earlier.start, says.history), earlier)
        ]
        old = {(each.workload, each.other.key) for each in meetings_of(kind, older)}
        for each in meetings_of(kind, rows):
            if (each.workload, each.other.key) in old:
                continue
            if each.at >= known.get(each.workload, each.at) + says.learning * SECOND:
                found[each.workload] = found.get(each.workload, 0) + 1
    return found


def _parts(some: Sequence[_T]) -> list[Sequence[_T]]:
    return [some[start : start + _AT_ONCE] for start in range(0, len(some), _AT_ONCE)]
