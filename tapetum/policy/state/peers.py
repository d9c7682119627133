"""Endpoints of the cluster as ends of a connection."""

from collections.abc import Iterable
from dataclasses import replace

from tapetum.domain.endpoints import EndpointKind
from tapetum.policy.addresses import EVERYWHERE, at, parse_address
from tapetum.policy.connection import Peer
from tapetum.policy.labels import Labels
from tapetum.policy.resources.endpoints import HostEndpoint, Pod
from tapetum.policy.state.inherited import Inheritance, profiles_of


def pod_peer(inheritance: Inheritance, pod: Pod) -> Peer:
    return Peer(
        EndpointKind.WORKLOAD,
        pod.namespace,
        pod.name,
        exact=True,
        labels=inheritance.of_pod(pod),
        addresses=pod.addresses or EVERYWHERE,
        ports=pod.ports,
        profiles=profiles_of(pod.namespace, pod.service_account),
    )


def host_peer(inheritance: Inheritance, host: HostEndpoint) -> Peer:
    return Peer(
        EndpointKind.HOST,
        None,
        host.name,
        exact=True,
        labels=inheritance.of_host(host),
        addresses=host.addresses or EVERYWHERE,
        ports=host.ports,
        profiles=host.profiles,
    )


def group_peer(inheritance: Inheritance, pods: Iterable[Pod]) -> Peer:
    """Siblings as one end: labels that all have, any of their addresses, ports where all agree."""
    found = [pod_peer(inheritance, pod) for pod in pods]
    first = found[0]
    if len(found) == 1:
        return first
    addresses = first.addresses
    for each in found:
        addresses |= each.addresses
    return Peer(
        EndpointKind.WORKLOAD,
        first.namespace,
        next(iter(pods)).aggregate,
        labels=_shared([each.labels or Labels() for each in found]),
        addresses=addresses,
        ports=first.ports if all(each.ports == first.ports for each in found) else None,
        profiles=first.profiles,
    )


def peer_at(endpoints: Iterable[Peer], address: str, domains: tuple[str, ...] | None) -> Peer:
    point = at([parse_address(address)])
    for each in endpoints:
        if each.addresses != EVERYWHERE and point <= each.addresses:
            return replace(each, addresses=point)
    return Peer(EndpointKind.NETWORK, name=address, exact=True, addresses=point, domains=domains)


def _shared(every: list[Labels]) -> Labels:
    """What all have; a label on which they differ may be there or not."""
    items = [frozenset(each.items()) for each in every]
    common = frozenset[tuple[str, str]].intersection(*items)
    differing = {label for each in items for label, _ in each - common}
    return Labels(dict(common), hidden=(*differing, *(each for labels in every for each in labels.hidden)))
