"""Peers of rules of cluster-wide policies: whom they let in or out."""

from tapetum.policy.documents.problem import Refused, printable
from tapetum.policy.resources import label_selectors
from tapetum.policy.resources.cluster_ports import Inconvertible
from tapetum.policy.resources.domains import domain_patterns
from tapetum.policy.resources.fields import Fields
from tapetum.policy.resources.nets import nets
from tapetum.policy.rules import Direction, Entity, RuleAction
from tapetum.policy.selectors import Selector, both

_MOST_ADDRESSES = 25
_EARLY = ("namespaceSelector", "sameLabels", "notSameLabels")


def peer(fields: Fields, direction: Direction, action: RuleAction, ports: str) -> Entity | Inconvertible:
    outward = ("networks", "nodes", "domainNames") if direction is Direction.EGRESS else ()
    fields.only("namespaces", "pods", *outward)
    if len([each for each in fields.value.values() if each is not None]) != 1:
        raise Refused("a peer is exactly one thing; set one field, or make several peers.", path=fields.path)
    if "namespaces" in fields:
        return _of(_namespaces(fields.fields("namespaces"), ports))
    if "pods" in fields:
        within = fields.fields("pods")
        if ports == "ports" and "namespaces" in within:
            return _of(_early_pods(within, ports))
        return Entity(selector=pods(within, ports))
    if "networks" in fields:
        given = nets(fields, "networks")
        if given is None:
            raise fields.wrong("networks", "it is empty; name at least one.")
        count(fields, "networks", _MOST_ADDRESSES)
        return Entity(nets=given)
    if "nodes" in fields:
        label_selectors.selector_of(fields.fields("nodes"))
        return Inconvertible("peers by nodes cannot be converted")
    if "domainNames" in fields:
        if not domain_patterns(fields, "domainNames"):
            raise fields.wrong("domainNames", "it is empty; name at least one.")
        count(fields, "domainNames", _MOST_ADDRESSES)
        allows = action is RuleAction.ALLOW
        fields.expect(allows, "domainNames", "they work only in rules that allow; write networks instead.")
    return Inconvertible(f"peers by {printable(next(iter(fields.value)), 80)} cannot be converted")


def pods(fields: Fields, ports: str) -> Selector:
    fields.only("namespaceSelector", "podSelector")
    for each in ("podSelector",) if ports == "protocols" else ("namespaceSelector", "podSelector"):
        fields.expect(each in fields, each, "it is missing; write {} for all.")
    return both(
        label_selectors.namespaces(fields.fields("namespaceSelector")),
        label_selectors.pods(fields.fields("podSelector")),
    )


def _of(selector: Selector | Inconvertible) -> Entity | Inconvertible:
    return selector if isinstance(selector, Inconvertible) else Entity(selector=selector)


def _namespaces(fields: Fields, ports: str) -> Selector | Inconvertible:
    """The first releases of v1alpha1 had the selector one level deeper, beside terms about the subject."""
    if ports != "ports" or not any(each in fields.value for each in _EARLY):
        return label_selectors.namespaces(fields)
    fields.only(*_EARLY)
    if len([each for each in _EARLY if each in fields]) != 1:
        raise Refused(f"namespaces are one of {', '.join(_EARLY)}; set one.", path=fields.path)
    if "namespaceSelector" in fields:
        return label_selectors.namespaces(fields.fields("namespaceSelector"))
    for each in _EARLY[1:]:
        fields.texts(each)
    return Inconvertible("namespaces by what they share with the subject cannot be converted")


def _early_pods(fields: Fields, ports: str) -> Selector | Inconvertible:
    fields.only("namespaces", "podSelector")
    where = _namespaces(fields.fields("namespaces"), ports)
    which = label_selectors.pods(fields.fields("podSelector"))
    return where if isinstance(where, Inconvertible) else both(where, which)


def count(fields: Fields, name: str, most: int) -> None:
    given = len(fields.plain_list(name))
    fields.expect(given <= most, name, f"it has {given} items, more than {most}; make several of it.")
