"""Ports and protocols in rules of cluster-wide policies."""

from collections.abc import Iterator

from tapetum.policy.documents.problem import Refused, shown
from tapetum.policy.resources.fields import Fields
from tapetum.policy.resources.kubernetes_policies import PROTOCOLS
from tapetum.policy.resources.kubernetes_rules import ProtocolPort
from tapetum.policy.resources.names import is_port
from tapetum.policy.rules import LAST_PORT


class Inconvertible(Exception):  # noqa: N818 - caught where the rule is dropped or closed
    """What a rule asks for has no form in Calico's rules."""


def protocol_ports(rule: Fields, name: str) -> Iterator[ProtocolPort | Inconvertible]:
    """`name` is `protocols` (ClusterNetworkPolicy) or `ports`. Raises Refused."""
    for each in rule.items(name):
        yield _cluster_port(each) if name == "protocols" else _admin_port(each)


def names_ports(rule: Fields, name: str) -> bool:
    named = "destinationNamedPort" if name == "protocols" else "namedPort"
    return any(named in each for each in rule.items(name))


def _cluster_port(fields: Fields) -> ProtocolPort | Inconvertible:
    fields.only("tcp", "udp", "sctp", "destinationNamedPort")
    given = [each for each in ("tcp", "udp", "sctp", "destinationNamedPort") if each in fields]
    if len(given) != 1:
        raise Refused("a protocol is one of tcp, udp, sctp, destinationNamedPort.", path=fields.path)
    if "destinationNamedPort" in fields:
        return _named(fields, "destinationNamedPort")
    protocol = fields.fields(given[0])
    protocol.only("destinationPort")
    if "destinationPort" not in protocol:
        fields.expect(False, given[0], "it is empty; set destinationPort.")
        return ProtocolPort(given[0], None)
    port = protocol.fields("destinationPort")
    port.only("number", "range")
    number = port.whole("number", 1, LAST_PORT)
    port.expect(
        number is None or "range" not in port, "range", "a port is a number or a range; drop one of the two."
    )
    if number is not None:
        return ProtocolPort(given[0], (number, number))
    first, last = _range(port.fields("range"))
    port.expect(first < last, "range", f"it ends where it starts; set number to {first} in place of it.")
    return ProtocolPort(given[0], (first, last))


def _admin_port(fields: Fields) -> ProtocolPort | Inconvertible:
    fields.only("portNumber", "portRange", "namedPort")
    if len([each for each in fields.value.values() if each is not None]) > 1:
        raise Refused("a port is one of portNumber, portRange, namedPort.", path=fields.path)
    if "namedPort" in fields:
        return _named(fields, "namedPort")
    given = fields.fields("portNumber" if "portNumber" in fields else "portRange")
    given.only("protocol", *(("port",) if "portNumber" in fields else ("start", "end")))
    protocol = given.one_of("protocol", *PROTOCOLS, default="TCP").lower()
    if "portNumber" not in fields:
        return ProtocolPort(protocol, _range(given))
    number = given.whole("port", 1, LAST_PORT)
    if number is None:
        raise given.wrong("port", "it is missing; write a number.")
    return ProtocolPort(protocol, (number, number))


def _named(fields: Fields, name: str) -> Inconvertible:
    given = fields.text(name) or ""
    fields.expect(is_port(given), name, f"{shown(given)} cannot be a port's name; write one like web-1.")
    return Inconvertible("named ports cannot be converted")


def _range(fields: Fields) -> tuple[int, int]:
    first, last = fields.whole("start", 1, LAST_PORT), fields.whole("end", 1, LAST_PORT)
    if first is None or last is None or last < first:
        raise Refused("a range needs a start and an end that is not below it.", path=fields.path)
    return first, last
