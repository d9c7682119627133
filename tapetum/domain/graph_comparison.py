"""Two service graphs side by side: which edges are new, gone, decided otherwise, or much busier or calmer.

Ranges may differ in length, so that volumes are compared by the second.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from tapetum.domain.endpoints import NodeRef
from tapetum.domain.service_graph import Codes, ServiceGraph
from tapetum.domain.traffic import CONNECTIONS, RECORDS, Mask, TrafficMatrix

Floats = npt.NDArray[np.float64]

_CHANCE = 3.0
"""Standard deviations of a Poisson count that a difference must exceed, so that 1 beside 3 is no change."""


class EdgeChange(StrEnum):
    """What an edge is beside what it was; the first that is true."""

    VERDICT = "VERDICT"
    NEW = "NEW"
    GONE = "GONE"
    VOLUME = "VOLUME"
    SAME = "SAME"


CHANGES = tuple(EdgeChange)


@dataclass(frozen=True, slots=True)
class GraphComparison:
    """`before` and `after` have the same nodes and edges in the same order, with zeros where nothing was:
    changes first in the order of EdgeChange, the busiest of each first. change[n] indexes CHANGES; ratio[n]
    is of attempts by the second after to those before, NaN where there were none before.
    """

    before: ServiceGraph
    after: ServiceGraph
    change: npt.NDArray[np.intp]
    ratio: Floats

    def count(self, change: EdgeChange) -> int:
        return int((self.change == CHANGES.index(change)).sum())

    @property
    def ratios(self) -> list[float | None]:
        """`ratio` with None for NaN, which is no number in JSON."""
        unknown = np.isnan(self.ratio).tolist()
        return [None if none else ratio for ratio, none in zip(self.ratio.tolist(), unknown, strict=True)]

    def first(self, limit: int) -> "GraphComparison":
        """The first edges only, with the nodes at their ends."""
        if len(self.change) <= limit:
            return self
        kept = np.arange(limit)
        used, ends = np.unique(
            np.concatenate([self.after.source[kept], self.after.target[kept]]), return_inverse=True
        )

        def cut(graph: ServiceGraph) -> ServiceGraph:
            return replace(
                graph,
                nodes=tuple(graph.nodes[code] for code in used.tolist()),
                members=tuple(graph.members[code] for code in used.tolist()),
                source=ends[:limit],
                target=ends[limit:],
                allowed=graph.allowed.take(kept),
                denied=graph.denied.take(kept),
                truncated=True,
            )

        return GraphComparison(cut(self.before), cut(self.after), self.change[kept], self.ratio[kept])


def compare(before: ServiceGraph, after: ServiceGraph, factor: float) -> GraphComparison:
    """VOLUME is more than `factor` times the attempts by the second, or less than that part of them, and by
    more than chance.
    """
    members = {**_members(before), **_members(after)}
    nodes = {node: code for code, node in enumerate(members)}
    pairs = [_pairs(graph, nodes) for graph in (before, after)]
    both = np.union1d(*pairs)
    groups = {**before.groups, **after.groups}
    sides = [
        replace(_aligned(graph, own, both, members), groups=groups)
        for graph, own in zip((before, after), pairs, strict=True)
    ]
    was, now = (_attempts(side) for side in sides)
    change = _changes(sides[0], sides[1], _busier(was, now, before, after, factor))
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(was > 0, now / _seconds(after) / (was / _seconds(before)), np.nan)
    rate = np.maximum(was / _seconds(before), now / _seconds(after))
    order = np.lexsort((both, -rate, change))
    truncated = before.truncated or after.truncated
    told = [
        replace(
            side,
            source=side.source[order],
            target=side.target[order],
            allowed=side.allowed.take(order),
            denied=side.denied.take(order),
            truncated=truncated,
        )
        for side in sides
    ]
    return GraphComparison(told[0], told[1], change[order], ratio[order])


def _pairs(graph: ServiceGraph, nodes: dict[NodeRef, int]) -> Codes:
    """One number for the ends of each edge, the same on both sides."""
    codes = np.array([nodes[node] for node in graph.nodes], np.intp)
    if not len(graph.source):
        return np.empty(0, np.intp)
    return codes[graph.source] * len(nodes) + codes[graph.target]


def _members(graph: ServiceGraph) -> dict[NodeRef, int | None]:
    return dict(zip(graph.nodes, graph.members, strict=True))


def _aligned(
    graph: ServiceGraph, own: Codes, both: Codes, members: dict[NodeRef, int | None]
) -> ServiceGraph:
    """On the nodes of both sides: one that fell silent keeps the members that it had."""
    places = np.searchsorted(both, own)
    return replace(
        graph,
        nodes=tuple(members),
        members=tuple(members.values()),
        source=both // max(len(members), 1),
        target=both % max(len(members), 1),
        allowed=_spread(graph.allowed, places, len(both)),
        denied=_spread(graph.denied, places, len(both)),
    )


def _spread(matrix: TrafficMatrix, places: Codes, edges: int) -> TrafficMatrix:
    width = matrix.counts.shape[1]
    counts = np.zeros((edges, width), np.int64)
    known = np.ones((edges, width), np.bool_)  # nothing seen is a true zero, not an unknown
    estimated = np.zeros(edges, np.bool_)
    counts[places], known[places], estimated[places] = matrix.counts, matrix.known, matrix.estimated
    return TrafficMatrix(counts, known, estimated)


def _attempts(graph: ServiceGraph) -> Floats:
    """How often each edge was tried: connections where its sources count them, else records."""
    total = np.zeros(len(graph.source))
    for matrix in (graph.allowed, graph.denied):
        counted = matrix.known[:, CONNECTIONS]
        total += np.where(counted, matrix.counts[:, CONNECTIONS], matrix.counts[:, RECORDS])
    return total


def _busier(was: Floats, now: Floats, before: ServiceGraph, after: ServiceGraph, factor: float) -> Mask:
    share = _seconds(after) / _seconds(before)
    expected = was * share
    beyond = np.abs(now - expected) > _CHANCE * np.sqrt(now + was * share**2 + 1)
    return ((now > factor * expected) | (expected > factor * now)) & beyond


def _changes(before: ServiceGraph, after: ServiceGraph, busier: Mask) -> npt.NDArray[np.intp]:
    then = before.allowed.counts[:, RECORDS] > 0, before.denied.counts[:, RECORDS] > 0
    now = after.allowed.counts[:, RECORDS] > 0, after.denied.counts[:, RECORDS] > 0
    there, here = then[0] | then[1], now[0] | now[1]
    otherwise = (then[0] != now[0]) | (then[1] != now[1])
    told = {
        EdgeChange.NEW: ~there & here,
        EdgeChange.GONE: there & ~here,
        EdgeChange.VERDICT: otherwise,
        EdgeChange.VOLUME: busier,
    }
    codes = [CHANGES.index(change) for change in told]
    return np.select(list(told.values()), codes, CHANGES.index(EdgeChange.SAME)).astype(np.intp)


def _seconds(graph: ServiceGraph) -> float:
    return max(graph.range.length / 1_000_000, 1e-6)
