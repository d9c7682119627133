"""What a rule reaches: a box of connections, and conditions that boxes do not hold."""

from dataclasses import dataclass

from tapetum.policy.analysis.boxes import Box, Known
from tapetum.policy.analysis.implied import implies
from tapetum.policy.analysis.space import ANY_VERSION, NO_PORT, Space
from tapetum.policy.resources.policies import Policy
from tapetum.policy.rules import (
    ICMP,
    ICMP6,
    TCP,
    WITH_PORTS,
    Direction,
    Entity,
    HttpMatch,
    Icmp,
    Ports,
    Rule,
    ServiceRef,
)
from tapetum.policy.selectors import Selector

_VERSION = {4: 0b01, 6: 0b10}
Condition = Selector | Ports | ServiceRef | Icmp | HttpMatch | frozenset[str]
Conditions = dict[str, Condition]


@dataclass(frozen=True, slots=True)
class Reach:
    """Connections in `least` that meet the conditions are matched; what is matched lies in `most`."""

    least: Box
    most: Box
    conditions: Conditions

    def held_by(self, given: Conditions) -> bool:
        """Whether these conditions are met wherever the given ones are."""
        return all(
            slot in given and _follows(slot, given[slot], each) for slot, each in self.conditions.items()
        )


def reach_of(space: Space, policy: Policy, rule: Rule, direction: Direction) -> Reach:
    inward = direction is Direction.INGRESS
    own, other = (rule.destination, rule.source) if inward else (rule.source, rule.destination)
    conditions: Conditions = {}
    subject = subjects_of(space, policy, conditions) & _who(space, own, "own", conditions)
    peer = _who(space, other, "peer", conditions)
    protocol, version = _protocols(space, rule, conditions), _VERSION.get(rule.ip_version or 0, ANY_VERSION)
    port, protocol = _ports(space, rule.destination, "destination", protocol, conditions)
    source_port, protocol = _ports(space, rule.source, "source", protocol, conditions)
    with_ports = space.protocols(WITH_PORTS)
    if not protocol & ~with_ports:
        port, source_port = port & ~NO_PORT, source_port & ~NO_PORT
    elif not protocol & with_ports:
        port, source_port = port & NO_PORT, source_port & NO_PORT
    least, most = (
        Box(one, two & space.ends, protocol, port, source_port, version)
        for one, two in ((subject.least, peer.least), (subject.most, peer.most))
    )
    return Reach(least, most, conditions)


def subjects_of(space: Space, policy: Policy, conditions: Conditions) -> Known:
    if space.of_cluster:
        return space.selecting(policy.selector)
    conditions["selects"] = policy.selector
    return Known(space.subjects, space.subjects)


def _who(space: Space, entity: Entity, end: str, conditions: Conditions) -> Known:
    found = Known(space.ends, space.ends)
    if entity.nets is not None:
        found &= space.at_addresses(entity.nets)
    if entity.not_nets is not None:
        found = found.without(space.at_addresses(entity.not_nets))
    for slot, selector in (("selector", entity.selector), ("not selector", entity.not_selector)):
        if selector is None:
            continue
        if not space.of_cluster:
            conditions[f"{end} {slot}"] = selector
        elif slot == "selector":
            found &= space.among(selector)
        else:
            found = found.without(space.among(selector))
    if entity.service is not None:
        conditions[f"{end} service"] = entity.service
    if entity.domains:
        conditions[f"{end} domains"] = frozenset(entity.domains)
    return found


def _protocols(space: Space, rule: Rule, conditions: Conditions) -> int:
    found = space.protocols()
    if rule.protocol is not None:
        found &= space.protocols((rule.protocol,))
    if rule.not_protocol is not None:
        found &= ~space.protocols((rule.not_protocol,))
    if rule.icmp is not None:
        found &= space.protocols((ICMP, ICMP6))
        conditions["icmp"] = rule.icmp
    if rule.not_icmp is not None:
        conditions["not icmp"] = rule.not_icmp
    if rule.http is not None:
        found &= space.protocols((TCP,))
        conditions["http"] = rule.http
    return found


def _ports(space: Space, entity: Entity, end: str, protocol: int, conditions: Conditions) -> tuple[int, int]:
    """Ports, and the protocols that are left; named ones are conditions, as each endpoint has its own."""
    found = space.ports
    if entity.ports is not None:
        protocol &= space.protocols(WITH_PORTS)
        found &= _numbers(space, entity.ports, f"{end} ports", conditions) & ~NO_PORT
    if entity.not_ports is not None:
        if entity.not_ports.names:
            conditions[f"not {end} ports"] = entity.not_ports
        else:
            found &= ~space.at_ports(entity.not_ports)
    return found, protocol


def _numbers(space: Space, ports: Ports, slot: str, conditions: Conditions) -> int:
    if not ports.names:
        return space.at_ports(ports)
    conditions[slot] = ports
    return space.ports


def _follows(slot: str, given: Condition, wanted: Condition) -> bool:
    if given == wanted:
        return True
    narrow, wide = (wanted, given) if "not " in slot else (given, wanted)
    if isinstance(narrow, Selector) and isinstance(wide, Selector):
        return implies(narrow, wide)
    if isinstance(narrow, frozenset) and isinstance(wide, frozenset):
        return narrow <= wide
    if isinstance(narrow, Icmp) and isinstance(wide, Icmp):
        return wide.type in (None, narrow.type) and wide.code in (None, narrow.code)
    return False
