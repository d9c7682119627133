"""Lateral movement: a workload turns to many others, in namespaces that are not its own."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from tapetum.detect.detectors.asking import ANSWERED, CONNECTIONS, Asker
from tapetum.detect.detectors.finding import Finding
from tapetum.detect.detectors.meetings import SOURCE, WORKLOADS, Meeting, first_meetings, known_since
from tapetum.detect.detectors.talk import several, silent
from tapetum.detect.detectors.workloads import Workload
from tapetum.domain.detectors import LateralMovement
from tapetum.domain.moments import SECOND, TimeRange


async def find(says: LateralMovement, ask: Asker, span: TimeRange) -> list[Finding]:
    """First meetings of the span and of the hour before it, which may be of one movement."""
    around = TimeRange(max(0, span.start - says.lookback * SECOND), span.end)
    met = await first_meetings(WORKLOADS, ask, around, says.history)
    return [
        _finding(some)
        for some in movements(says, met)
        if some[-1].at >= span.start and await _telling(says, ask, some)
    ]


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


async def _telling(says: LateralMovement, ask: Asker, some: Sequence[Meeting]) -> bool:
    """Of a workload that has just come everything is new: only failure tells."""
    workload, begun = some[0].workload, some[0].at
    learned = TimeRange(max(0, begun - says.history * SECOND), begun - says.learning * SECOND)
    if await known_since(WORKLOADS, ask, [workload], learned):
        return True
    rows = await ask.groups(
        TimeRange(begun, some[-1].at + 1),
        WORKLOADS.by,
        (CONNECTIONS, ANSWERED),
        WORKLOADS.among,
        workload.where("source"),
    )
    targets = {each.other.key for each in some}
    failed = {
        WORKLOADS.other(row.keys[2:]).key
        for row in rows
        if Workload.of(*row.keys[:2]) == workload and silent(row.values[0], row.values[1])
    }
    return 2 * len(targets & failed) >= len(targets)


def _finding(some: Sequence[Meeting]) -> Finding:
    workload = some[0].workload
    targets = several("/".join(part or "" for part in each.other.key) for each in some)
    spaces = {each.other.key[0] for each in some}
    return Finding(
        (workload.namespace, workload.stem),
        some[0].at,
        TimeRange(some[0].at, some[-1].at + 1),
        (workload.where("source"), WORKLOADS.among),
        {"source_type": "wep", **dict(zip(SOURCE, some[0].keys, strict=False))},
        {"targets": targets, "namespaces": str(len(spaces))},
    )
