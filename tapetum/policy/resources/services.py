"""Services and the addresses behind them, for rules that name a service."""

from dataclasses import dataclass

from tapetum.policy.addresses import NOWHERE, Region
from tapetum.policy.selectors import Selector


@dataclass(frozen=True, slots=True)
class ServicePort:
    """`target` is a number or the name of a port of the pods."""

    protocol: str
    number: int
    target: int | str
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Service:
    """`selector` None: its endpoints are only known from slices."""

    namespace: str
    name: str
    selector: Selector | None = None
    ports: tuple[ServicePort, ...] = ()
    addresses: Region = NOWHERE


@dataclass(frozen=True, slots=True)
class EndpointSlice:
    """Addresses behind a service, each reachable on every one of `ports` (protocol, number)."""

    namespace: str
    name: str
    service: str
    addresses: Region = NOWHERE
    ports: frozenset[tuple[str, int]] = frozenset()
