"""Services with the workloads behind them, as flow keys tell of both: what Level.SERVICE folds by.

Learnt from all known keys that a scope sees, not from a range: a node is the same at any time.
"""

from dataclasses import dataclass

import numpy as np

from tapetum.domain.endpoints import NodeKind, NodeRef
from tapetum.domain.flows import Reporter
from tapetum.domain.service_graph import ServiceGroup
from tapetum.domain.traffic import Mask
from tapetum.graphstore.topology import REPORTERS, Ints, View

_SOURCE = REPORTERS.index(Reporter.SRC)


@dataclass(frozen=True, slots=True)
class Groups:
    """Places in `groups`; -1 is none of them."""

    groups: tuple[ServiceGroup, ...]  # in order of their nodes' names
    of_service: dict[NodeRef, int]
    of_node: Ints  # of a workload, that which it stands behind
    of_key: Ints  # of a flow key whose target is no workload, that which was called

    def find(self, node: NodeRef) -> int:
        return self.of_service.get(node, -1)


def groups_of(view: View, visible: Mask) -> Groups:
    """Services that share a workload are one group, and so on through those that they share one with."""
    target = view.edge_target[view.edge]
    called, units = _units(view, visible, target)
    fronting = (called >= 0) & view.node_workload[target]
    links = np.unique(called[fronting] * max(len(view.nodes), 1) + target[fronting])
    services, behind = np.divmod(links, max(len(view.nodes), 1))
    label = _joined(len(units), services.tolist(), behind.tolist())
    named: dict[int, list[NodeRef]] = {}
    for unit in sorted(range(len(units)), key=lambda unit: _in_order(units[unit])):
        named.setdefault(label[unit], []).append(units[unit])
    place = {root: number for number, root in enumerate(named)}
    of_unit = np.array([place[root] for root in label], np.int64)
    of_node = np.full(len(view.nodes), -1, np.int64)
    of_node[behind] = of_unit[services]
    backing: list[list[NodeRef]] = [[] for _ in named]
    for code in np.flatnonzero(of_node >= 0).tolist():
        backing[of_node[code]].append(view.nodes[code])
    return Groups(
        groups=tuple(
            ServiceGroup(tuple(names), tuple(sorted(workloads, key=_in_order)))
            for names, workloads in zip(named.values(), backing, strict=True)
        ),
        of_service={unit: place[label[number]] for number, unit in enumerate(units)},
        of_node=of_node,
        of_key=_by_key(view, visible & ~view.node_workload[target], called, of_unit),
    )


def _units(view: View, visible: Mask, target: Ints) -> tuple[Ints, list[NodeRef]]:
    """The service that each visible key names, as a number among those of all clusters; -1: none."""
    clusters = {name: code for code, name in enumerate(dict.fromkeys(node.cluster for node in view.nodes))}
    cluster = np.array([clusters[node.cluster] for node in view.nodes], np.int64)
    naming = np.flatnonzero(visible & (view.service > 0))
    packed = cluster[target[naming]] * len(view.services) + view.service[naming]
    distinct, number = np.unique(packed, return_inverse=True)
    called = np.full(len(view.edge), -1, np.int64)
    called[naming] = number
    names = list(clusters)
    return called, [
        _service(names[one // len(view.services)], view.services[one % len(view.services)] or "")
        for one in distinct.tolist()
    ]


def _service(cluster: str, told: str) -> NodeRef:
    namespace, slash, name = told.partition("/")
    return NodeRef(NodeKind.SERVICE, cluster, *((namespace, name) if slash else (None, told)))


def _joined(count: int, services: list[int], behind: list[int]) -> list[int]:
    """For each service the first of those that it shares workloads with, itself or through others."""
    parent = list(range(count))

    def root(one: int) -> int:
        while parent[one] != one:
            parent[one] = one = parent[parent[one]]
        return one

    first: dict[int, int] = {}
    for service, workload in zip(services, behind, strict=True):
        one, other = root(first.setdefault(workload, service)), root(service)
        parent[max(one, other)] = min(one, other)
    return [root(one) for one in range(count)]


def _by_key(view: View, outside: Mask, called: Ints, of_unit: Ints) -> Ints:
    """Only who calls knows the service: what others say of an edge goes where all that its sources say goes
    to.
    """
    naming = outside & (called >= 0)
    told = np.full(len(view.edge), -1, np.int64)
    told[naming] = of_unit[called[naming]]
    said = outside & (view.reporter == _SOURCE)
    least, most = (np.full(len(view.edge_source), start, np.int64) for start in (len(of_unit), -1))
    np.minimum.at(least, view.edge[said], told[said])
    np.maximum.at(most, view.edge[said], told[said])
    agreed = np.where(least == most, most, -1)
    heard = outside & (view.reporter != _SOURCE) & (called < 0)
    told[heard] = agreed[view.edge[heard]]
    return told


def _in_order(node: NodeRef) -> tuple[str, ...]:
    return node.cluster, node.namespace or "", node.name
