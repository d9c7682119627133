"""From sums by flow key to a service graph: pure array arithmetic over a topology's View."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tapetum.domain.endpoints import NodeKind, NodeRef
from tapetum.domain.flows import Reporter
from tapetum.domain.moments import Micros, TimeRange
from tapetum.domain.scope import Scope
from tapetum.domain.service_graph import EdgeDetail, Level, PortUse, Report, ServiceGraph, Shape
from tapetum.domain.traffic import (
    CONNECTIONS,
    RECORDS,
    Summed,
    Traffic,
    TrafficMatrix,
    add_up,
    combine,
    directed,
    known_columns,
)
from tapetum.graphstore.topology import REPORTERS, Ints, View

Mask = npt.NDArray[np.bool_]
_DESTINATION = REPORTERS.index(Reporter.DST)


@dataclass(frozen=True, slots=True)
class Sums:
    """Rows of flow key codes with their counts[n, 6]."""

    codes: Ints
    counts: Ints


def visible(view: View, scope: Scope) -> Mask:
    """Flow keys that a scope sees, by the rule of Scope.sees."""
    if scope.everything:
        return np.ones(len(view.edge), np.bool_)
    node = np.array([_node_visible(scope, ref) for ref in view.nodes], np.bool_)
    seen = _ends(view, node, np.logical_and)
    if scope.namespaces is not None:
        seen &= _ends(view, view.node_namespaced, np.logical_or)
    return seen


def _node_visible(scope: Scope, node: NodeRef) -> bool:
    if node.namespace is None:
        return scope.sees_cluster(node.cluster)
    return scope.sees(node.cluster, node.namespace)


def _ends(view: View, node: Mask, join: np.ufunc) -> Mask:
    edge: Mask = join(node[view.edge_source], node[view.edge_target])
    return edge[view.edge]


def summed(view: View, sums: Sums) -> tuple[Summed, Ints]:
    """Rows made ready for `combine`, over the distinct edges that they touch, and those edges' codes."""
    present = np.zeros(len(view.edge_source), np.bool_)
    touched = view.edge[sums.codes]
    present[touched] = True
    edges = np.flatnonzero(present)
    dense = np.empty(len(view.edge_source), np.int64)
    dense[edges] = np.arange(len(edges))
    reporter = view.reporter[sums.codes]
    from_destination = reporter == _DESTINATION
    traffic = TrafficMatrix(
        directed(sums.counts, from_destination),
        known_columns(view.known[sums.codes], from_destination),
        view.estimated[sums.codes],
    )
    return Summed(dense[touched], reporter, view.denied[sums.codes], traffic, len(edges)), edges


