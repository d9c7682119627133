"""Which addresses and ports stand behind a service: from its slices, else from the pods that it selects."""

from collections.abc import Iterable
from dataclasses import dataclass

from tapetum.policy.addresses import Region
from tapetum.policy.resources.endpoints import Pod
from tapetum.policy.resources.services import EndpointSlice, Service


@dataclass(frozen=True, slots=True)
class Backend:
    """Each of the addresses takes each of the ports (protocol, number)."""

    addresses: Region
    ports: frozenset[tuple[str, int]]


def backends(
    service: Service | None, slices: Iterable[EndpointSlice], pods: Iterable[Pod]
) -> tuple[Backend, ...] | None:
    """None: nothing that is given tells."""
    found = tuple(Backend(each.addresses, each.ports) for each in slices)
    if found:
        return found
    if service is None or service.selector is None:
        return None
    selected = [pod for pod in pods if pod.networked and service.selector.holds(pod.labels)]
    return tuple(Backend(pod.addresses, _ports(service, pod)) for pod in selected)


def _ports(service: Service, pod: Pod) -> frozenset[tuple[str, int]]:
    found: set[tuple[str, int]] = set()
    for port in service.ports:
        if isinstance(port.target, int):
            found.add((port.protocol, port.target))
        found.update(
            (each.protocol, each.number)
            for each in pod.ports
            if each.name == port.target and each.protocol == port.protocol
        )
    return frozenset(found)
