"""What a workload that has been known for a while does for the first time.

Other workloads must have been known for as long: who is new is called by somebody, sooner or later.
"""

from collections.abc import Mapping

from tapetum.detect.detectors.asking import Asker, same
from tapetum.detect.detectors.familiar import remarkable
from tapetum.detect.detectors.finding import Finding
from tapetum.detect.detectors.meetings import (
    DOMAINS,
    PROCESSES,
    WORKLOADS,
    Kind,
    Meeting,
    first_meetings,
    known_since,
)
from tapetum.domain.detectors import New, NewDestination, NewEdge, NewProcess
from tapetum.domain.moments import SECOND, TimeRange

_KINDS: Mapping[type[New], Kind] = {NewDestination: DOMAINS, NewEdge: WORKLOADS, NewProcess: PROCESSES}


async def find(says: New, ask: Asker, span: TimeRange) -> list[Finding]:
    kind = _KINDS[type(says)]
    met = await first_meetings(kind, ask, span, says.history)
    history = TimeRange(max(0, span.start - says.history * SECOND), span.end)
    workloads = {each.workload for each in met}
    if kind is PROCESSES:
        known = await known_since(ask, workloads, history, kind.among, sides=("source",))
    else:
        known = await known_since(ask, workloads, history)
    learning = says.learning * SECOND
    met = [each for each in met if known.get(each.workload, each.at) <= each.at - learning]
    if kind is WORKLOADS:
        others = await known_since(ask, {each.target for each in met}, history)
        met = [each for each in met if others.get(each.target, each.at) <= each.at - learning]
    return [_finding(kind, each, span) for each in await remarkable(says, kind, ask, span, met, known)]


def _finding(kind: Kind, met: Meeting, span: TimeRange) -> Finding:
    workload, other = met.workload, met.other
    held = dict(zip(kind.by, met.keys, strict=True))
    beyond = {} if kind is PROCESSES else {"dest_type": "net" if kind is DOMAINS else "wep"}
    return Finding(
        (workload.namespace, workload.stem, *other.key),
        met.at,
        TimeRange(met.at, span.end),
        (*map(same, kind.by, met.keys), kind.among),
        {"source_type": "wep", **beyond, **held},
        {"destination": other.key[0] or ""} if kind is DOMAINS else {},
    )
