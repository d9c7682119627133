"""Who has the addresses of a capture, as far as a cluster's manifests tell."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from tapetum.policy.addresses import Region
from tapetum.policy.state import ClusterState


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """A workload, as flow logs name its pods, or a service whose cluster address it is."""

    namespace: str
    name: str
    service: bool = False


def whereabouts(
    state: ClusterState, addresses: Collection[str], sees: Callable[[str], bool]
) -> Mapping[str, Whereabouts]:
    """By address, of those that somebody has in a namespace that is seen. Host networks tell nothing."""
    found: dict[str, Whereabouts] = {}
    for service in state.services:
        if sees(service.namespace):
            _note(found, service.addresses, Whereabouts(service.namespace, service.name, service=True))
    for pod in state.pods.values():
        if pod.networked and sees(pod.namespace):
            _note(found, pod.addresses, Whereabouts(pod.namespace, pod.aggregate))
    return {address: found[address] for address in addresses if address in found}


def _note(found: dict[str, Whereabouts], addresses: Region, who: Whereabouts) -> None:
    for network in addresses.networks():
        found[str(network.network_address)] = who
