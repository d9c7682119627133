"""Late answers: packets of a connection that a kernel no longer tracks, so that the server seems to call.

DNS under load and nodes that restart make many. They go to a port that clients call from, and to somebody
who is known to call the server; a service at such a port is told by its name.
"""

from collections.abc import Collection, Sequence

from tapetum.detect.detectors.asking import FIRST, Asker, same
from tapetum.detect.detectors.workloads import Workload, exactly, named
from tapetum.domain.moments import TimeRange
from tapetum.kql import Query, all_of, any_of, parse

EPHEMERAL = 32_768
"""Clients call from ports from here on, by Linux' default."""
_SERVED = parse(f"not dest_port >= {EPHEMERAL} or dest_service_name: *")
_BY = (*named("source"), *named("dest"))
_AT_ONCE = 25
Pair = tuple[Workload, Workload]


async def late_pairs(
    ask: Asker, span: TimeRange, history: TimeRange, pairs: Sequence[Pair], among: Query
) -> set[Pair]:
    """Of who seems to call whom in the span, those that only answer late."""
    found: set[Pair] = set()
    for start in range(0, len(pairs), _AT_ONCE):
        some = set(pairs[start : start + _AT_ONCE])
        doubtful = some - await _calling(ask, span, some, among, _SERVED)
        if doubtful:
            turned = {(target, caller) for caller, target in doubtful}
            back = await _calling(ask, history, turned, among)
            found |= {pair for pair in doubtful if (pair[1], pair[0]) in back}
    return found


async def callers(ask: Asker, workload: Workload, kind: str | None, within: TimeRange) -> Collection[str]:
    """Who calls it: workloads as `namespace/stem`, and `""` for whoever comes from outside."""
    own = await exactly(ask, workload, "dest", within)
    rows = await ask.groups(within, ("source_type", *named("source")), (FIRST,), same("dest_type", kind), own)
    workloads = {(kind, Workload.of(*rest)) for kind, *rest in (row.keys for row in rows)}
    return {f"{one.namespace}/{one.stem}" if kind == "wep" else "" for kind, one in workloads}


async def _calling(ask: Asker, within: TimeRange, pairs: Collection[Pair], *where: Query) -> set[Pair]:
    alike = any_of(all_of((caller.where("source"), target.where("dest"))) for caller, target in sorted(pairs))
    rows = await ask.groups(within, _BY, (FIRST,), *where, alike)
    return {(Workload.of(*row.keys[:2]), Workload.of(*row.keys[2:])) for row in rows}
