"""The service graph as columns: nodes, edges between them, and their traffic."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from tapetum.domain.endpoints import NodeRef
from tapetum.domain.flows import Reporter
from tapetum.domain.moments import Micros, TimeRange
from tapetum.domain.traffic import Traffic, TrafficMatrix

Codes = npt.NDArray[np.intp]


class Level(StrEnum):
    NAMESPACE = "NAMESPACE"
    WORKLOAD = "WORKLOAD"


class Direction(StrEnum):
    OUTGOING = "OUTGOING"
    INCOMING = "INCOMING"
    BOTH = "BOTH"


@dataclass(frozen=True, slots=True)
class Shape:
    """How much is folded: at NAMESPACE, all but the expanded namespaces; at most `limit` edges."""

    level: Level = Level.NAMESPACE
    expand: frozenset[NodeRef] = frozenset()
    limit: int = 5000

    def place(self, node: NodeRef) -> NodeRef:
        folded = node.folded
        if self.level is Level.WORKLOAD or folded in self.expand:
            return node
        return folded


@dataclass(frozen=True, slots=True)
class ServiceGraph:
    """`source[i]` and `target[i]` index `nodes`; `members[j]` counts workloads folded into node j.

    Edges come busiest first; `truncated` says that there were more than the limit.
    """

    range: TimeRange
    as_of: Micros
    nodes: tuple[NodeRef, ...]
    members: tuple[int | None, ...]
    source: Codes
    target: Codes
    allowed: TrafficMatrix
    denied: TrafficMatrix
    truncated: bool
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    reporter: Reporter
    allowed: Traffic
    denied: Traffic


@dataclass(frozen=True, slots=True)
class PortUse:
    protocol: str
    port: int | None
    service: str | None
    allowed: Traffic
    denied: Traffic


@dataclass(frozen=True, slots=True)
class EdgeDetail:
    """One edge between two nodes at any level, ports busiest first."""

    range: TimeRange
    source: NodeRef
    target: NodeRef
    allowed: Traffic
    denied: Traffic
    reports: tuple[Report, ...]
    ports: tuple[PortUse, ...]
    keys: tuple[int, ...]  # the flow keys that it is made of


@dataclass(frozen=True, slots=True)
class Reached:
    node: NodeRef
    hops: int


@dataclass(frozen=True, slots=True)
class KeySums:
    """Sums over raw records by flow key: counts[n, 6] are records and the COUNTERS."""

    keys: npt.NDArray[np.uint64]
    counts: npt.NDArray[np.int64]
