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
