"""The GraphStore port: nodes, edges between them, and traffic rolled up by minute and hour.

Each read takes a Scope. `apply` takes the transaction that the composition opened (None where the
engine has none). Reads are asynchronous; cancelling one cancels it in the engine too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

import pyarrow as pa

from tapetum.domain.endpoints import NodeRef
from tapetum.domain.moments import Micros, TimeRange
from tapetum.domain.policies import PolicyRef, PolicyUse
from tapetum.domain.scope import Scope
from tapetum.domain.service_graph import (
    Direction,
    EdgeDetail,
    EdgeReports,
    GroupedTraffic,
    KeySums,
    PairSums,
    Reached,
    ServiceGraph,
    ServiceGroup,
    Shape,
)
from tapetum.kql import Query

Tx_contra = TypeVar("Tx_contra", contravariant=True)


@dataclass(frozen=True, slots=True)
class GraphQuery:
    """Roll-ups over a range. `filter` may use flows.FLOW_KEY columns only (see `filters_edges`)."""

    range: TimeRange
    clusters: frozenset[str] | None = None
    filter: Query | None = None


@dataclass(frozen=True, slots=True)
class FirstDenied:
    """A pair of nodes between which the first denied record ever was just applied."""

    source: NodeRef
    target: NodeRef
    protocol: str | None
    port: int | None
    reporter: str
    time: Micros
    record_id: str
    trace: int


@dataclass(frozen=True, slots=True)
class Applied:
    """What a batch brought."""

    first_denied: tuple[FirstDenied, ...]


@dataclass(frozen=True, slots=True)
class NamespaceSummary:
    cluster: str
    name: str
    workloads: int


class GraphStore(Protocol[Tx_contra]):
    def apply(self, tx: Tx_contra, batch_id: str, fresh: pa.Table, traces: pa.Table) -> Applied:
        """Add a batch's new records (flows.RECORD) to the roll-ups, and to the graph what decided them: the
        enforced hits of their traces (flows.TRACE).
        """
        ...

    def effective(self, asked: TimeRange, now: Micros) -> TimeRange:
        """The range that roll-ups can answer for: whole minutes in the last 24 h, else whole hours."""
        ...

    def whole(self, asked: TimeRange, now: Micros) -> TimeRange | None:
        """The longest range within the asked one that roll-ups can answer for; None: there is none."""
        ...

    async def service_graph(self, scope: Scope, query: GraphQuery, shape: Shape) -> ServiceGraph:
        """The graph over `effective(query.range)`, from roll-ups."""
        ...

    async def fold(self, scope: Scope, within: TimeRange, sums: KeySums, shape: Shape) -> ServiceGraph:
        """The graph of sums that a log store computed over raw records."""
        ...

    async def edge(
        self,
        scope: Scope,
        query: GraphQuery,
        source: NodeRef,
        target: NodeRef,
        sums: KeySums | None,
        *,
        direct: bool = False,
    ) -> EdgeDetail | None:
        """One edge at the level of its nodes, from roll-ups or from the given sums; None: no traffic.

        `direct`: only what called the target by no service (service_graph.is_direct).
        """
        ...

    async def counted(self, scope: Scope, sums: KeySums, query: GraphQuery | None = None) -> tuple[int, ...]:
        """The flow keys whose reports count by the rule of traffic.verdicts, among those of the sums and of
        the roll-ups over a `whole` range; raises UnavailableError where those are not at hand.
        """
        ...

    async def grouped(
        self, scope: Scope, query: GraphQuery, fields: tuple[str, ...], beside: KeySums
    ) -> GroupedTraffic | None:
        """What counts over a `whole` range, and beside it, by values of flows.FLOW_KEY columns; raises as
        `counted` does. None: the sums may not fit.
        """
        ...

    async def edge_reports(self, scope: Scope, sums: KeySums) -> EdgeReports:
        """What each reporter said of each edge key."""
        ...

    async def sum_pairs(self, scope: Scope, sums: KeySums, shape: Shape) -> PairSums:
        """Sums of whatever is counted by edge of a graph of that shape: reports are added, not combined."""
        ...

    async def places(self, scope: Scope, shape: Shape, nodes: Sequence[NodeRef]) -> list[NodeRef]:
        """The nodes of a graph of that shape that stand for some, whether flows ever named them or not."""
        ...

    async def group(self, scope: Scope, service: NodeRef) -> ServiceGroup | None:
        """The services that share workloads with a service, as the scope sees them; None: it sees none."""
        ...

    async def edge_keys(
        self, scope: Scope, source: NodeRef, target: NodeRef, *, direct: bool = False
    ) -> tuple[int, ...]:
        """The flow keys that an edge is made of, at the level of its nodes; for searching the logs."""
        ...

    async def exists(self, scope: Scope, node: NodeRef) -> bool: ...

    async def namespaces(
        self, scope: Scope, clusters: frozenset[str] | None, limit: int
    ) -> list[NamespaceSummary]: ...

    async def members(self, scope: Scope, namespace: NodeRef) -> int:
        """How many workloads a namespace holds."""
        ...

    async def reach(
        self, scope: Scope, query: GraphQuery, start: NodeRef, direction: Direction, hops: int, limit: int
    ) -> tuple[list[Reached], bool]:
        """Nodes reached over allowed traffic, nearest first, and whether the limit cut the list."""
        ...

    async def paths(
        self, scope: Scope, query: GraphQuery, start: NodeRef, end: NodeRef, limit: int
    ) -> list[tuple[NodeRef, ...]]:
        """Shortest paths over allowed traffic."""
        ...

    async def policies_of(
        self, scope: Scope, source: NodeRef, target: NodeRef, *, direct: bool = False
    ) -> list[PolicyUse]:
        """Which policies ever decided an edge, at the level of its nodes; tier by tier, as all of these."""
        ...

    async def policies_at(self, scope: Scope, node: NodeRef) -> list[PolicyUse]:
        """Which policies were applied at a node: on egress as it said as a source, else on ingress."""
        ...

    async def selected_by(self, scope: Scope, policy: PolicyRef) -> list[NodeRef]:
        """Where a policy was seen to apply, by namespace and name."""
        ...
