"""Calico's network sets, host endpoints and profiles as documents."""

from dataclasses import replace

from tapetum.policy.addresses import NOWHERE, at
from tapetum.policy.resources.calico_rules import rules
from tapetum.policy.resources.domains import domain_patterns
from tapetum.policy.resources.endpoints import HostEndpoint, NamedPort, Profile
from tapetum.policy.resources.fields import Fields
from tapetum.policy.resources.metadata import namespace_of
from tapetum.policy.resources.network_sets import NetworkSet
from tapetum.policy.rules import LAST_PORT, Direction, Rule, RuleAction, protocol_name


def network_set(document: Fields, *, namespaced: bool) -> NetworkSet:
    metadata, spec = document.fields("metadata"), document.fields("spec")
    spec.only("nets", "allowedEgressDomains")
    return NetworkSet(
        namespace_of(document) if namespaced else None,
        metadata.name(),
        metadata.labels(),
        spec.nets("nets") or NOWHERE,
        domain_patterns(spec, "allowedEgressDomains"),
    )


def host_endpoint(document: Fields) -> HostEndpoint:
    metadata, spec = document.fields("metadata"), document.fields("spec")
    spec.only("node", "interfaceName", "expectedIPs", "profiles", "ports")
    return HostEndpoint(
        metadata.name(),
        spec.text("node"),
        spec.text("interfaceName"),
        metadata.labels(),
        at(spec.addresses("expectedIPs")),
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
    protocol = protocol_name(fields.text("protocol") or "")
    if not name or number is None or protocol is None:
        raise fields.wrong("name", "a port of a host needs a name, a port and a protocol.")
    return NamedPort(name, protocol, number)
