"""What raises a score, by how much: one action for each component of a namespace that falls short."""

from collections import defaultdict
from dataclasses import dataclass

from tapetum.domain.endpoints import NodeKind, NodeRef
from tapetum.posture.components import Component, Standing
from tapetum.posture.score import Tallies, gain_of, weights_of
from tapetum.posture.standings import Standings


@dataclass(frozen=True, slots=True)
class Action:
    """`certain` False: it brings data, and gains no more than this. `subjects` are in order of their names.

    `namespace` None: it is about the cluster.
    """

    component: Component
    cluster: str
    namespace: str | None
    subjects: tuple[NodeRef, ...]
    gain: float
    certain: bool

    @property
    def workloads(self) -> tuple[str, ...]:
        return tuple(each.name for each in self.subjects if each.kind is NodeKind.WORKLOAD)


def actions(told: Standings, whole: Tallies) -> list[Action]:
    """By their gain for the whole, most first."""
    weights = weights_of(whole)
    found: dict[tuple[Component, str, str | None, bool], list[NodeRef]] = defaultdict(list)
    for node, each in told.items():
        for component, standing in each.items():
            if standing is Standing.SAFE or not weights[component]:
                continue
            certain = standing is Standing.UNSAFE
            found[component, node.cluster, node.namespace if certain else None, certain].append(node)
    order = list(Component)
    return sorted(
        (
            Action(
                component,
                cluster,
                namespace,
                tuple(sorted(nodes, key=lambda node: (node.namespace or "", node.kind, node.name))),
                gain_of(whole, component, len(nodes)),
                certain,
            )
            for (component, cluster, namespace, certain), nodes in found.items()
        ),
        key=lambda each: (
            -each.gain,
            not each.certain,
            order.index(each.component),
            each.cluster,
            each.namespace or "",
        ),
    )
