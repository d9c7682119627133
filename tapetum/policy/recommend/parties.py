"""What an end of a connection is to a rule: whom a policy of the asked style can name."""

from dataclasses import dataclass
from ipaddress import ip_network

from tapetum.domain.endpoints import EndpointKind
from tapetum.domain.networks import PRIVATE, PUBLIC
from tapetum.policy.addresses import at, parse_address, region
from tapetum.policy.recommend.options import Style
from tapetum.policy.recommend.workloads import Workload, Workloads
from tapetum.policy.rules import ServiceRef
from tapetum.policy.state import LoggedEnd

PRIVATE_NETS = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
"""What Calico logs as private: RFC 1918 and nothing else."""
_PRIVATE = region(ip_network(each) for each in PRIVATE_NETS)
_KNOWN_NETWORKS = (PUBLIC, PRIVATE)


@dataclass(frozen=True, slots=True)
class Space:
    """Somebody of a namespace; the record does not tell who."""

    namespace: str

    def __str__(self) -> str:
        return f"{self.namespace}/?"


@dataclass(frozen=True, slots=True)
class Machine:
    """A host endpoint."""

    name: str

    def __str__(self) -> str:
        return f"host {self.name}"


@dataclass(frozen=True, slots=True)
class Listed:
    """What lies in a network set."""

    namespace: str | None
    name: str

    def __str__(self) -> str:
        return f"network set {self.name}"


@dataclass(frozen=True, slots=True)
class Served:
    """What stands behind a service that no pod of the cluster serves."""

    service: ServiceRef

    def __str__(self) -> str:
        return f"service {self.service.namespace}/{self.service.name}"


@dataclass(frozen=True, slots=True)
class Domains:
    names: tuple[str, ...]

    def __str__(self) -> str:
        return ", ".join(self.names)


@dataclass(frozen=True, slots=True)
class Address:
    text: str

    @property
    def outside(self) -> "Outside":
        return Outside(PRIVATE if at([parse_address(self.text)]) <= _PRIVATE else PUBLIC)

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Outside:
    """`network` is pub or pvt; None: the record leaves that out too."""

    network: str | None

    def __str__(self) -> str:
        return self.network or "any address"


Party = Workload | Space | Machine | Listed | Served | Domains | Address | Outside


def party_of(end: LoggedEnd, workloads: Workloads, service: ServiceRef | None, style: Style) -> Party | None:
    """None: nothing that a policy could name. `service` is the one that a destination was asked by."""
    match end.kind:
        case EndpointKind.WORKLOAD:
            return workloads.of(end) or (Space(end.namespace) if end.namespace else None)
        case EndpointKind.HOST:
            name = end.name or end.aggregate
            return Machine(name) if name else None
        case EndpointKind.NETWORK_SET:
            name = end.aggregate or end.name
            return Listed(end.namespace, name) if name else None
        case EndpointKind.NETWORK:
            return _outside(end, service, style)


def _outside(end: LoggedEnd, service: ServiceRef | None, style: Style) -> Party:
    """Kubernetes' policies know neither domains nor services."""
    if style is not Style.KUBERNETES:
        if end.domains:
            return Domains(end.domains)
        if service is not None:
            return Served(service)
    if end.address is not None:
        return Address(end.address)
    network = end.aggregate or end.name
    return Outside(network if network in _KNOWN_NETWORKS else None)
