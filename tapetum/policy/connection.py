"""A connection as far as it is known: what was aggregated away is said to be unknown, never guessed."""

from dataclasses import dataclass

from tapetum.domain.endpoints import EndpointKind
from tapetum.policy.addresses import EVERYWHERE, Region
from tapetum.policy.labels import Labels
from tapetum.policy.resources.endpoints import NamedPort
from tapetum.policy.resources.network_sets import NetworkSet
from tapetum.policy.rules import ServiceRef


@dataclass(frozen=True, slots=True)
class Peer:
    """One end.

    `addresses` is where its address lies: one point where the record has it, all that it can be else.
    `labels` are those that policies see (`ClusterState` adds inherited ones); None: it can have none.
    `exact` True: `name` is one endpoint, not a group of siblings. `sets` are sets that hold it for sure;
    `not_domains` are patterns that none of its domains fits. `domains` and `ports` None are unknown.
    """

    kind: EndpointKind
    namespace: str | None = None
    name: str | None = None
    exact: bool = False
    labels: Labels | None = None
    addresses: Region = EVERYWHERE
    ports: frozenset[NamedPort] | None = None
    profiles: tuple[str, ...] = ()
    sets: frozenset[NetworkSet] = frozenset()
    domains: tuple[str, ...] | None = None
    not_domains: frozenset[str] = frozenset()

    @property
    def governed(self) -> bool:
        """Whether policies apply to it: networks and network sets have none."""
        return self.kind in (EndpointKind.WORKLOAD, EndpointKind.HOST)


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """`headers` None: not recorded. Names are in lower case."""

    method: str | None = None
    path: str | None = None
    headers: tuple[tuple[str, str], ...] | None = None


@dataclass(frozen=True, slots=True)
class Connection:
    """`port` is the destination's, after translation; protocols without ports leave both None.

    `service` is the one that it was addressed to, where known.
    """

    source: Peer
    destination: Peer
    protocol: str | None = None
    port: int | None = None
    source_port: int | None = None
    icmp_type: int | None = None
    icmp_code: int | None = None
    ip_version: int | None = None
    service: ServiceRef | None = None
    http: HttpRequest | None = None
