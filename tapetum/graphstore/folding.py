"""From sums by flow key to a service graph: pure array arithmetic over a topology's View."""

from dataclasses import dataclass

import numpy as np

from tapetum.domain.endpoints import NodeKind, NodeRef
from tapetum.domain.flows import Reporter
from tapetum.domain.moments import Micros, TimeRange
from tapetum.domain.scope import Scope
from tapetum.domain.service_graph import (
    EdgeDetail,
    EdgeReports,
    Level,
    PairSums,
    PortUse,
    Report,
    ServiceGraph,
    ServiceGroup,
)
from tapetum.domain.traffic import CONNECTIONS, RECORDS, Mask, Rows, Traffic, add_up, verdicts
from tapetum.graphstore.plans import Plan, Plans
from tapetum.graphstore.topology import REPORTERS, Ints, View


@dataclass(frozen=True, slots=True)
class Sums:
    """Rows of flow key codes, each once, with their counts[n, 6]."""

    codes: Ints
    counts: Ints


def rows_of(view: View, sums: Sums) -> Rows:
    return Rows(
        edge=view.edge[sums.codes],
        reporter=view.reporter[sums.codes],
        denied=view.denied[sums.codes],
        counts=sums.counts,
        known=view.known[sums.codes],
        estimated=view.estimated[sums.codes],
    )


def fold(view: View, plan: Plan, sums: Sums, limit: int, within: TimeRange, as_of: Micros) -> ServiceGraph:
    """Roll what counts of each edge key up to the plan's nodes; busiest edges first, at most `limit`."""
    rows = rows_of(view, sums)
    lets, stops = verdicts(rows, len(view.edge_source))
    pair = plan.pair[sums.codes]
    present = np.zeros(len(plan.source), np.bool_)
    present[pair] = True
    pairs = np.flatnonzero(present)
    group = np.empty(len(plan.source), np.int64)
    group[pairs] = np.arange(len(pairs))
    ordered = _in_order(plan, sums.codes)
    let, stopped = ordered[lets[ordered]], ordered[stops[ordered]]
    allowed = add_up(rows, let, group[pair[let]], len(pairs))
    denied = add_up(rows, stopped, group[pair[stopped]], len(pairs))
    order = _busiest(allowed.counts + denied.counts)
    truncated = len(order) > limit
    order = order[:limit]
    source, target = plan.source[pairs[order]], plan.target[pairs[order]]
    nodes, index = np.unique(np.concatenate([source, target]), return_inverse=True)
    return ServiceGraph(
        range=within,
        as_of=as_of,
        nodes=_refs(view, plan, nodes),
        members=_members(view, plan, rows.edge, nodes),
        source=index[: len(order)],
        target=index[len(order) :],
        allowed=allowed.take(order),
        denied=denied.take(order),
        truncated=truncated,
        level=plan.level,
        groups=_groups(view, plan, nodes),
    )


def sum_pairs(view: View, plan: Plan, sums: Sums) -> PairSums:
    """Roll all reports up to the plan's nodes, whoever made them."""
    pairs, row = np.unique(plan.pair[sums.codes], return_inverse=True)
    counts = np.zeros((len(pairs), sums.counts.shape[1]), np.int64)
    np.add.at(counts, row, sums.counts)
    nodes, index = np.unique(np.concatenate([plan.source[pairs], plan.target[pairs]]), return_inverse=True)
    return PairSums(_refs(view, plan, nodes), index[: len(pairs)], index[len(pairs) :], counts)


def _refs(view: View, plan: Plan, places: Ints) -> tuple[NodeRef, ...]:
    return tuple(_ref(view, plan, place) for place in places.tolist())


def _ref(view: View, plan: Plan, place: int) -> NodeRef:
    beyond = place - len(view.nodes)
    return view.nodes[place] if plan.groups is None or beyond < 0 else plan.groups.groups[beyond].node


def _groups(view: View, plan: Plan, places: Ints) -> dict[NodeRef, ServiceGroup]:
    if plan.groups is None:
        return {}
    of_place = np.concatenate([plan.groups.of_node, np.arange(len(plan.groups.groups))])[places]
    return {
        _ref(view, plan, place): plan.groups.groups[group]
        for place, group in zip(places.tolist(), of_place.tolist(), strict=True)
        if group >= 0
    }


