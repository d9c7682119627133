"""What a recommendation is asked for: for whom, in which form, and what is evidence enough."""

from dataclasses import dataclass
from enum import StrEnum

from tapetum.policy.labels import NAMESPACE, Labels
from tapetum.policy.resources.policies import DEFAULT_TIER
from tapetum.policy.selectors import Selector


class Style(StrEnum):
    CALICO = "calico"
    STAGED = "staged"
    KUBERNETES = "kubernetes"


@dataclass(frozen=True, slots=True)
class Target:
    """Whose policies are written. `namespaces` None: of all; `selector` None: of all their workloads."""

    namespaces: frozenset[str] | None = None
    selector: Selector | None = None

    def holds(self, namespace: str, labels: Labels) -> bool:
        if self.namespaces is not None and namespace not in self.namespaces:
            return False
        return self.selector is None or bool(self.selector.holds(Labels({**labels, NAMESPACE: namespace})))


@dataclass(frozen=True, slots=True)
class Options:
    """`tier` and `order` place Calico's styles; `tier_order` is for a tier that the cluster lacks.

    An edge with fewer connections, or seen on fewer days, is left out. More than `few_addresses`
    addresses outside the cluster are not listed: the rule then means their whole network.
    """

    style: Style = Style.STAGED
    tier: str = DEFAULT_TIER
    order: float = 100
    tier_order: float = 900_000
    min_connections: int = 0
    min_days: int = 1
    few_addresses: int = 8
