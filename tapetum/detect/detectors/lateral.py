"""Lateral movement: a workload turns to many others, in namespaces that are not its own."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from tapetum.detect.detectors.asking import FIRST, Asker, before, same
from tapetum.detect.detectors.finding import Finding
from tapetum.detect.detectors.meetings import (
    SOURCE,
    WORKLOADS,
    Meeting,
    first_meetings,
    known_since,
    meetings_of,
)
from tapetum.detect.detectors.talk import quiet, several, unanswered
from tapetum.detect.detectors.workloads import Workload, exactly, named
from tapetum.domain.detectors import LateralMovement
from tapetum.domain.moments import MINUTE, SECOND, TimeRange

_SHARE = 0.25
"""Of how many it called abroad before: fewer new ones are no movement."""


async def find(says: LateralMovement, ask: Asker, span: TimeRange) -> list[Finding]:
    """First meetings of the span and of the hour before it, which may be of one movement."""
    around = TimeRange(max(0, span.start - says.lookback * SECOND), span.end)
    met = await first_meetings(WORKLOADS, ask, around, says.history)
    history = TimeRange(max(0, around.start - says.history * SECOND), span.end)
    # Most first meetings are of others alone; who they are is asked of those that may be wide enough.
    wide = [each for some in movements(says, met) for each in some]
    known = await known_since(ask, {who for each in wide for who in (each.workload, each.target)}, history)

    def settled(workload: Workload, each: Meeting) -> bool:
        return known.get(workload, each.at) <= each.at - says.learning * SECOND

    moved = [each for each in met if settled(each.workload, each) and settled(each.target, each)]
    found = list(movements(says, moved))
    came = [each for each in met if each.workload in known and not settled(each.workload, each)]
    found += [some for some in movements(says, came) if await _failed(ask, some)]
    late = [some for some in found if some[-1].at >= span.start]
    return [_finding(some) for some in late if len(some) >= await _usual(says, ask, some)]


def movements(says: LateralMovement, met: Sequence[Meeting]) -> Iterator[list[Meeting]]:
    """Of each workload the first run of meetings within a lookback that is wide enough."""
    abroad = [each for each in met if each.other.key[0] != each.workload.namespace]
    by_source = sorted(abroad, key=lambda each: (each.workload, each.at))
    for _, of_one in groupby(by_source, key=lambda each: each.workload):
        all_of_one = list(of_one)
        for first in all_of_one:
            last = first.at + says.lookback * SECOND
            some = [each for each in all_of_one if first.at <= each.at <= last]
            if len(some) >= says.targets and len({each.other.key[0] for each in some}) >= says.namespaces:
                yield some
                break


async def _usual(says: LateralMovement, ask: Asker, some: Sequence[Meeting]) -> float:
    """Fewer are no movement: who calls many, as what collects metrics, comes to call some more."""
    workload, earlier = some[0].workload, before(some[0].at, says.history)
    rows = await ask.groups(earlier, WORKLOADS.by, (FIRST,), WORKLOADS.among, workload.where("source"))
    own = [each for each in meetings_of(WORKLOADS, rows) if each.workload == workload]
    return _SHARE * sum(each.other.key[0] != workload.namespace for each in own)


async def _failed(ask: Asker, some: Sequence[Meeting]) -> bool:
    """Of a workload that has just come everything is new: only failure tells."""
    within = TimeRange(some[0].at, some[-1].at + MINUTE)
    source = await exactly(ask, some[0].workload, "source", within)
    by, where = named("dest"), (WORKLOADS.among, source)
    tried = await unanswered(ask, within, by, await quiet(ask, within, by, *where), *where)
    failed = {Workload.of(*row.keys) for row in tried.due}
    targets = {each.target for each in some}
    return 2 * len(targets & failed) >= len(targets)


def _finding(some: Sequence[Meeting]) -> Finding:
    workload = some[0].workload
    targets = several("/".join(part or "" for part in each.other.key) for each in some)
    spaces = {each.other.key[0] for each in some}
    return Finding(
        (workload.namespace, workload.stem),
        some[0].at,
        TimeRange(some[0].at, some[-1].at + 1),
        (*map(same, SOURCE, some[0].keys), WORKLOADS.among),
        {"source_type": "wep", **dict(zip(SOURCE, some[0].keys, strict=False))},
        {"targets": targets, "namespaces": str(len(spaces))},
    )
