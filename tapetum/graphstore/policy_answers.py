"""Answers about policies from decisions and a topology in memory."""

from dataclasses import dataclass

import numpy as np

from tapetum.domain.endpoints import NodeRef
from tapetum.domain.policies import INGRESS_BIT, PolicyRef, PolicyUse, uses
from tapetum.domain.scope import Scope
from tapetum.domain.traffic import Mask
from tapetum.graphstore import folding
from tapetum.graphstore.decisions import Columns, unpack
from tapetum.graphstore.memory import GraphMemory
from tapetum.graphstore.plans import Plans
from tapetum.graphstore.topology import Ints


@dataclass(frozen=True, slots=True)
class Held:
    """Decisions with the topology and the policies that go with them."""

    plans: Plans
    policies: tuple[PolicyRef, ...]
    columns: Columns

    @classmethod
    def of(cls, memory: GraphMemory) -> "Held":
        with memory.lock:
            known, policies, plans = memory.decisions.known, tuple(memory.decisions.policies), memory.plans()
        return cls(plans, policies, unpack(known))

    def policies_of(self, scope: Scope, source: NodeRef, target: NodeRef, *, direct: bool) -> list[PolicyUse]:
        edges = folding.edges_between(self.plans, scope, source, target, direct=direct)
        return self._uses(edges[self.plans.view.edge[self.columns.key]])

    def policies_at(self, scope: Scope, node: NodeRef) -> list[PolicyUse]:
        inside = folding.standing_for(self.plans, scope, node)
        return self._uses(inside[self._endpoints()] & self._visible(scope))

    def selected_by(self, scope: Scope, policy: PolicyRef) -> list[NodeRef]:
        if policy not in self.policies:
            return []
        chosen = (self.columns.policy == self.policies.index(policy)) & self._visible(scope)
        nodes = self.plans.view.nodes
        return sorted((nodes[code] for code in np.unique(self._endpoints()[chosen])), key=in_order)

    def _visible(self, scope: Scope) -> Mask:
        return self.plans.visible(scope)[self.columns.key]

    def _endpoints(self) -> Ints:
        """Where each decision was taken."""
        view = self.plans.view
        edge = view.edge[self.columns.key]
        egress = self.columns.decision & INGRESS_BIT == 0
        return np.where(egress, view.edge_source[edge], view.edge_target[edge])

    def _uses(self, chosen: Mask) -> list[PolicyUse]:
        pairs = np.unique(self.columns.policy[chosen] << 4 | self.columns.decision[chosen]).tolist()
        return uses((self.policies[pair >> 4], pair & 15) for pair in pairs)


def in_order(node: NodeRef) -> tuple[str, ...]:
    return node.cluster, node.namespace or "", node.name, node.kind.value
