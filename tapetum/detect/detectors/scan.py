"""Port and address scans: many first connections of a workload without a conversation."""

from collections.abc import Sequence

from tapetum.detect.detectors.asking import CONNECTIONS, FIRST, Asker, before, same
from tapetum.detect.detectors.finding import Finding
from tapetum.detect.detectors.late import callers
from tapetum.detect.detectors.outside import ALLOWED
from tapetum.detect.detectors.probes import Probe, is_scan, probes_of
from tapetum.detect.detectors.screen import Candidate, screened
from tapetum.detect.detectors.talk import ACCEPTED, SMALL, Unanswered, quiet, several, unanswered
from tapetum.detect.detectors.workloads import Workload, exactly
from tapetum.detect.windows import Group
from tapetum.domain.detectors import Scan
from tapetum.domain.metrics import Op
from tapetum.domain.moments import Micros, TimeRange
from tapetum.kql import Query, all_of, any_of, parse
from tapetum.logstore.aggregation import Metric, Row

_SOURCE = ("source_type", "source_namespace", "source_name_aggr")
_PORTS, _NAMES, _ADDRESSES = (
    Metric(Op.DISTINCT, name) for name in ("dest_port", "dest_name_aggr", "dest_ip")
)
_TARGET = ("dest_namespace", "dest_name_aggr", "dest_ip", "dest_port")
_INSIDE = parse("source_type: (wep or hep)")
_HOST = "hep"
_AT_ONCE = 10
"""Namespaces and ports that are looked up in one question."""


async def find(says: Scan, ask: Asker, span: TimeRange) -> list[Finding]:
    def worth(_: Group, values: tuple[float, ...]) -> bool:
        ports, targets = values[0], max(values[1:])
        return ports >= says.ports or targets >= says.targets or ports * targets >= says.probes

    def turned(_: Group, values: tuple[float, ...]) -> bool:
        return worth(_, (values[2], values[0], values[1]))

    found: dict[tuple[str | None, Workload, TimeRange], Candidate] = {}
    for metrics, judge in (
        ((_PORTS, _NAMES, _ADDRESSES), worth),
        ((_NAMES, _ADDRESSES, _PORTS), turned),
    ):
        for each in await screened(ask, span, says.lookback, _SOURCE, metrics, judge, SMALL, _INSIDE):
            found.setdefault((each.keys[0], Workload.of(*each.keys[1:]), each.window), each)
    examined = [await _examined(says, ask, each, span.end) for each in found.values()]
    return [one for one in examined if one is not None]


async def _examined(says: Scan, ask: Asker, candidate: Candidate, upto: Micros) -> Finding | None:
    kind, namespace, name = candidate.keys
    source, window = Workload.of(namespace, name), candidate.window
    history = before(window.start, says.history)
    where = (
        same("source_type", kind),
        await exactly(ask, source, "source", TimeRange(history.start, window.end)),
    )
    talk = {"talk": ACCEPTED} if kind == _HOST else {}
    tried = await quiet(ask, window, _TARGET, *where, **talk)
    if not is_scan(says, _probes(tried, ())):
        return None
    tried = await unanswered(ask, window, _TARGET, tried, *where, upto=upto)
    if not is_scan(says, _probes(tried, ())):
        return None
    called = await ask.groups(window, _TARGET, (CONNECTIONS, FIRST), ALLOWED, *where)
    known = await _known(ask, history, kind, where, [*tried.due, *tried.sent, *called])
    probes = _probes(tried, known)
    if is_scan(says, probes):
        probes = await _without_late(ask, source, kind, TimeRange(history.start, window.end), probes)
    if not is_scan(says, probes) or _mostly_served(called, known, probes):
        return None
    targets, ports = (
        several(probe.target for probe in probes),
        several(probe.port or "no port" for probe in probes),
    )
    return Finding(
        (kind, source.namespace, source.stem),
        min(probe.at for probe in probes),
        window,
        where,
        dict(zip(_SOURCE, candidate.keys, strict=True)),
        {"probes": str(len(probes)), "ports": ports, "targets": targets},
    )


def _probes(tried: Unanswered, known: Sequence[Row]) -> list[Probe]:
    return probes_of(tried.due, known, sent=tried.sent)


async def _without_late(
    ask: Asker, source: Workload, kind: str | None, within: TimeRange, probes: list[Probe]
) -> list[Probe]:
    """Without late answers: to a port that clients call from, of somebody who calls the source."""
    if not any(probe.ephemeral for probe in probes):
        return probes
    known = await callers(ask, source, kind, within)
    return [
        probe
        for probe in probes
        if not (probe.ephemeral and (probe.target if "/" in probe.target else "") in known)
    ]


async def _known(
    ask: Asker, history: TimeRange, kind: str | None, where: Sequence[Query], rows: Sequence[Row]
) -> list[Row]:
    """Places that it called before. Pods move between nodes, and the checks of their health with them: what
    one node called, all know; those are many, so only where these rows lead is looked up.
    """
    if kind != _HOST:
        return list(await ask.groups(history, _TARGET, (CONNECTIONS,), *where))
    places = sorted({(row.keys[0], row.keys[3]) for row in rows}, key=str)
    found: list[Row] = []
    for start in range(0, len(places), _AT_ONCE):
        alike = any_of(
            all_of((same("dest_namespace", namespace), same("dest_port", port)))
            for namespace, port in places[start : start + _AT_ONCE]
        )
        found += await ask.groups(history, _TARGET, (CONNECTIONS,), where[0], alike)
    return found


def _mostly_served(called: Sequence[Row], known: Sequence[Row], probes: Sequence[Probe]) -> bool:
    """Whether more of what it never called before did answer, as where metrics begin to be collected."""
    silent = {(probe.target, probe.port) for probe in probes}
    fresh = {(probe.target, probe.port) for probe in probes_of(called, known)}
    return len(fresh - silent) > len(silent)
