"""Calico's policies, staged and enforced, and their tiers."""

from tapetum.domain.policy_trace import Action, PolicyKind
from tapetum.policy.labels import NAMESPACE
from tapetum.policy.resources.calico_rules import rules
from tapetum.policy.resources.fields import Fields
from tapetum.policy.resources.metadata import namespace_of
from tapetum.policy.resources.policies import (
    BUILT_IN_TIERS,
    DEFAULT_TIER,
    Policy,
    PolicyId,
    Stage,
    StagedAction,
    Tier,
)
from tapetum.policy.rules import Direction, Rule
from tapetum.policy.selectors import Equals, both, in_namespaces, of_service_accounts

_COMMON = (
    "tier", "order", "ingress", "egress", "selector", "types", "serviceAccountSelector", "performanceHints",
)  # fmt: skip
_GLOBAL = ("namespaceSelector", "doNotTrack", "preDNAT", "applyOnForward")
_BUILT_IN = {each.name: each for each in BUILT_IN_TIERS}


def tier(document: Fields) -> Tier:
    """What the document of a built-in tier leaves out is what Calico gives to it."""
    spec = document.fields("spec")
    spec.only("order", "defaultAction")
    name = document.fields("metadata").name()
    usual = _BUILT_IN.get(name, Tier(name, None))
    default = usual.default_action.value.capitalize()
    action = Action(spec.one_of("defaultAction", "Pass", "Deny", default=default).lower())
    order = spec.number("order")
    return Tier(name, usual.order if order is None else order, action)


def network_policy(document: Fields, *, staged: bool = False) -> Policy:
    kind = PolicyKind.STAGED_NETWORK_POLICY if staged else PolicyKind.NETWORK_POLICY
    return _policy(document, kind, namespace_of(document), staged=staged)


def global_network_policy(document: Fields, *, staged: bool = False) -> Policy:
    kind = PolicyKind.STAGED_GLOBAL_NETWORK_POLICY if staged else PolicyKind.GLOBAL_NETWORK_POLICY
    return _policy(document, kind, None, staged=staged)


def _policy(document: Fields, kind: PolicyKind, namespace: str | None, *, staged: bool) -> Policy:
    spec = document.fields("spec")
    spec.only(*_COMMON, *(_GLOBAL if namespace is None else ()), *(("stagedAction",) if staged else ()))
    action = staged_action(spec) if staged else None
    spaces = spec.selector("namespaceSelector")
    accounts = spec.selector("serviceAccountSelector")
    ingress, egress = (rules(spec, direction, namespace) for direction in Direction)
    types = _types(spec, ingress, egress)
    return Policy(
        id=PolicyId(kind, namespace, document.fields("metadata").name(), spec.text("tier") or DEFAULT_TIER),
        order=spec.number("order"),
        selector=both(
            Equals(NAMESPACE, namespace) if namespace is not None else None,
            in_namespaces(spaces) if spaces is not None else None,
            of_service_accounts(accounts) if accounts is not None else None,
            spec.selector("selector"),
        ),
        ingress=ingress if Direction.INGRESS in types else None,
        egress=egress if Direction.EGRESS in types else None,
        staged=action,
        stage=_stage(spec, types),
        apply_on_forward=spec.flag("applyOnForward"),
    )


def staged_action(spec: Fields) -> StagedAction:
    return StagedAction(spec.one_of("stagedAction", *StagedAction, default=StagedAction.SET))


def _types(spec: Fields, ingress: tuple[Rule, ...], egress: tuple[Rule, ...]) -> frozenset[Direction]:
    given = spec.texts("types")
    for each in given:
        if each not in list(Direction):
            raise spec.wrong("types", f"{each[:40]!r} is not a direction; write Ingress, Egress or both.")
    if given:
        return frozenset(map(Direction, given))
    if spec.stored:  # Felix takes no types for both: policies from before there were types
        early = spec.flag("preDNAT") and not egress
        return frozenset((Direction.INGRESS,)) if early else frozenset(Direction)
    if egress:
        return frozenset(Direction) if ingress else frozenset((Direction.EGRESS,))
    return frozenset((Direction.INGRESS,))


def _stage(spec: Fields, types: frozenset[Direction]) -> Stage:
    untracked, early = spec.flag("doNotTrack"), spec.flag("preDNAT")
    if untracked and early:
        raise spec.wrong("preDNAT", "a policy is either doNotTrack or preDNAT; drop one of the two.")
    if early and Direction.EGRESS in types:
        raise spec.wrong(
            "preDNAT", "only ingress is seen before translation; leave egress to another policy."
        )
    return Stage.UNTRACKED if untracked else Stage.PRE_DNAT if early else Stage.NORMAL
