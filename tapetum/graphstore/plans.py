"""What follows from the topology alone for a shape or a scope, kept for as long as the topology stands."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from tapetum.domain.endpoints import NodeKind, NodeRef
from tapetum.domain.scope import Scope
from tapetum.domain.service_graph import Level, Shape
from tapetum.domain.traffic import Mask
from tapetum.graphstore.groups import Groups, groups_of
from tapetum.graphstore.topology import Ints, View

K = TypeVar("K")
V = TypeVar("V")

_KEPT = 8
"""Plans of each kind: more are asked for in turn only by very different callers."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Where a shape puts each node, and which pair of places each flow key belongs to.

    A place is a code of the view's nodes, or beyond them of the groups of services.
    """

    level: Level
    opened: frozenset[NodeRef]
    groups: Groups | None  # where services are nodes
    place: Ints  # the node on screen that stands for a node
    source: Ints  # of each pair, by node on screen
    target: Ints
    pair: Ints  # of each flow key
    order: Ints  # flow keys in order of their pair


class Plans:
    """Safe from any thread: at worst two make the same plan."""

    def __init__(self, view: View) -> None:
        self.view = view
        self._shapes: dict[tuple[Level, frozenset[NodeRef], Scope | None], Plan] = {}
        self._scopes: dict[Scope, Mask] = {}
        self._groups: dict[Scope, Groups] = {}

    def plan(self, shape: Shape, scope: Scope) -> Plan:
        """Which services share workloads is told by what the scope sees."""
        groups = self.groups(scope) if shape.level is Level.SERVICE else None
        key = shape.level, shape.opened, scope if groups else None
        return _kept(self._shapes, key, lambda: _plan(self.view, shape, groups))

    def groups(self, scope: Scope) -> Groups:
        return _kept(self._groups, scope, lambda: groups_of(self.view, self.visible(scope)))

    def visible(self, scope: Scope) -> Mask:
        """Flow keys that a scope sees, by the rule of Scope.sees; not to be changed."""
        return _kept(self._scopes, scope, lambda: _visible(self.view, scope))


def _kept(kept: dict[K, V], key: K, make: Callable[[], V]) -> V:
    found = kept.get(key)
    if found is None:
        found = make()
        if len(kept) >= _KEPT:
            kept.clear()
        kept[key] = found
    return found


def _plan(view: View, shape: Shape, groups: Groups | None) -> Plan:
    place = _places(view, shape, groups)
    source, target = place[view.edge_source], place[view.edge_target]
    if groups is None:
        pairs, of_edge = np.unique(_packed(view, groups, source, target), return_inverse=True)
        pair = of_edge[view.edge]
    else:
        called = np.where(groups.of_key < 0, target[view.edge], len(view.nodes) + groups.of_key)
        packed = _packed(view, groups, source[view.edge], called)
        pairs, pair = np.unique(packed, return_inverse=True)
    source, target = np.divmod(pairs, _width(view, groups))
    order = np.argsort(pair, kind="stable")
    return Plan(shape.level, shape.opened, groups, place, source, target, pair, order)


def _packed(view: View, groups: Groups | None, source: Ints, target: Ints) -> Ints:
    return source * _width(view, groups) + target


def _width(view: View, groups: Groups | None) -> int:
    return max(len(view.nodes) + (len(groups.groups) if groups else 0), 1)


def _places(view: View, shape: Shape, groups: Groups | None) -> Ints:
    if shape.level is Level.WORKLOAD:
        return np.arange(len(view.nodes))
    if groups is None:
        place = view.node_fold.copy()
    else:
        place = np.where(groups.of_node < 0, np.arange(len(view.nodes)), len(view.nodes) + groups.of_node)
    for node in shape.opened:
        inside = np.flatnonzero(_inside(view, node, groups))
        place[inside] = inside
    return place


def _inside(view: View, node: NodeRef, groups: Groups | None) -> Mask:
    """What an expanded node folds; nothing where there is no such node."""
    if node.kind is NodeKind.SERVICE:
        place = -1 if groups is None else groups.find(node)
        return np.zeros(len(view.nodes), np.bool_) if groups is None or place < 0 else groups.of_node == place
    code = view.code_of_node.get(node)
    return np.zeros(len(view.nodes), np.bool_) if code is None else view.node_fold == code


def _visible(view: View, scope: Scope) -> Mask:
    if scope.everything:
        return np.ones(len(view.edge), np.bool_)
    node = np.array([_node_visible(scope, ref) for ref in view.nodes], np.bool_)
    edge = node[view.edge_source] & node[view.edge_target]
    if scope.namespaces is not None:
        edge &= view.node_namespaced[view.edge_source] | view.node_namespaced[view.edge_target]
    return edge[view.edge]


def _node_visible(scope: Scope, node: NodeRef) -> bool:
    if node.namespace is None:
        return scope.sees_cluster(node.cluster)
    return scope.sees(node.cluster, node.namespace)
