"""An end of a flow record as a peer: what the record names, filled up with what the cluster tells.

What neither tells stays unknown.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from ipaddress import ip_network
from typing import TYPE_CHECKING

from tapetum.domain.endpoints import EndpointKind
from tapetum.domain.networks import PRIVATE, PUBLIC
from tapetum.policy.addresses import EVERYWHERE, NOWHERE, Region, at, parse_address, region
from tapetum.policy.connection import Peer
from tapetum.policy.labels import Labels
from tapetum.policy.resources.endpoints import Pod
from tapetum.policy.state.inherited import profiles_of
from tapetum.policy.state.peers import group_peer, pod_peer

if TYPE_CHECKING:
    from tapetum.policy.state.cluster import ClusterState

_RFC1918 = region(ip_network(each) for each in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))
_REVISION = frozenset(("pod-template-hash", "controller-revision-hash"))
"""Labels by which only the revisions of one workload differ."""


@dataclass(frozen=True, slots=True)
class LoggedEnd:
    """As flow records have it. `name` is one endpoint's, `aggregate` may stand for many; None: unknown.

    `labels` are `key=value` texts, those that all endpoints behind the aggregate share.
    """

    kind: EndpointKind
    namespace: str | None = None
    name: str | None = None
    aggregate: str | None = None
    address: str | None = None
    labels: tuple[str, ...] | None = None
    domains: tuple[str, ...] | None = None


def logged_peer(state: "ClusterState", end: LoggedEnd) -> Peer:
    match end.kind:
        case EndpointKind.WORKLOAD:
            peer = _workload(state, end)
        case EndpointKind.HOST:
            peer = _host(state, end)
        case EndpointKind.NETWORK_SET:
            peer = _network_set(state, end)
        case EndpointKind.NETWORK:
            peer = _network(state, end)
    if end.address is not None:
        peer = replace(peer, addresses=at([parse_address(end.address)]))
    return replace(peer, domains=end.domains)


def _workload(state: "ClusterState", end: LoggedEnd) -> Peer:
    namespace, aggregate = end.namespace or "", end.aggregate or ""
    pod = state.pods.get((namespace, end.name or aggregate))
    if pod is not None and pod.networked:
        return pod_peer(state.inheritance, pod)
    siblings = state.groups.get((namespace, aggregate))
    if siblings:
        return group_peer(state.inheritance, siblings)
    own = _labels(end)
    earlier = None if own is None else _other_revision(state, namespace, own)
    if own is not None and earlier:
        known = group_peer(state.inheritance, earlier)
        labels = {**(known.labels or {}), **own}
        hidden = known.labels.hidden if known.labels is not None else ()
        return replace(
            known,
            name=aggregate,
            exact=False,
            labels=Labels(
                {key: labels[key] for key in labels if key in own or key not in _REVISION}, hidden=hidden
            ),
            addresses=EVERYWHERE,
        )
    return Peer(
        EndpointKind.WORKLOAD,
        namespace,
        end.name or aggregate,
        exact=end.name is not None,
        labels=state.inheritance.of_workload(
            namespace, own if own is not None else Labels(complete=False), None
        ),
        profiles=profiles_of(namespace, None),
    )


def _other_revision(state: "ClusterState", namespace: str, own: Labels) -> tuple[Pod, ...]:
    """Pods that only a rollout tells from these: so are their other labels, ports and account."""
    wanted = lasting(own)
    return state.revisions.get((namespace, wanted), ()) if wanted else ()


def lasting(labels: Mapping[str, str]) -> frozenset[tuple[str, str]]:
    """Without those that only tell revisions apart."""
    return frozenset(each for each in labels.items() if each[0] not in _REVISION)


def _host(state: "ClusterState", end: LoggedEnd) -> Peer:
    name = end.name or end.aggregate or ""
    found = state.host(name)
    if found is not None:
        return found
    labels = _labels(end)
    return Peer(EndpointKind.HOST, name=name, labels=Labels(complete=False) if labels is None else labels)


def _network_set(state: "ClusterState", end: LoggedEnd) -> Peer:
    name = end.aggregate or end.name or ""
    found = state.network_sets.get((end.namespace, name))
    if found is None:
        return Peer(EndpointKind.NETWORK_SET, end.namespace, name)
    return Peer(
        EndpointKind.NETWORK_SET,
        end.namespace,
        name,
        addresses=EVERYWHERE if found.domains or not found.nets else found.nets,
        sets=frozenset((found,)),
    )


def _network(state: "ClusterState", end: LoggedEnd) -> Peer:
    """A record calls an end a network where no network set held it."""
    sets = state.network_sets.values()
    held = NOWHERE
    for each in sets:
        held |= each.nets
    return Peer(
        EndpointKind.NETWORK,
        name=end.aggregate or end.name,
        addresses=_named_network(end.aggregate) - held,
        not_domains=frozenset(domain for each in sets for domain in each.domains),
    )


def _named_network(name: str | None) -> Region:
    """Calico's `pvt` is RFC 1918 and nothing else."""
    return _RFC1918 if name == PRIVATE else _RFC1918.complement if name == PUBLIC else EVERYWHERE


def _labels(end: LoggedEnd) -> Labels | None:
    if end.labels is None:
        return None
    pairs = (text.partition("=") for text in end.labels)
    return Labels({key: value for key, _, value in pairs}, complete=end.name is not None)