def place_of(view: View, plan: Plan, node: NodeRef) -> NodeRef:
    """The node on screen that stands for a node, whether flows ever named it or not."""
    code = view.code_of_node.get(node)
    if code is not None:
        return _ref(view, plan, int(plan.place[code]))
    folded = node.folded
    unfolded = plan.level is not Level.NAMESPACE or folded in plan.opened
    return node if unfolded else folded


def _in_order(plan: Plan, codes: Ints) -> Ints:
    """Rows in the order of their pairs, by looking them up in the plan's order rather than by sorting."""
    row = np.full(len(plan.order), -1, np.int64)
    row[codes] = np.arange(len(codes))
    ordered = row[plan.order]
    return ordered[ordered >= 0]


def _busiest(busy: Ints) -> Ints:
    """Stable: what is equally busy stays in its order."""
    return np.lexsort((-busy[:, RECORDS], -busy[:, CONNECTIONS]))


def _members(view: View, plan: Plan, edges: Ints, nodes: Ints) -> tuple[int | None, ...]:
    """How many workloads with traffic each namespace or service on screen stands for."""
    workloads = np.flatnonzero(touched_nodes(view, edges) & view.node_workload)
    counted = np.bincount(plan.place[workloads], minlength=int(nodes.max(initial=0)) + 1)
    return tuple(
        int(counted[code]) if ref.kind in (NodeKind.NAMESPACE, NodeKind.SERVICE) else None
        for code, ref in zip(nodes.tolist(), _refs(view, plan, nodes), strict=True)
    )


def allowed_edges(view: View, active: Mask) -> Mask:
    """Which edges carried allowed traffic, where `active` keys had any, by the rule of traffic.verdicts."""
    source, destination = (view.reporter == REPORTERS.index(name) for name in (Reporter.SRC, Reporter.DST))
    allowed = active & ~view.denied

    def carried(keys: Mask) -> Mask:
        found = np.zeros(len(view.edge_source), np.bool_)
        found[view.edge[keys]] = True
        return found

    return carried(allowed & destination) | (carried(allowed & source) & ~carried(active & destination))


def touched_nodes(view: View, edges: Ints) -> Mask:
    touched = np.zeros(len(view.nodes), np.bool_)
    touched[view.edge_source[edges]] = True
    touched[view.edge_target[edges]] = True
    return touched


def standing_for(plans: Plans, scope: Scope, node: NodeRef) -> Mask:
    """The nodes that a node of any level stands for; a service for those that the scope sees behind it."""
    view = plans.view
    if node.kind is NodeKind.SERVICE:
        groups = plans.groups(scope)
        place = groups.find(node)
        return (groups.of_node == place) & (place >= 0)
    code = view.code_of_node.get(node)
    if code is None:
        return np.zeros(len(view.nodes), np.bool_)
    if node.kind is NodeKind.NAMESPACE:
        return view.node_fold == code
    return np.arange(len(view.nodes)) == code


def between(plans: Plans, scope: Scope, source: NodeRef, target: NodeRef, *, direct: bool) -> Mask:
    """Flow keys that a scope sees of the edge between two nodes, each at its own level."""
    view = plans.view
    arriving = standing_for(plans, scope, target)[view.edge_target][view.edge]
    if direct:
        arriving &= plans.groups(scope).of_key < 0
    elif target.kind is NodeKind.SERVICE:
        arriving |= _calling(plans, scope, target)
    return standing_for(plans, scope, source)[view.edge_source][view.edge] & arriving & plans.visible(scope)


def edges_between(plans: Plans, scope: Scope, source: NodeRef, target: NodeRef, *, direct: bool) -> Mask:
    """The edge keys that these flow keys are of."""
    found = np.zeros(len(plans.view.edge_source), np.bool_)
    found[plans.view.edge[between(plans, scope, source, target, direct=direct)]] = True
    return found


def is_known(plans: Plans, scope: Scope, node: NodeRef) -> bool:
    """Whether flows that a scope sees name it, or something that it stands for."""
    if node.kind is NodeKind.SERVICE:
        return plans.groups(scope).find(node) >= 0
    seen = touched_nodes(plans.view, plans.view.edge[plans.visible(scope)])
    return bool((standing_for(plans, scope, node) & seen).any())


