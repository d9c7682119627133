"""Figures of edges that their counters do not tell: times, what was sent again, what failed."""

from dataclasses import dataclass
from enum import StrEnum

from tapetum.domain.endpoints import NodeRef


class EdgeMeasure(StrEnum):
    """Times are means in microseconds; the rest is counted."""

    RTT = "rtt"
    RETRANSMISSIONS = "retransmissions"
    DNS_LATENCY = "dns_latency"
    DNS_FAILURES = "dns_failures"
    HTTP_ERRORS = "http_errors"


@dataclass(frozen=True, slots=True)
class EdgeFigure:
    """`of` is what the value is of: records that measured it, lookups or requests; None where too many edges
    had some to tell. `direct`: the edge is only of what called its target by no service.
    """

    source: NodeRef
    target: NodeRef
    value: float
    of: int | None
    direct: bool = False


@dataclass(frozen=True, slots=True)
class EdgeFigures:
    """The largest first. `records` are those that could have a figure at all: with none, nothing is known."""

    figures: tuple[EdgeFigure, ...]
    records: int
    truncated: bool
