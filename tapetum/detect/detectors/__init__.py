"""Detectors: what looks like an attack in the records of a span, beside what was there before.

They keep nothing between spans: what a restart or another process must know is in the stores.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from tapetum.detect.detectors import beacon, dns, exfiltration, lateral, loosened, novelty, scan
from tapetum.detect.detectors.asking import Asker
from tapetum.detect.detectors.finding import Finding, alert_of
from tapetum.domain import detectors as domain
from tapetum.domain.moments import TimeRange

__all__ = ["Asker", "Finding", "alert_of", "find"]

_FIND: dict[type[domain.Watching], Callable[[Any, Asker, TimeRange], Awaitable[list[Finding]]]] = {
    domain.Scan: scan.find,
    domain.LateralMovement: lateral.find,
    domain.Beacon: beacon.find,
    domain.Exfiltration: exfiltration.find,
    domain.NewDestination: novelty.find,
    domain.NewEdge: novelty.find,
    domain.NewProcess: novelty.find,
    domain.Tunnel: dns.find_tunnels,
    domain.GeneratedDomains: dns.find_generated,
    domain.PolicyLoosened: loosened.find,
}


async def find(detector: domain.Detector, ask: Asker, span: TimeRange) -> list[Finding]:
    """What the windows hold that the span touches, in order of time."""
    found = await _FIND[type(detector)](detector, ask, span)
    return sorted(found, key=lambda each: (each.at, str(each.group)))
