"""First connections without a conversation, each to a port of a target; when they are a scan."""

from collections.abc import Sequence
from dataclasses import dataclass

from tapetum.detect.detectors.late import EPHEMERAL
from tapetum.detect.detectors.workloads import stem
from tapetum.domain.detectors import Scan
from tapetum.domain.moments import Micros
from tapetum.logstore.aggregation import Row


@dataclass(frozen=True, slots=True)
class Probe:
    """`target` is a workload, however many pods it has, or an address that belongs to none.

    `one_way`: by UDP to a port where no answer need come, which statistics, logs and gossip send to many.
    """

    target: str
    port: str
    at: Micros
    one_way: bool = False

    @property
    def ephemeral(self) -> bool:
        """Whether to a port that clients call from."""
        return self.port.isdigit() and int(self.port) >= EPHEMERAL


def probes_of(tried: Sequence[Row], known: Sequence[Row], sent: Sequence[Row] = ()) -> list[Probe]:
    """Ports of targets that were never called before, each once; those of `sent` are one way."""
    before_ = {_place(row) for row in known}
    found: dict[tuple[str, str], Probe] = {}
    for one_way, rows in ((False, tried), (True, sent)):
        for row in rows:
            target, port = place = _place(row)
            if place not in before_:
                found.setdefault(place, Probe(target, port, int(row.values[-1] or 0), one_way))
    return list(found.values())


def _place(row: Row) -> tuple[str, str]:
    namespace, name, address, port = row.keys
    plain = stem(name or "")
    return (f"{namespace}/{plain}" if namespace else address or plain or "?"), port or ""


def is_scan(says: Scan, probes: Sequence[Probe]) -> bool:
    """One-way probes are so only where they go to many ports of one target."""
    ports: dict[str, set[str]] = {}
    targets: dict[str, set[str]] = {}
    for probe in probes:
        ports.setdefault(probe.target, set()).add(probe.port)
        if not probe.one_way:
            targets.setdefault(probe.port, set()).add(probe.target)
    return (
        sum(map(len, targets.values())) >= says.probes
        or any(len(each) >= says.ports for each in ports.values())
        or any(len(each) >= says.targets for each in targets.values())
    )