def _calling(plans: Plans, scope: Scope, service: NodeRef) -> Mask:
    """Flow keys to what is no workload, that called it by the service."""
    groups = plans.groups(scope)
    place = groups.find(service)
    return (groups.of_key == place) & (place >= 0)


def detail(view: View, sums: Sums, source: NodeRef, target: NodeRef, within: TimeRange) -> EdgeDetail | None:
    """What was said of one edge, by reporter and by port."""
    if not len(sums.codes):
        return None
    rows = rows_of(view, sums)
    let, stopped = (np.flatnonzero(verdict) for verdict in verdicts(rows, len(view.edge_source)))
    reports = [
        Report(
            reporter,
            _sum_of(rows, np.flatnonzero((rows.reporter == place) & ~rows.denied)),
            _sum_of(rows, np.flatnonzero((rows.reporter == place) & rows.denied)),
        )
        for place, reporter in enumerate(Reporter)
        if (rows.reporter == place).any()
    ]
    return EdgeDetail(
        range=within,
        source=source,
        target=target,
        allowed=_sum_of(rows, let),
        denied=_sum_of(rows, stopped),
        reports=tuple(reports),
        ports=_ports(view, sums, rows, let, stopped),
        keys=tuple(view.flow_key[sums.codes].tolist()),
    )


def reports(view: View, sums: Sums, visible: Mask) -> EdgeReports:
    """What was said of each edge key; `visible` are the flow keys that may be told as related."""
    rows = rows_of(view, sums)
    edges, index = np.unique(rows.edge, return_inverse=True)
    said = {}
    for place, reporter in enumerate(Reporter):
        for denied in (False, True):
            chosen = np.flatnonzero((rows.reporter == place) & (rows.denied == denied))
            said[reporter, denied] = add_up(rows, chosen, index[chosen], len(edges))
    nodes, ends = np.unique(
        np.concatenate([view.edge_source[edges], view.edge_target[edges]]), return_inverse=True
    )
    named = _services(view, sums, index)
    related = np.flatnonzero(np.isin(view.edge, edges) & visible)
    return EdgeReports(
        nodes=tuple(view.nodes[code] for code in nodes),
        source=ends[: len(edges)],
        target=ends[len(edges) :],
        protocol=tuple(view.protocols[code] for code in view.edge_proto[edges]),
        port=tuple(None if port < 0 else port for port in view.edge_port[edges].tolist()),
        service=tuple(_only(view, named.get(place, set())) for place in range(len(edges))),
        said=said,
        keys=view.flow_key[sums.codes],
        key_edge=index,
        key_reporter=rows.reporter,
        key_denied=rows.denied,
        related=view.flow_key[related],
        related_edge=np.searchsorted(edges, view.edge[related]),
    )


def _services(view: View, sums: Sums, group: Ints) -> dict[int, set[int]]:
    """By group of flow keys; only a source knows the service it asked for."""
    named: dict[int, set[int]] = {}
    for place, service in set(zip(group.tolist(), view.service[sums.codes].tolist(), strict=True)):
        if service:
            named.setdefault(place, set()).add(service)
    return named


def _only(view: View, services: set[int]) -> str | None:
    """What several asked for is not one service."""
    return view.services[next(iter(services))] if len(services) == 1 else None


def _sum_of(rows: Rows, chosen: Ints) -> Traffic:
    return add_up(rows, chosen, np.zeros(len(chosen), np.int64), 1).row(0)


def _ports(view: View, sums: Sums, rows: Rows, let: Ints, stopped: Ints) -> tuple[PortUse, ...]:
    uses = view.edge_proto[rows.edge] << 20 | (view.edge_port[rows.edge] + 1)
    distinct, first, group = np.unique(uses, return_index=True, return_inverse=True)
    allowed = add_up(rows, let, group[let], len(distinct))
    denied = add_up(rows, stopped, group[stopped], len(distinct))
    named = _services(view, sums, group)
    found: list[PortUse] = []
    for place in _busiest(allowed.counts + denied.counts).tolist():
        edge = rows.edge[first[place]]
        port = int(view.edge_port[edge])
        found.append(
            PortUse(
                protocol=view.protocols[view.edge_proto[edge]] or "unknown",
                port=None if port < 0 else port,
                service=_only(view, named.get(place, set())),
                allowed=allowed.row(place),
                denied=denied.row(place),
            )
        )
    return tuple(found)
