"""AdminNetworkPolicy, BaselineAdminNetworkPolicy and ClusterNetworkPolicy in the model of Calico's rules.

A rule that has no such form fails closed, as Calico has it: one that allows is dropped, any other
denies everything. The policy's notes say so.
"""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from tapetum.domain.policy_trace import PolicyKind
from tapetum.policy.documents.problem import Refused
from tapetum.policy.resources import label_selectors
from tapetum.policy.resources.cluster_peers import count, peer, pods
from tapetum.policy.resources.cluster_ports import Inconvertible, names_ports, protocol_ports
from tapetum.policy.resources.fields import Fields
from tapetum.policy.resources.kubernetes_rules import ANYTHING, expanded
from tapetum.policy.resources.policies import Policy, PolicyId
from tapetum.policy.rules import Direction, Rule, RuleAction
from tapetum.policy.selectors import Selector, both

_Form = TypeVar("_Form")
_LAST_PRIORITY = 1000
_LONGEST_NAME = 100
_MOST = {"ports": 100, "protocols": 25}
"""How many rules, and of each rule peers and ports: by what the ports are called."""
_ADMIN_ACTIONS = {"Allow": RuleAction.ALLOW, "Deny": RuleAction.DENY, "Pass": RuleAction.PASS}
_BASELINE_ACTIONS = {"Allow": RuleAction.ALLOW, "Deny": RuleAction.DENY}
_CLUSTER_ACTIONS = {"Accept": RuleAction.ALLOW, "Deny": RuleAction.DENY, "Pass": RuleAction.PASS}
_CLUSTER_TIERS = {"Admin": "kube-admin", "Baseline": "kube-baseline"}


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
    metadata = document.fields("metadata")
    name = metadata.name()
    metadata.expect(name == "default", "name", "a cluster has one, which is called default; rename it.")
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
        count(spec, direction.value.lower(), _MOST[ports])
        for origin, each in enumerate(spec.items(direction.value.lower())):
            ends = "from" if direction is Direction.INGRESS else "to"
            each.only("name", "action", ends, ports)
            _check(each, ends, ports)
            action = actions[each.one_of("action", *actions)]
            try:
                # All is read before anything is converted: what is wrong is never hidden by what has no form.
                peers = [peer(given, direction, action, ports) for given in each.items(ends)]
                allowed = list(protocol_ports(each, ports)) or [ANYTHING]
                if not peers:
                    raise each.wrong(ends, "it is empty; name at least one peer.")
                rules.extend(expanded(action, direction, _converted(peers), _converted(allowed), origin))
            except Inconvertible as error:
                notes.append(f"{each.path}: {error}; {_closed(rules, action, origin)}")
    ingress, egress = (tuple(found[each]) for each in (Direction.INGRESS, Direction.EGRESS))
    return Policy(
        id=id_,
        order=order,
        selector=_subject(spec.fields("subject"), ports),
        ingress=ingress or None,  # the tiers pass by default, so no rules is no policy
        egress=egress or None,
        notes=tuple(notes),
    )


def _check(rule: Fields, ends: str, ports: str) -> None:
    fits = len(rule.text("name") or "") <= _LONGEST_NAME
    rule.expect(fits, "name", f"it is longer than {_LONGEST_NAME} characters; shorten it.")
    for name in (ends, ports):
        count(rule, name, _MOST[ports])
    rule.expect(
        ports not in rule or bool(rule.plain_list(ports)), ports, "it is empty; leave it out for any."
    )
    nameless = any(set(each.value) & {"networks", "nodes", "domainNames"} for each in rule.items(ends))
    rule.expect(
        not nameless or not names_ports(rule, ports), ports, "only pods name ports; give them as numbers."
    )


def _closed(rules: list[Rule], action: RuleAction, origin: int) -> str:
    if action is RuleAction.ALLOW:
        return "the rule is left out"
    rules.append(Rule(RuleAction.DENY, origin=origin))
    return "the rule denies everything"


def _subject(fields: Fields, ports: str) -> Selector:
    fields.only("namespaces", "pods")
    if ("namespaces" in fields) == ("pods" in fields):
        raise Refused("a subject is either namespaces or pods; set one of the two.", path=fields.path)
    if "namespaces" in fields:
        return both(label_selectors.namespaces(fields.fields("namespaces")), label_selectors.POD)
    return pods(fields.fields("pods"), ports)


def _converted(found: Iterable[_Form | Inconvertible]) -> Iterator[_Form]:
    for each in found:
        if isinstance(each, Inconvertible):
            raise each
        yield each
