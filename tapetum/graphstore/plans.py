"""What follows from the topology alone for a shape or a scope, kept for as long as the topology stands."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from tapetum.domain.endpoints import NodeRef
from tapetum.domain.scope import Scope
from tapetum.domain.service_graph import Level, Shape
from tapetum.domain.traffic import Mask
from tapetum.graphstore.topology import Ints, View

K = TypeVar("K")
V = TypeVar("V")

_KEPT = 8
"""Plans of each kind: more are asked for in turn only by very different callers."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Where a shape puts each node, and which pair of places each flow key belongs to."""

    place: Ints  # the node on screen that stands for a node
    source: Ints  # of each pair, by node on screen
    target: Ints
    pair: Ints  # of each flow key
    order: Ints  # flow keys in order of their pair


class Plans:
    """Safe from any thread: at worst two make the same plan."""

    def __init__(self, view: View) -> None:
        self.view = view
        self._shapes: dict[tuple[Level, frozenset[NodeRef]], Plan] = {}
        self._scopes: dict[Scope, Mask] = {}

    def plan(self, shape: Shape) -> Plan:
        return _kept(self._shapes, (shape.level, shape.expand), lambda: _plan(self.view, shape))

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


def _plan(view: View, shape: Shape) -> Plan:
    place = _places(view, shape)
    nodes = max(len(view.nodes), 1)
    packed = place[view.edge_source] * nodes + place[view.edge_target]
    pairs, of_edge = np.unique(packed, return_inverse=True)
    pair = of_edge[view.edge]
    return Plan(place, pairs // nodes, pairs % nodes, pair, np.argsort(pair, kind="stable"))


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
