"""What Calico refuses of a rule although each of its fields is right by itself."""

import re

from tapetum.policy.resources.fields import Fields
from tapetum.policy.rules import IP_VERSIONS, TCP, WITH_PORTS, Rule, RuleAction

_GLOBAL = re.compile(r"[ \t]*global\([ \t]*\)[ \t]*")
_BESIDE_SERVICES = ("namespaceSelector", "selector", "notSelector", "serviceAccounts", "nets", "notNets")


def check_rule(fields: Fields, rule: Rule) -> None:
    """`icmp` needs its protocol and `notICMP` does not: so does Calico's validator have it."""
    for name, end in (("source", rule.source), ("destination", rule.destination)):
        fields.expect(
            rule.protocol in WITH_PORTS or not (end.ports or end.not_ports),
            name,
            "ports need a protocol that has them; set protocol to TCP, UDP or SCTP.",
        )
    fields.expect(
        rule.icmp is None or rule.protocol in IP_VERSIONS,
        "icmp",
        "it needs a protocol that has it; set protocol to ICMP or ICMPv6.",
    )
    _check_versions(fields, rule)
    if rule.http is not None:
        fields.expect(
            rule.action is RuleAction.ALLOW, "http", "only rules that allow may have it; leave it out."
        )
        fields.expect(
            rule.protocol in (None, TCP), "http", "it is TCP; set protocol to TCP, or leave it out."
        )
    aimed = rule.destination
    fields.expect(
        aimed.service is None or not (aimed.ports or aimed.not_ports),
        "destination.services",
        "a service brings its own ports; leave out ports and notPorts.",
    )


def _check_versions(fields: Fields, rule: Rule) -> None:
    for name, protocol in (("protocol", rule.protocol), ("notProtocol", rule.not_protocol)):
        version = IP_VERSIONS.get(protocol or "")
        fields.expect(
            version is None or rule.ip_version in (None, version),
            "ipVersion",
            f"{name} is of IPv{version} alone; write {version}, or leave it out.",
        )
    seen = rule.ip_version
    for name, end in (("source", rule.source), ("destination", rule.destination)):
        for field, given in (("nets", end.nets), ("notNets", end.not_nets)):
            if given is None:
                continue
            found = given.version
            before = "ipVersion is" if rule.ip_version is not None else "nets before them are"
            said = (
                "they are of both IP versions"
                if found is None
                else f"they are of IPv{found}, {before} IPv{seen}"
            )
            agree = found is not None and seen in (None, found)
            fields.expect(agree, f"{name}.{field}", f"{said}; make a rule for each version.")
            seen = seen or found


def check_entity(fields: Fields) -> None:
    text = fields.text("selector") or ""
    fields.expect("global(" not in text, "selector", "global() belongs in namespaceSelector; move it there.")
    spaces = fields.text("namespaceSelector") or ""
    fields.expect(
        "global(" not in spaces or _GLOBAL.fullmatch(spaces) is not None,
        "namespaceSelector",
        "global() stands alone; make two rules of it and the rest.",
    )
    for each in _BESIDE_SERVICES:
        fields.expect(
            "services" not in fields or fields.value.get(each) in (None, "", []),
            "services",
            f"a service is all that an end is matched by; leave out {each}.",
        )


def check_directions(spec: Fields) -> None:
    """What a policy's rules may say of one direction alone. Those of profiles may say it of both."""
    for each in spec.items("egress"):
        each.expect("http" not in each, "http", "only ingress rules may have it; leave it out.")
        each.expect(
            "services" not in each.fields("source"),
            "source.services",
            "only a destination may be a service in an egress rule; move it there.",
        )
    for each in spec.items("ingress"):
        each.expect(
            "services" not in each.fields("destination"),
            "destination.services",
            "only a source may be a service in an ingress rule; move it there.",
        )
