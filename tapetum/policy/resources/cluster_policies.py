"""AdminNetworkPolicy, BaselineAdminNetworkPolicy and ClusterNetworkPolicy in the model of Calico's rules.

A rule that has no such form fails closed, as Calico has it: one that allows is dropped, any other
denies everything. The policy's notes say so.
"""

from collections.abc import Iterator

from tapetum.domain.policy_trace import PolicyKind
from tapetum.policy.documents.problem import Refused
from tapetum.policy.resources import label_selectors
from tapetum.policy.resources.fields import Fields
from tapetum.policy.resources.kubernetes_policies import PROTOCOLS
from tapetum.policy.resources.kubernetes_rules import ANYTHING, ProtocolPort, expanded
from tapetum.policy.resources.policies import Policy, PolicyId
from tapetum.policy.rules import LAST_PORT, Direction, Entity, Rule, RuleAction
from tapetum.policy.selectors import Selector, both

_LAST_PRIORITY = 1000
_ADMIN_ACTIONS = {"Allow": RuleAction.ALLOW, "Deny": RuleAction.DENY, "Pass": RuleAction.PASS}
_BASELINE_ACTIONS = {"Allow": RuleAction.ALLOW, "Deny": RuleAction.DENY}
_CLUSTER_ACTIONS = {"Accept": RuleAction.ALLOW, "Deny": RuleAction.DENY, "Pass": RuleAction.PASS}
_CLUSTER_TIERS = {"Admin": "kube-admin", "Baseline": "kube-baseline"}


class _Inconvertible(Exception):  # noqa: N818 - caught where the rule is dropped or closed
    """What a rule asks for has no form in Calico's rules."""


def cluster_network_policy(document: Fields) -> Policy:
    spec = document.fields("spec")
    spec.only("tier", "priority", "subject", "ingress", "egress")
    tier = _CLUSTER_TIERS[spec.one_of("tier", *_CLUSTER_TIERS)]
    id_ = PolicyId(PolicyKind.CLUSTER_NETWORK_POLICY, None, document.fields("metadata").name(), tier)
    return _policy(spec, id_, _priority(spec), _CLUSTER_ACTIONS, "protocols")


def admin_network_policy(document: Fields) -> Policy:
    spec = document.fields("spec")
    spec.only("priority", "subject", "ingress", "egress")
    name = document.fields("metadata").name()
    id_ = PolicyId(PolicyKind.ADMIN_NETWORK_POLICY, None, name, "adminnetworkpolicy")
    return _policy(spec, id_, _priority(spec), _ADMIN_ACTIONS, "ports")


def baseline_admin_network_policy(document: Fields) -> Policy:
    spec = document.fields("spec")
    spec.only("subject", "ingress", "egress")
    name = document.fields("metadata").name()
    id_ = PolicyId(PolicyKind.BASELINE_ADMIN_NETWORK_POLICY, None, name, "baselineadminnetworkpolicy")
    return _policy(spec, id_, None, _BASELINE_ACTIONS, "ports")


def _priority(spec: Fields) -> float:
    found = spec.whole("priority", 0, _LAST_PRIORITY)
    if found is None:
        raise spec.wrong("priority", f"it is missing; write a number from 0 to {_LAST_PRIORITY}.")
    return float(found)


def _policy(
    spec: Fields, id_: PolicyId, order: float | None, actions: dict[str, RuleAction], ports: str
) -> Policy:
    notes: list[str] = []
    found: dict[Direction, list[Rule]] = {each: [] for each in Direction}
    for direction, rules in found.items():
        for origin, each in enumerate(spec.items(direction.value.lower())):
            ends = "from" if direction is Direction.INGRESS else "to"
            each.only("name", "action", ends, ports)
            action = actions[each.one_of("action", *actions)]
            try:
                peers = [peer for given in each.items(ends) for peer in _peers(given, direction)]
                if not peers:
                    raise each.wrong(ends, "it is empty; name at least one peer.")
                allowed = list(_ports(each, ports)) or [ANYTHING]
                rules.extend(expanded(action, direction, peers, allowed, origin))
            except _Inconvertible as error:
                notes.append(f"{each.path}: {error}; {_closed(rules, action, origin)}")
    ingress, egress = (tuple(found[each]) for each in (Direction.INGRESS, Direction.EGRESS))
    return Policy(
        id=id_,
        order=order,
        selector=_subject(spec.fields("subject")),
        ingress=ingress or None,  # the tiers pass by default, so no rules is no policy
        egress=egress or None,
        notes=tuple(notes),
    )