def fold(view: View, sums: Sums, shape: Shape, within: TimeRange, as_of: Micros) -> ServiceGraph:
    """Combine reporters per edge key, then roll up to the shape's nodes; busiest edges first."""
    rows, edges = summed(view, sums)
    allowed, denied = combine(rows)
    place = _places(view, shape)
    source, target = place[view.edge_source[edges]], place[view.edge_target[edges]]
    pairs, group = np.unique(source * len(view.nodes) + target, return_inverse=True)
    allowed, denied = add_up(allowed, group, len(pairs)), add_up(denied, group, len(pairs))
    busy = np.maximum(allowed.counts + denied.counts, 0)
    order = np.lexsort((pairs, -busy[:, RECORDS], -busy[:, CONNECTIONS]))
    truncated = len(order) > shape.limit
    order = order[: shape.limit]
    ends = np.concatenate([pairs[order] // max(len(view.nodes), 1), pairs[order] % max(len(view.nodes), 1)])
    nodes, index = np.unique(ends, return_inverse=True)
    return ServiceGraph(
        range=within,
        as_of=as_of,
        nodes=tuple(view.nodes[code] for code in nodes),
        members=_members(view, edges, place, nodes),
        source=index[: len(order)],
        target=index[len(order) :],
        allowed=allowed.take(order),
        denied=denied.take(order),
        truncated=truncated,
    )


def _places(view: View, shape: Shape) -> Ints:
    if shape.level is Level.WORKLOAD:
        return np.arange(len(view.nodes))
    place = view.node_fold.copy()
    for node in shape.expand:
        code = view.code_of_node.get(node)
        if code is not None:
            inside = np.flatnonzero(view.node_fold == code)
            place[inside] = inside
    return place


def _members(view: View, edges: Ints, place: Ints, nodes: Ints) -> tuple[int | None, ...]:
    """How many workloads with traffic each namespace node stands for."""
    ends = np.unique(np.concatenate([view.edge_source[edges], view.edge_target[edges]]))
    workloads = np.array([view.nodes[code].kind is NodeKind.WORKLOAD for code in ends], np.bool_)
    counted = (
        np.bincount(place[ends[workloads]], minlength=len(view.nodes)) if len(ends) else np.zeros(0, int)
    )
    return tuple(
        int(counted[code]) if view.nodes[code].kind is NodeKind.NAMESPACE else None for code in nodes
    )


def standing_for(view: View, node: NodeRef) -> Mask:
    """The nodes that a node of any level stands for."""
    code = view.code_of_node.get(node)
    if code is None:
        return np.zeros(len(view.nodes), np.bool_)
    if node.kind is NodeKind.NAMESPACE:
        return view.node_fold == code
    return np.arange(len(view.nodes)) == code


def between(view: View, source: NodeRef, target: NodeRef) -> Mask:
    """Flow keys of the edge between two nodes, each at its own level."""
    edge = standing_for(view, source)[view.edge_source] & standing_for(view, target)[view.edge_target]
    return edge[view.edge]


def detail(view: View, sums: Sums, source: NodeRef, target: NodeRef, within: TimeRange) -> EdgeDetail | None:
    """What was said of one edge, by reporter and by port."""
    if not len(sums.codes):
        return None
    rows, edges = summed(view, sums)
    allowed, denied = combine(rows)
    everything = np.zeros(len(edges), np.int64)
    reports = [
        Report(reporter, _sum_of(rows, place, denied=False), _sum_of(rows, place, denied=True))
        for place, reporter in enumerate(Reporter)
        if (rows.reporter == place).any()
    ]
    return EdgeDetail(
        range=within,
        source=source,
        target=target,
        allowed=add_up(allowed, everything, 1).row(0),
        denied=add_up(denied, everything, 1).row(0),
        reports=tuple(reports),
        ports=_ports(view, sums, edges, allowed, denied),
        keys=tuple(view.flow_key[sums.codes].tolist()),
    )


def _sum_of(rows: Summed, reporter: int, *, denied: bool) -> Traffic:
    chosen = np.flatnonzero((rows.reporter == reporter) & (rows.denied == denied))
    return add_up(rows.traffic.take(chosen), np.zeros(len(chosen), np.int64), 1).row(0)


def _ports(
    view: View, sums: Sums, edges: Ints, allowed: TrafficMatrix, denied: TrafficMatrix
) -> tuple[PortUse, ...]:
    uses = view.edge_proto[edges] << 20 | (view.edge_port[edges] + 1)
    distinct, first, group = np.unique(uses, return_index=True, return_inverse=True)
    allowed, denied = add_up(allowed, group, len(distinct)), add_up(denied, group, len(distinct))
    # Only a source knows the service it asked for; what several asked for is not one service.
    named: dict[int, set[int]] = {}
    group_of_edge = dict(zip(edges.tolist(), group.tolist(), strict=True))
    for edge, service in set(
        zip(view.edge[sums.codes].tolist(), view.service[sums.codes].tolist(), strict=True)
    ):
        if service:
            named.setdefault(group_of_edge[edge], set()).add(service)
    busy = allowed.counts + denied.counts
    order = np.lexsort((distinct, -busy[:, RECORDS], -busy[:, CONNECTIONS]))
    found: list[PortUse] = []
    for place in order.tolist():
        edge = edges[first[place]]
        services = named.get(place, set())
        port = int(view.edge_port[edge])
        found.append(
            PortUse(
                protocol=view.protocols[view.edge_proto[edge]] or "unknown",
                port=None if port < 0 else port,
                service=view.services[services.pop()] if len(services) == 1 else None,
                allowed=allowed.row(place),
                denied=denied.row(place),
            )
        )
    return tuple(found)
