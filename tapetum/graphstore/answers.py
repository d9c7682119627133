"""Answers that follow from the topology in memory, or from it and sums: the same for every engine."""

from collections.abc import Sequence

import numpy as np

from tapetum.domain.endpoints import NodeRef
from tapetum.domain.flows import COUNTERS, Reporter
from tapetum.domain.moments import DAY, HOUR, MINUTE, Micros, TimeRange
from tapetum.domain.scope import Scope
from tapetum.domain.service_graph import (
    EdgeDetail,
    EdgeReports,
    GroupedTraffic,
    PairSums,
    Reached,
    ServiceGroup,
    Shape,
)
from tapetum.domain.traffic import Mask, verdicts
from tapetum.graphstore import folding
from tapetum.graphstore.folding import Sums
from tapetum.graphstore.key_columns import Coded
from tapetum.graphstore.plans import Plans
from tapetum.graphstore.port import NamespaceSummary
from tapetum.graphstore.rows import alike
from tapetum.graphstore.topology import REPORTERS, Ints, View

_MOST = 2.0**62


def effective(asked: TimeRange, now: Micros) -> TimeRange:
    return asked.widened(MINUTE if asked.start >= now - DAY - MINUTE else HOUR)


def whole(asked: TimeRange, now: Micros) -> TimeRange | None:
    """The longest range within the asked one that roll-ups can answer for; None: there is none."""
    minutes = now - DAY - MINUTE  # those before may be gone
    unit = MINUTE if asked.start >= minutes else HOUR
    start, hour = -(-asked.start // unit) * unit, asked.end // HOUR * HOUR
    end = asked.end // MINUTE * MINUTE if max(start, hour) >= minutes else hour
    return TimeRange(start, end) if start < end else None


def edge(
    plans: Plans,
    scope: Scope,
    rows: Sums,
    source: NodeRef,
    target: NodeRef,
    within: TimeRange,
    *,
    direct: bool,
) -> EdgeDetail | None:
    chosen = folding.between(plans, scope, source, target, direct=direct)[rows.codes]
    rows = Sums(rows.codes[chosen], rows.counts[chosen])
    return folding.detail(plans.view, rows, source, target, within)


def counted(plans: Plans, rows: Sums) -> tuple[int, ...]:
    let, stopped = verdicts(folding.rows_of(plans.view, rows), len(plans.view.edge_source))
    return tuple(plans.view.flow_key[rows.codes[let | stopped]].tolist())


def grouped(plans: Plans, columns: Sequence[Coded], rows: Sums) -> GroupedTraffic | None:
    """None where the sums are so large that they might not fit."""
    view = plans.view
    let, stopped = verdicts(folding.rows_of(view, rows), len(view.edge_source))
    counts = rows.counts[let | stopped]
    if counts.sum(axis=0, dtype=np.float64).max(initial=0) >= _MOST:
        return None
    codes = rows.codes[let | stopped]
    first, group = alike(len(codes), [(column.codes[codes], len(column.values)) for column in columns])
    at_destination = view.reporter[codes] == REPORTERS.index(Reporter.DST)
    row, index = np.unique(2 * group + at_destination, return_inverse=True)
    known = view.known[codes][:, np.newaxis] >> np.arange(len(COUNTERS)) & 1
    told = np.zeros((len(row), counts.shape[1] + len(COUNTERS)), np.int64)
    np.add.at(told, index, np.hstack([counts, known * counts[:, :1]]))
    keys = [[column.values[code] for code in column.codes[codes[first]].tolist()] for column in columns]
    return GroupedTraffic(
        groups=tuple(zip(*keys, strict=True)) if keys else ((),) * len(first),
        group=row // 2,
        at_destination=row % 2 == 1,
        counts=told[:, : counts.shape[1]],
        having=told[:, counts.shape[1] :],
    )


def edge_reports(scope: Scope, plans: Plans, rows: Sums) -> EdgeReports:
    return folding.reports(plans.view, rows, plans.visible(scope))


def sum_pairs(plans: Plans, scope: Scope, rows: Sums, shape: Shape) -> PairSums:
    return folding.sum_pairs(plans.view, plans.plan(shape, scope), rows)


def places(plans: Plans, scope: Scope, shape: Shape, nodes: Sequence[NodeRef]) -> list[NodeRef]:
    plan = plans.plan(shape, scope)
    return [folding.place_of(plans.view, plan, node) for node in nodes]


def group(plans: Plans, scope: Scope, service: NodeRef) -> ServiceGroup | None:
    groups = plans.groups(scope)
    place = groups.find(service)
    return groups.groups[place] if place >= 0 else None


def edge_keys(
    plans: Plans, scope: Scope, source: NodeRef, target: NodeRef, *, direct: bool
) -> tuple[int, ...]:
    chosen = folding.between(plans, scope, source, target, direct=direct)
    return tuple(plans.view.flow_key[chosen].tolist())


def exists(plans: Plans, scope: Scope, node: NodeRef) -> bool:
    return folding.is_known(plans, scope, node)


def namespaces(plans: Plans, scope: Scope, limit: int) -> list[NamespaceSummary]:
    view, seen = plans.view, _touched(plans, scope)
    workloads = np.bincount(view.node_fold[seen & view.node_workload], minlength=len(view.nodes))
    found = [
        NamespaceSummary(view.nodes[code].cluster, view.nodes[code].name, int(workloads[code]))
        for code in np.unique(view.node_fold[seen & view.node_namespaced])
    ]
    return sorted(found, key=lambda summary: (summary.cluster, summary.name))[:limit]


def members(plans: Plans, scope: Scope, namespace: NodeRef) -> int:
    inside = folding.standing_for(plans, scope, namespace)
    return int((inside & plans.view.node_workload & _touched(plans, scope)).sum())


def starts(plans: Plans, scope: Scope, node: NodeRef) -> Ints:
    """Where a traversal from a node of any level begins."""
    return np.flatnonzero(folding.standing_for(plans, scope, node))


def reached(view: View, distance: Ints, limit: int) -> tuple[list[Reached], bool]:
    """From hops by node code (0 or less: not told), nearest first."""
    nodes = np.flatnonzero(distance > 0)
    nodes = nodes[np.argsort(distance[nodes], kind="stable")]
    shown = nodes[:limit]
    told = zip(shown.tolist(), distance[shown].tolist(), strict=True)
    return [Reached(view.nodes[node], hops) for node, hops in told], len(nodes) > limit


def _touched(plans: Plans, scope: Scope) -> Mask:
    """Nodes at the ends of flows that the scope sees."""
    return folding.touched_nodes(plans.view, plans.view.edge[plans.visible(scope)])
