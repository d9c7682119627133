"""The service graph as columns: nodes, edges between them, and their traffic."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from tapetum.domain.endpoints import NodeKind, NodeRef
from tapetum.domain.flows import COUNTERS, Reporter
from tapetum.domain.moments import Micros, TimeRange
from tapetum.domain.traffic import Mask, Matrix, Traffic, TrafficMatrix

Codes = npt.NDArray[np.intp]


class Level(StrEnum):
    NAMESPACE = "NAMESPACE"
    SERVICE = "SERVICE"
    WORKLOAD = "WORKLOAD"


def is_direct(level: Level, target: NodeRef) -> bool:
    """Whether an edge of a level is only of what called its target by no service: at SERVICE, what called a
    host or a network by one is an edge to the service.
    """
    return level is Level.SERVICE and target.kind not in (NodeKind.SERVICE, NodeKind.WORKLOAD)


class Direction(StrEnum):
    OUTGOING = "OUTGOING"
    INCOMING = "INCOMING"
    BOTH = "BOTH"


@dataclass(frozen=True, slots=True)
class Shape:
    """How much is folded: at NAMESPACE, all but the expanded namespaces; at SERVICE, workloads into the
    services that they stand behind, but for the expanded services and namespaces; at most `limit` edges.
    """

    level: Level = Level.NAMESPACE
    expand: frozenset[NodeRef] = frozenset()
    limit: int = 5000

    @property
    def opened(self) -> frozenset[NodeRef]:
        """The expanded nodes of the level: a service opens its namespace where namespaces are folded."""
        if self.level is Level.NAMESPACE:
            return frozenset(node.folded for node in self.expand)
        return self.expand if self.level is Level.SERVICE else frozenset()


@dataclass(frozen=True, slots=True)
class ServiceGroup:
    """Services that share workloads, with all workloads behind them: one node, named as the first service."""

    services: tuple[NodeRef, ...]  # by namespace and name, and so are workloads
    workloads: tuple[NodeRef, ...]

    @property
    def node(self) -> NodeRef:
        return self.services[0]


@dataclass(frozen=True, slots=True)
class ServiceGraph:
    """`source[i]` and `target[i]` index `nodes`; `members[j]` counts workloads folded into node j. `groups`
    has the services that nodes are, and those that workloads of an expanded one stand behind.

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
    level: Level = Level.NAMESPACE
    groups: Mapping[NodeRef, ServiceGroup] = field(default_factory=dict[NodeRef, ServiceGroup])


@dataclass(frozen=True, slots=True)
class PairSums:
    """Sums over all reports by pair of nodes on screen: counts[i, k] is of `source[i]` and `target[i]`."""

    nodes: tuple[NodeRef, ...]
    source: Codes
    target: Codes
    counts: npt.NDArray[np.int64]


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
class EdgeReports:
    """What was said of each edge key, by reporter and whether it denied; nothing of it is combined.

    `source` and `target` index `nodes`. `keys` are the flow keys that were summed, each of an edge; `related`
    are all flow keys of these edges, summed or not.
    """

    nodes: tuple[NodeRef, ...]
    source: Codes
    target: Codes
    protocol: tuple[str | None, ...]
    port: tuple[int | None, ...]
    service: tuple[str | None, ...]  # None too where there were several
    said: dict[tuple[Reporter, bool], TrafficMatrix]
    keys: npt.NDArray[np.uint64]
    key_edge: Codes
    key_reporter: npt.NDArray[np.int8]
    key_denied: npt.NDArray[np.bool_]
    related: npt.NDArray[np.uint64]
    related_edge: Codes

    def of(self, edges: Codes, reporter: Reporter) -> tuple[int, ...]:
        """Flow keys by which a reporter said that it allowed these edges."""
        asked = np.isin(self.key_edge, edges) & ~self.key_denied
        return tuple(self.keys[asked & (self.key_reporter == list(Reporter).index(reporter))].tolist())

    def reports(self, edge: int) -> tuple[Report, ...]:
        rows = {told: matrix.row(edge) for told, matrix in self.said.items()}
        return tuple(
            Report(reporter, rows[reporter, False], rows[reporter, True])
            for reporter in Reporter
            if rows[reporter, False].records or rows[reporter, True].records
        )


@dataclass(frozen=True, slots=True)
class Reached:
    node: NodeRef
    hops: int


@dataclass(frozen=True, slots=True)
class KeySums:
    """Sums over raw records by flow key: counts[n, 6] are records and the COUNTERS, or what was asked."""

    keys: npt.NDArray[np.uint64]
    counts: npt.NDArray[np.int64]

    @classmethod
    def seen(cls, keys: npt.NDArray[np.uint64]) -> "KeySums":
        """For questions that only ask which keys occur: of one record each, that counts nothing."""
        counts = np.zeros((len(keys), 1 + len(COUNTERS)), np.int64)
        counts[:, 0] = 1
        return cls(keys, counts)


@dataclass(frozen=True, slots=True)
class GroupedTraffic:
    """What counts by the rule of traffic.verdicts, in groups that agree in some flow key columns.

    Row i is what destinations said of group `group[i]`, or what others did: counts[n, 6] are records and the
    COUNTERS, having[n, 5] are the records that have each of the COUNTERS.
    """

    groups: tuple[tuple[str | None, ...], ...]
    group: Codes
    at_destination: Mask
    counts: Matrix
    having: Matrix
