"""Network sets: addresses and domains under labels, which selectors of rules match."""

from dataclasses import dataclass

from tapetum.policy.addresses import NOWHERE, Region
from tapetum.policy.labels import NO_LABELS, Labels


@dataclass(frozen=True, slots=True)
class NetworkSet:
    """`namespace` None: a GlobalNetworkSet. `labels` are its own; a state adds those of its namespace."""

    namespace: str | None
    name: str
    labels: Labels = NO_LABELS
    nets: Region = NOWHERE
    domains: tuple[str, ...] = ()

    def still_in(self, later: "NetworkSet") -> bool:
        """Whether the same set at another time holds all that this one holds."""
        same = (self.namespace, self.name) == (later.namespace, later.name)
        return same and self.nets <= later.nets and set(self.domains) <= set(later.domains)
