"""What policies are applied to, and where its labels come from."""

from dataclasses import dataclass

from tapetum.policy.addresses import NOWHERE, Region
from tapetum.policy.labels import NO_LABELS, Labels
from tapetum.policy.rules import Rule

DEFAULT_SERVICE_ACCOUNT = "default"


@dataclass(frozen=True, slots=True)
class NamedPort:
    name: str
    protocol: str
    number: int


@dataclass(frozen=True, slots=True)
class Pod:
    """`aggregate` is how logs name it with its siblings; `networked` False: host network, or ended."""

    namespace: str
    name: str
    aggregate: str
    labels: Labels = NO_LABELS
    service_account: str = DEFAULT_SERVICE_ACCOUNT
    addresses: Region = NOWHERE
    ports: frozenset[NamedPort] = frozenset()
    node: str | None = None
    networked: bool = True
    images: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class HostEndpoint:
    name: str
    node: str | None = None
    interface: str | None = None
    labels: Labels = NO_LABELS
    addresses: Region = NOWHERE
    ports: frozenset[NamedPort] = frozenset()
    profiles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Namespace:
    name: str
    labels: Labels = NO_LABELS


@dataclass(frozen=True, slots=True)
class ServiceAccount:
    namespace: str
    name: str
    labels: Labels = NO_LABELS


@dataclass(frozen=True, slots=True)
class Profile:
    """Rules for endpoints that no policy decides, and labels that they inherit."""

    name: str
    labels: Labels = NO_LABELS
    ingress: tuple[Rule, ...] = ()
    egress: tuple[Rule, ...] = ()
