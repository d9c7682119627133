"""Port and address scans: many first connections of a workload without a conversation."""

from collections.abc import Sequence
from dataclasses import dataclass

from tapetum.detect.detectors.asking import CONNECTIONS, Asker, before, same
from tapetum.detect.detectors.finding import Finding
from tapetum.detect.detectors.screen import Candidate, screened
from tapetum.detect.detectors.talk import SMALL, several, unanswered
from tapetum.detect.detectors.workloads import Workload, exactly, stem
from tapetum.detect.windows import Group
from tapetum.domain.detectors import Scan
from tapetum.domain.metrics import Op
from tapetum.domain.moments import Micros, TimeRange
from tapetum.kql import parse
from tapetum.logstore.aggregation import Metric, Row

_SOURCE = ("source_type", "source_namespace", "source_name_aggr")
_PORTS, _NAMES, _ADDRESSES = (
    Metric(Op.DISTINCT, name) for name in ("dest_port", "dest_name_aggr", "dest_ip")
)
_TARGET = ("dest_namespace", "dest_name_aggr", "dest_ip", "dest_port")
_INSIDE = parse("source_type: (wep or hep)")


@dataclass(frozen=True, slots=True)
class Probe:
    """`target` is a workload, however many pods it has, or an address that belongs to none."""

    target: str
    port: str
    at: Micros


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
    examined = [await _examined(says, ask, each) for each in found.values()]
    return [one for one in examined if one is not None]


async def _examined(says: Scan, ask: Asker, candidate: Candidate) -> Finding | None:
    kind, namespace, name = candidate.keys
    source, window = Workload.of(namespace, name), candidate.window
    history = before(window.start, says.history)
    own = await exactly(ask, source, "source", TimeRange(history.start, window.end))
    where = (same("source_type", kind), own)
    tried = await unanswered(ask, window, _TARGET, *where)
    if not is_scan(says, probes_of(tried, ())):
        return None
    probes = probes_of(tried, await ask.groups(history, _TARGET, (CONNECTIONS,), *where))
    if not is_scan(says, probes):
        return None
    targets, ports = several(probe.target for probe in probes), several(_spoken(probe) for probe in probes)
    return Finding(
        (kind, source.namespace, source.stem),
        min(probe.at for probe in probes),
        window,
        where,
        dict(zip(_SOURCE, candidate.keys, strict=True)),
        {"probes": str(len(probes)), "ports": ports, "targets": targets},
    )


def probes_of(tried: Sequence[Row], known: Sequence[Row]) -> list[Probe]:
    """Ports of targets that were never called before, each once."""
    before_ = {_place(row) for row in known}
    found: dict[tuple[str, str], Probe] = {}
    for row in tried:
        target, port = place = _place(row)
        if place not in before_:
            found.setdefault(place, Probe(target, port, int(row.values[-1] or 0)))
    return list(found.values())


def _place(row: Row) -> tuple[str, str]:
    namespace, name, address, port = row.keys
    plain = stem(name or "")
    return (f"{namespace}/{plain}" if namespace else address or plain or "?"), port or ""


def is_scan(says: Scan, probes: Sequence[Probe]) -> bool:
    ports: dict[str, set[str]] = {}
    targets: dict[str, set[str]] = {}
    for probe in probes:
        ports.setdefault(probe.target, set()).add(probe.port)
        targets.setdefault(probe.port, set()).add(probe.target)
    return (
        len(probes) >= says.probes
        or any(len(each) >= says.ports for each in ports.values())
        or any(len(each) >= says.targets for each in targets.values())
    )


def _spoken(probe: Probe) -> str:
    return probe.port or "no port"