def _closed(rules: list[Rule], action: RuleAction, origin: int) -> str:
    if action is RuleAction.ALLOW:
        return "the rule is left out"
    rules.append(Rule(RuleAction.DENY, origin=origin))
    return "the rule denies everything"


def _subject(fields: Fields) -> Selector:
    fields.only("namespaces", "pods")
    if ("namespaces" in fields) == ("pods" in fields):
        raise Refused("a subject is either namespaces or pods; set one of the two.", path=fields.path)
    if "namespaces" in fields:
        return both(label_selectors.namespaces(fields.fields("namespaces")), label_selectors.POD)
    return _pods(fields.fields("pods"))


def _pods(fields: Fields) -> Selector:
    fields.only("namespaceSelector", "podSelector")
    return both(
        label_selectors.namespaces(fields.fields("namespaceSelector")),
        label_selectors.pods(fields.fields("podSelector")),
    )


def _peers(fields: Fields, direction: Direction) -> Iterator[Entity]:
    outward = ("networks", "nodes", "domainNames") if direction is Direction.EGRESS else ()
    fields.only("namespaces", "pods", *outward)
    if len([each for each in fields.value.values() if each is not None]) != 1:
        raise Refused("a peer is exactly one thing; set one field, or make several peers.", path=fields.path)
    if "namespaces" in fields:
        yield Entity(selector=label_selectors.namespaces(fields.fields("namespaces")))
    elif "pods" in fields:
        yield Entity(selector=_pods(fields.fields("pods")))
    elif "networks" in fields:
        yield Entity(nets=fields.nets("networks"))
    else:
        raise _Inconvertible(f"peers by {next(iter(fields.value))} cannot be converted")


def _ports(rule: Fields, name: str) -> Iterator[ProtocolPort]:
    for each in rule.items(name):
        yield _cluster_port(each) if name == "protocols" else _admin_port(each)


def _cluster_port(fields: Fields) -> ProtocolPort:
    fields.only("tcp", "udp", "sctp", "destinationNamedPort")
    if "destinationNamedPort" in fields:
        raise _Inconvertible("named ports cannot be converted")
    given = [each for each in ("tcp", "udp", "sctp") if each in fields]
    if len(given) != 1:
        raise Refused("a protocol is one of tcp, udp, sctp, destinationNamedPort.", path=fields.path)
    protocol = fields.fields(given[0])
    protocol.only("destinationPort")
    if "destinationPort" not in protocol:
        return ProtocolPort(given[0], None)
    port = protocol.fields("destinationPort")
    port.only("number", "range")
    number = port.whole("number", 1, LAST_PORT)
    return ProtocolPort(given[0], (number, number) if number is not None else _range(port.fields("range")))


def _admin_port(fields: Fields) -> ProtocolPort:
    fields.only("portNumber", "portRange", "namedPort")
    if "namedPort" in fields:
        raise _Inconvertible("named ports cannot be converted")
    given = fields.fields("portNumber" if "portNumber" in fields else "portRange")
    given.only("protocol", *(("port",) if "portNumber" in fields else ("start", "end")))
    protocol = given.one_of("protocol", *PROTOCOLS, default="TCP").lower()
    if "portNumber" not in fields:
        return ProtocolPort(protocol, _range(given))
    number = given.whole("port", 1, LAST_PORT)
    if number is None:
        raise given.wrong("port", "it is missing; write a number.")
    return ProtocolPort(protocol, (number, number))


def _range(fields: Fields) -> tuple[int, int]:
    first, last = fields.whole("start", 1, LAST_PORT), fields.whole("end", 1, LAST_PORT)
    if first is None or last is None or last < first:
        raise Refused("a range needs a start and an end that is not below it.", path=fields.path)
    return first, last
