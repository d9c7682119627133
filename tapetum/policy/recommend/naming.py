"""How rules name the parties at one protocol and the same ports: as few peers as select exactly these."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from ipaddress import ip_network
from typing import TypeVar

from tapetum.domain.networks import PRIVATE, PUBLIC
from tapetum.policy.addresses import Region
from tapetum.policy.recommend.options import Options, Style
from tapetum.policy.recommend.parties import (
    PRIVATE_NETS,
    Address,
    Domains,
    Listed,
    Machine,
    Outside,
    Party,
    Served,
    Space,
)
from tapetum.policy.recommend.peers import ANYWHERE, PUBLIC_NETS, Among, Behind, Names, Nets, Peer, ip_version
from tapetum.policy.recommend.selections import EVERYONE, StableLabels, merged, stable, telling
from tapetum.policy.recommend.workloads import Workload
from tapetum.policy.rules import IP_VERSIONS
from tapetum.policy.state import ClusterState

_MOST_NETS = 64
_BOTH = 2
P = TypeVar("P", bound=Party)


@dataclass(frozen=True, slots=True)
class Named:
    """`notes` say why it is wider than what was seen."""

    peer: Peer
    parties: Sequence[Party]
    notes: tuple[str, ...] = ()


def naming(state: ClusterState, parties: Collection[Party], options: Options) -> Iterator[Named]:
    yield from _workloads([each for each in parties if isinstance(each, Workload)])
    for party in parties:
        match party:
            case Space(namespace):
                note = f"The records do not tell which workload of {namespace} it is."
                yield Named(Among(namespace, EVERYONE), [party], (note,))
            case Listed():
                yield _listed(state, party, options)
            case Served(service):
                note = f"The manifests do not tell what stands behind {service.namespace}/{service.name}."
                yield Named(Behind(service), [party], () if state.backends(service) else (note,))
            case Outside(network):
                yield _outside(party, network)
            case _:
                pass
    yield from _together(parties, Machine, lambda some: _machines(state, some, options))
    yield from _together(parties, Address, _addresses)
    yield from _together(parties, Domains, _domains)


def by_version(named: Named, protocol: str | None) -> Iterator[Named]:
    """As Calico's rules have it: the nets of one are of one IP version, which is its protocol's."""
    peer, asked = named.peer, IP_VERSIONS.get(protocol or "")
    if not isinstance(peer, Nets) or (asked is None and len(peer.versions) < _BOTH):
        yield named
        return
    first: int | None = None
    for version in peer.versions or (asked or 4,):
        meant = asked not in peer.versions or version == asked
        parties = [each for each in named.parties if _has(each, version, meant=meant)]
        if not parties:
            continue
        shared = first is not None and any(not isinstance(each, Address) for each in parties)
        note = (f"The rule for IPv{first} rests on the same connections.",) if shared else ()
        yield Named(peer.of_version(version), parties, (*named.notes, *note))
        first = first or version


def _has(party: Party, version: int, *, meant: bool) -> bool:
    """An address by its own version; others do not tell theirs, so that they have what the protocol means."""
    return ip_version(party.text) == version if isinstance(party, Address) else meant


def _together(parties: Iterable[Party], kind: type[P], named: Callable[[list[P]], Named]) -> Iterator[Named]:
    some = [each for each in parties if isinstance(each, kind)]
    if some:
        yield named(some)


def _workloads(workloads: Iterable[Workload]) -> Iterator[Named]:
    spaces: dict[str, list[Workload]] = defaultdict(list)
    for each in workloads:
        spaces[each.namespace].append(each)
    for namespace, some in spaces.items():
        for selection in merged([each.selection for each in some]):
            held = [each for each in some if selection.holds(each.labels)]
            yield Named(Among(namespace, selection), held)


def _addresses(addresses: list[Address]) -> Named:
    return Named(Nets(tuple(sorted(_host_net(each.text) for each in addresses))), addresses)


def _domains(domains: list[Domains]) -> Named:
    return Named(Names(tuple(sorted({name for each in domains for name in each.names}))), domains)


def _outside(party: Outside, network: str | None) -> Named:
    peer = {PUBLIC: PUBLIC_NETS, PRIVATE: Nets(PRIVATE_NETS)}.get(network or "", ANYWHERE)
    note = f"The records leave the addresses out, or name too many: this is {peer}."
    more = ("Link-local addresses are public to Calico.",) if peer == PUBLIC_NETS else ()
    return Named(peer, [party], (note, *more))


def _machines(state: ClusterState, machines: Sequence[Machine], options: Options) -> Named:
    """By their labels where these tell them from other hosts and sets, else by their addresses."""
    known = [each for each in (state.hosts.get(one.name) for one in machines) if each is not None]
    if len(known) < len(machines):
        note = "The manifests lack a host endpoint: this is any private address."
        return Named(Nets(PRIVATE_NETS), machines, (note,))
    if options.style is not Style.KUBERNETES:
        found = telling([stable(each.labels) for each in known], _outside_namespaces(state))
        if found is not None:
            return Named(Among(None, found), machines)
    addresses = Region()
    for each in known:
        addresses |= each.addresses
    return Named(Nets(_texts(addresses) or PRIVATE_NETS), machines, ("Hosts by their addresses.",))


def _listed(state: ClusterState, party: Listed, options: Options) -> Named:
    """By its labels where no other set and no endpoint has them, else by what it holds."""
    found = state.network_sets.get((party.namespace, party.name))
    if found is None:
        note = f"The manifests lack the network set {party.name}: this is any address."
        return Named(ANYWHERE, [party], (note,))
    own, others = stable(found.labels), list(_beside(state, party.namespace))
    if options.style is not Style.KUBERNETES and own and others.count(own) == 1:
        selection = telling([own], others)
        if selection is not None:
            return Named(Among(party.namespace, selection), [party])
    nets = _texts(found.nets)
    if nets and len(nets) <= _MOST_NETS and not found.domains:
        return Named(Nets(nets), [party], (f"The network set {party.name} as it is now.",))
    note = f"No labels or few nets tell the network set {party.name} from others: this is any address."
    return Named(ANYWHERE, [party], (note,))


def _beside(state: ClusterState, namespace: str | None) -> Iterable[StableLabels]:
    """Labels of all that a selector of the namespace could mean, the set itself among them."""
    if namespace is None:
        return _outside_namespaces(state)
    sets = (each for key, each in state.network_sets.items() if key[0] == namespace)
    pods = (each for key, each in state.pods.items() if key[0] == namespace)
    return (stable(each.labels) for some in (sets, pods) for each in some)


def _outside_namespaces(state: ClusterState) -> Iterable[StableLabels]:
    yield from (stable(each.labels) for each in state.hosts.values())
    yield from (stable(each.labels) for key, each in state.network_sets.items() if key[0] is None)


def _texts(nets: Region) -> tuple[str, ...]:
    return tuple(str(each) for each in nets.networks())


def _host_net(address: str) -> str:
    return str(ip_network(address))
