"""Whether a rule matches a connection: every term of it, and what is not known about each."""

from collections.abc import Iterator
from dataclasses import dataclass

from tapetum.policy.addresses import Region
from tapetum.policy.connection import Connection, Peer
from tapetum.policy.evaluate.addresses import narrowed, within
from tapetum.policy.evaluate.domains import looked_up
from tapetum.policy.evaluate.http import requested
from tapetum.policy.labels import Labels
from tapetum.policy.resources.network_sets import NetworkSet
from tapetum.policy.rules import (
    ICMP,
    ICMP6,
    LAST_PORT,
    TCP,
    WITH_PORTS,
    Entity,
    Icmp,
    Ports,
    Rule,
    ServiceRef,
)
from tapetum.policy.selectors import Selector
from tapetum.policy.state.cluster import ClusterState
from tapetum.policy.truth import Fact, Match, all_of, any_of, negation, unknown

_ALL_PORTS = ((0, LAST_PORT),)


@dataclass(frozen=True, slots=True)
class _End:
    """One end, with its addresses narrowed to the connection's IP version, and the names of its facts."""

    peer: Peer
    port: int | None
    addresses: Region
    address_fact: Fact
    labels_fact: Fact
    port_fact: Fact
    names_fact: Fact
    looked_up: bool  # domains count: it is the destination


class Matcher:
    """One connection against the rules of one state."""

    def __init__(self, state: ClusterState, connection: Connection) -> None:
        self._state = state
        self._connection = connection
        self._version = _version(connection)
        source, destination = connection.source, connection.destination
        self._source = _End(
            source, connection.source_port, narrowed(source.addresses, self._version), Fact.SOURCE_ADDRESS,
            Fact.SOURCE_LABELS, Fact.SOURCE_PORT, Fact.SOURCE_PORT_NAMES, looked_up=False,
        )  # fmt: skip
        self._destination = _End(
            destination, connection.port, narrowed(destination.addresses, self._version),
            Fact.DESTINATION_ADDRESS, Fact.DESTINATION_LABELS, Fact.DESTINATION_PORT,
            Fact.DESTINATION_PORT_NAMES, looked_up=True,
        )  # fmt: skip

    def matches(self, rule: Rule) -> Match:
        return all_of(self._terms(rule))

    def _terms(self, rule: Rule) -> Iterator[Match]:
        if rule.protocol is not None:
            yield self._protocol(rule.protocol)
        if rule.not_protocol is not None:
            yield negation(self._protocol(rule.not_protocol))
        if rule.ip_version is not None:
            yield unknown(Fact.IP_VERSION) if self._version is None else self._version == rule.ip_version
        yield from self._end_terms(rule.destination, self._destination)
        yield from self._end_terms(rule.source, self._source)
        if rule.icmp is not None:
            yield self._icmp(rule.icmp)
        if rule.not_icmp is not None:
            yield negation(self._icmp(rule.not_icmp))
        if rule.http is not None:
            yield self._protocol(TCP)
            yield requested(rule.http, self._connection.http)

    def _end_terms(self, entity: Entity, end: _End) -> Iterator[Match]:
        if entity.ports is not None:
            yield self._at_port(entity.ports, end)
        if entity.not_ports is not None:
            yield negation(self._at_port(entity.not_ports, end))
        if entity.nets is not None:
            yield within(end.addresses, entity.nets, end.address_fact)
        if entity.not_nets is not None:
            yield negation(within(end.addresses, entity.not_nets, end.address_fact))
        if entity.selector is not None:
            yield self._among(entity.selector, end)
        if entity.not_selector is not None:
            yield negation(self._among(entity.not_selector, end))
        if entity.service is not None:
            yield self._behind(entity.service, end)
        if entity.domains:
            yield looked_up(entity.domains, end.peer)

    def _protocol(self, wanted: str) -> Match:
        given = self._connection.protocol
        return unknown(Fact.PROTOCOL) if given is None else given == wanted

    def _icmp(self, wanted: Icmp) -> Match:
        given = self._connection
        if given.protocol is not None and given.protocol not in (ICMP, ICMP6):
            return False
        return all_of(
            (
                _same(wanted.type, given.icmp_type, Fact.ICMP_TYPE),
                _same(wanted.code, given.icmp_code, Fact.ICMP_CODE),
            )
        )

    def _at_port(self, ports: Ports, end: _End) -> Match:
        protocol = self._connection.protocol
        if protocol is not None and protocol not in WITH_PORTS:
            return False
        if end.port is None:
            return True if ports.ranges == _ALL_PORTS else unknown(end.port_fact)
        if any(first <= end.port <= last for first, last in ports.ranges):
            return True
        if not ports.names or not end.peer.governed:
            return False
        if end.peer.ports is None:
            return unknown(end.names_fact)
        return any_of(
            self._protocol(each.protocol)
            for each in end.peer.ports
            if each.name in ports.names and each.number == end.port
        )

    def _among(self, selector: Selector, end: _End) -> Match:
        """A selector means endpoints by their labels, and whatever lies in network sets of these labels."""
        return any_of(self._ways_among(selector, end))

    def _ways_among(self, selector: Selector, end: _End) -> Iterator[Match]:
        if end.peer.labels is not None:
            yield _held(selector, end.peer.labels, end.labels_fact)
        for found in self._state.sets_selected(selector):
            yield _member(found, end)

    def _behind(self, service: ServiceRef, end: _End) -> Match:
        if end.looked_up and self._connection.service == service:
            return True
        backends = self._state.backends(service)
        if backends is None:
            return unknown(Fact.SERVICE_ENDPOINTS)
        return any_of(
            all_of(
                (
                    within(end.addresses, each.addresses, end.address_fact),
                    not end.looked_up or self._takes(each.ports),
                )
            )
            for each in backends
        )

    def _takes(self, ports: frozenset[tuple[str, int]]) -> Match:
        protocol, port = self._connection.protocol, self._connection.port
        if protocol is None:
            return unknown(Fact.PROTOCOL)
        return unknown(Fact.DESTINATION_PORT) if port is None else (protocol, port) in ports


def _version(connection: Connection) -> int | None:
    if connection.ip_version is not None:
        return connection.ip_version
    if connection.protocol == ICMP6:
        return 6
    return connection.source.addresses.version or connection.destination.addresses.version


def _held(selector: Selector, labels: Labels, fact: Fact) -> Match:
    held = selector.holds(labels)
    return unknown(fact) if held is None else held


def _same(wanted: int | None, given: int | None, fact: Fact) -> Match:
    if wanted is None:
        return True
    return unknown(fact) if given is None else wanted == given


def _member(found: NetworkSet, end: _End) -> Match:
    """A set that has grown since the record still holds what it held."""
    if any(known.still_in(found) for known in end.peer.sets):
        return True
    by_address = within(end.addresses, found.nets, end.address_fact)
    if not found.domains or not end.looked_up:
        return by_address
    return any_of((by_address, looked_up(found.domains, end.peer)))
