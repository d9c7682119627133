"""Rules over the connections of one replay: each term is a column over classes, gathered for some of them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np

from tapetum.policy.connection import Peer
from tapetum.policy.replay.connections import Connections, Traffic
from tapetum.policy.replay.ends import VERSIONS, Ends, distinct
from tapetum.policy.replay.kinds import Kinds, plain_part
from tapetum.policy.replay.truths import NO, UNKNOWN, YES, Codings, Ints, Mask, Truths, column, negated
from tapetum.policy.resources.endpoints import NamedPort
from tapetum.policy.rules import ICMP6, Entity, Ports, Rule, ServiceRef
from tapetum.policy.state.cluster import ClusterState


@dataclass(frozen=True, slots=True)
class Codes:
    """By connection: classes of both ends, kind of traffic, place of the version in VERSIONS."""

    source: Codings
    destination: Codings
    kind: Codings
    version: Codings

    def those(self, places: Ints) -> "Codes":
        return Codes(self.source[places], self.destination[places], self.kind[places], self.version[places])


class Asked:
    """Some of the connections. Their codes are gathered when a term first looks at them."""

    __slots__ = ("_codes", "_gathered", "places")

    def __init__(self, codes: Codes, places: Ints) -> None:
        self._codes = codes
        self._gathered: dict[str, Codings] = {}
        self.places = places

    def those(self, kept: Mask | Ints) -> "Asked":
        return Asked(self._codes, self.places[kept])

    def end(self, destination: bool) -> Codings:
        return self._of("destination" if destination else "source")

    @property
    def kind(self) -> Codings:
        return self._of("kind")

    @property
    def version(self) -> Codings:
        return self._of("version")

    def _of(self, name: str) -> Codings:
        if name not in self._gathered:
            self._gathered[name] = getattr(self._codes, name)[self.places]
        return self._gathered[name]


Term = Callable[[Asked], Truths]


class Columns:
    def __init__(self, state: ClusterState, connections: Connections) -> None:
        self._state = state
        self.ends = Ends(state, connections.peers)
        self._kinds = Kinds(state, connections.traffic)
        version = _versions(connections)
        self.codes = Codes(
            *(
                codes.astype(np.int32)
                for codes in (
                    self.ends.of(connections.source, version),
                    self.ends.of(connections.destination, version),
                    connections.kind,
                    version,
                )
            )
        )
        self._port_sets, self._port_names = distinct(connections.peers, _named_ports)
        self.terms = cache(self._terms)
        self._entity_terms = cache(self._terms_of_end)
        self._table = cache(self._named)

    def _terms(self, rule: Rule) -> tuple[Term, ...]:
        """Ends first: they rule out most."""
        found = [*self._entity_terms(rule.source, False), *self._entity_terms(rule.destination, True)]
        if (part := plain_part(rule)) is not None:
            plain = self._kinds.plain(part)
            found.append(lambda asked: plain[asked.kind])
        if rule.ip_version is not None:
            versions = np.array([UNKNOWN, *(YES if each == rule.ip_version else NO for each in VERSIONS[1:])])
            found.append(lambda asked: versions[asked.version])
        return tuple(found)

    def _terms_of_end(self, entity: Entity, destination: bool) -> list[Term]:
        found: list[Term] = []
        told = self.ends.entity(entity, destination=destination)
        if told is not None:
            found.append(lambda asked: told[asked.end(destination)])
        if entity.ports is not None:
            found.append(self._at_port(entity.ports, destination))
        if entity.not_ports is not None:
            at = self._at_port(entity.not_ports, destination)
            found.append(lambda asked: negated(at(asked)))
        if entity.service is not None:
            found.append(self._behind(entity.service, destination))
        return found

    def _at_port(self, ports: Ports, destination: bool) -> Term:
        numbered = self._kinds.at_port(ports, destination)
        if not ports.names:
            return lambda asked: numbered[asked.kind]
        table = self._table(ports.names, destination)
        sets = self._port_sets
        peer = self.ends.peer

        def told(asked: Asked) -> Truths:
            named = table[sets[peer[asked.end(destination)]], asked.kind]
            return np.maximum(numbered[asked.kind], named)

        return told

    def _named(self, names: frozenset[str], destination: bool) -> Truths:
        """By distinct ports of endpoints and kind: whether one of the names means the kind's port."""
        may = self._kinds.may_be_named(destination)
        protocols, ports = self._kinds.protocols, self._kinds.ports[destination]
        table = np.zeros((len(self._port_names), len(self._kinds)), np.uint8)
        for place, (governed, held) in enumerate(self._port_names):
            if not governed:
                continue
            if held is None:
                table[place, may] = UNKNOWN
                continue
            meant = {(each.protocol, each.number) for each in held if each.name in names}
            maybe = {(None, number) for _, number in meant}
            for which, truth in ((maybe, UNKNOWN), (meant, YES)) if meant else ():
                found = [(protocols[kind], int(ports[kind])) in which for kind in range(len(self._kinds))]
                table[place, may & np.array(found, np.bool_)] = truth
        return table

    def _behind(self, service: ServiceRef, destination: bool) -> Term:
        backends = self._state.backends(service)
        to_service = self._kinds.to_service(service) if destination else column(len(self._kinds))
        if backends is None:
            told = np.maximum(to_service, UNKNOWN)
            return lambda asked: told[asked.kind]
        within = [self.ends.within(each.addresses) for each in backends]
        takes = [self._kinds.takes(each) if destination else None for each in backends]

        def behind(asked: Asked) -> Truths:
            found = to_service[asked.kind]
            for inside, taken in zip(within, takes, strict=True):
                one = inside[asked.end(destination)]
                found = np.maximum(found, one if taken is None else np.minimum(one, taken[asked.kind]))
            return found

        return behind


def _named_ports(peer: Peer) -> tuple[bool, frozenset[NamedPort] | None]:
    return peer.governed, peer.ports


def _versions(connections: Connections) -> Ints:
    """The place in VERSIONS of what is known of each connection's version: its own, else its ends'."""
    place = {version: which for which, version in enumerate(VERSIONS)}
    traffic = np.array([place[_version(each)] for each in connections.traffic], np.int64)
    peers = np.array([place[each.addresses.version] for each in connections.peers], np.int64)
    found = traffic[connections.kind]
    for ends in (connections.source, connections.destination):
        found = np.where(found == 0, peers[ends], found)
    return found


def _version(traffic: Traffic) -> int | None:
    return 6 if traffic.ip_version is None and traffic.protocol == ICMP6 else traffic.ip_version
