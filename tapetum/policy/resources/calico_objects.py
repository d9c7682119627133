"""Calico's network sets, host endpoints and profiles as documents."""

import re
from dataclasses import replace

from tapetum.policy.addresses import NOWHERE, at
from tapetum.policy.documents.problem import shown
from tapetum.policy.labels import NAMESPACE
from tapetum.policy.resources.calico_rules import rules
from tapetum.policy.resources.domains import domain_patterns
from tapetum.policy.resources.endpoints import HostEndpoint, NamedPort, Profile
from tapetum.policy.resources.fields import Fields
from tapetum.policy.resources.metadata import namespace_of
from tapetum.policy.resources.names import is_dotted, is_port
from tapetum.policy.resources.nets import addresses, nets
from tapetum.policy.resources.network_sets import NetworkSet
from tapetum.policy.rules import LAST_PORT, WITH_PORTS, Direction, Rule, RuleAction, protocol_name

_INTERFACE = re.compile(r"\*|[a-zA-Z0-9_.-]{1,15}")


def network_set(document: Fields, *, namespaced: bool) -> NetworkSet:
    metadata, spec = document.fields("metadata"), document.fields("spec")
    spec.only("nets", "allowedEgressDomains")
    metadata.expect(
        NAMESPACE not in metadata.fields("labels"),
        "labels",
        f"Calico gives {NAMESPACE} by itself; leave the label out.",
    )
    return NetworkSet(
        namespace_of(document) if namespaced else None,
        metadata.name(),
        metadata.labels(),
        nets(spec, "nets", bare=True) or NOWHERE,
        domain_patterns(spec, "allowedEgressDomains"),
    )


def host_endpoint(document: Fields) -> HostEndpoint:
    metadata, spec = document.fields("metadata"), document.fields("spec")
    spec.only("node", "interfaceName", "expectedIPs", "profiles", "ports")
    known = at(addresses(spec, "expectedIPs"))
    node, interface = spec.text("node"), spec.text("interfaceName")
    spec.expect(bool(node), "node", "it is missing; write the node that the interface is of.")
    spec.expect(is_dotted(node or "_"), "node", f"{shown(node)} cannot be a node's name; correct it.")
    for each in spec.texts("profiles"):
        spec.expect(is_dotted(each), "profiles", f"{shown(each)} cannot be a profile's name; correct it.")
    given = bool(interface or known)
    spec.expect(given, "interfaceName", "it is missing; write it, or the expectedIPs of the interface.")
    spec.expect(
        not interface or _INTERFACE.fullmatch(interface) is not None,
        "interfaceName",
        f"{shown(interface)} cannot be an interface; write * or its name, 15 characters at most.",
    )
    return HostEndpoint(
        metadata.name(),
        node,
        interface,
        metadata.labels(),
        known,
        frozenset(_port(each) for each in spec.items("ports")),
        spec.texts("profiles"),
    )


def profile(document: Fields) -> Profile:
    spec = document.fields("spec")
    spec.only("ingress", "egress", "labelsToApply")
    ingress, egress = (_final(rules(spec, direction, None)) for direction in Direction)
    return Profile(document.fields("metadata").name(), spec.labels("labelsToApply"), ingress, egress)


def _final(given: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """No tier comes after a profile: what its rules pass on is denied."""
    return tuple(
        replace(each, action=RuleAction.DENY) if each.action is RuleAction.PASS else each for each in given
    )


def _port(fields: Fields) -> NamedPort:
    name, number = fields.text("name"), fields.whole("port", 1, LAST_PORT)
    given = fields.text("protocol") or ""
    protocol = protocol_name(given)
    if not name or number is None or protocol is None:
        raise fields.wrong("name", "a port of a host needs a name, a port and a protocol.")
    fields.expect(is_port(name), "name", f"{shown(name)} cannot be a port's name; write one like web-1.")
    fields.expect(
        protocol in WITH_PORTS and given == protocol.upper(),
        "protocol",
        f"{shown(given)} has no ports; write TCP, UDP or SCTP.",
    )
    return NamedPort(name, protocol, number)
