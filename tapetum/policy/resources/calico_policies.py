"""Calico's policies, staged and enforced, and their tiers."""

from typing import Any

from tapetum.domain.policy_trace import Action, PolicyKind
from tapetum.policy.documents.problem import shown
from tapetum.policy.labels import NAMESPACE
from tapetum.policy.resources.calico_rules import rules
from tapetum.policy.resources.fields import Fields
from tapetum.policy.resources.metadata import namespace_of
from tapetum.policy.resources.names import is_dotted, is_simple
from tapetum.policy.resources.policies import (
    BUILT_IN_TIERS,
    DEFAULT_TIER,
    Policy,
    PolicyId,
    Stage,
    StagedAction,
    Tier,
)
from tapetum.policy.resources.rule_checks import check_directions
from tapetum.policy.rules import Direction, Rule
from tapetum.policy.selectors import Equals, both, in_namespaces, of_service_accounts

_COMMON = (
    "tier", "order", "ingress", "egress", "selector", "types", "serviceAccountSelector", "performanceHints",
)  # fmt: skip
_GLOBAL = ("namespaceSelector", "doNotTrack", "preDNAT", "applyOnForward")
_HINTS = ("AssumeNeededOnEveryNode",)
_NOTHING: tuple[Any, ...] = (None, "", [], {})
_BUILT_IN = {each.name: each for each in BUILT_IN_TIERS}


def tier(document: Fields) -> Tier:
    """What the document of a built-in tier leaves out is what Calico gives to it.

    Another default action, which Calico refuses of it, is taken: what it would do can be asked.
    """
    spec = document.fields("spec")
    spec.only("order", "defaultAction")
    metadata = document.fields("metadata")
    name = metadata.name()
    metadata.expect(
        is_simple(name), "name", f"{shown(name)} cannot be a tier; write no dots, and 63 characters at most."
    )
    usual = _BUILT_IN.get(name, Tier(name, None))
    default = usual.default_action.value.capitalize()
    action = Action(spec.one_of("defaultAction", "Pass", "Deny", default=default).lower())
    order = spec.number("order")
    if usual.order is not None:
        here = f"Calico has it at {usual.order:.0f}; write that, or leave it out."
        spec.expect(order in (None, usual.order), "order", here)
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
    action = staged_action(spec, "tier") if staged else None
    spaces = spec.selector("namespaceSelector")
    accounts = spec.selector("serviceAccountSelector")
    for each in spec.texts("performanceHints"):
        spec.expect(each in _HINTS, "performanceHints", f"{shown(each)} is not known; write {_HINTS[0]}.")
    for each in ("selector", "serviceAccountSelector", "namespaceSelector"):
        spec.expect(
            "global(" not in (spec.text(each) or ""),
            each,
            "global() belongs in namespaceSelector of a rule's source or destination; leave it out.",
        )
    ingress, egress = (rules(spec, direction, namespace) for direction in Direction)
    check_directions(spec)
    types = _types(spec, ingress, egress)
    stage = _stage(spec, types)
    if stage is Stage.PRE_DNAT:  # forgiven or not, egress is never seen before translation
        types -= {Direction.EGRESS}
    return Policy(
        id=PolicyId(kind, namespace, document.fields("metadata").name(), _tier(spec)),
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
        stage=stage,
        apply_on_forward=spec.flag("applyOnForward"),
    )


def _tier(spec: Fields) -> str:
    if not spec.text("tier"):
        return DEFAULT_TIER
    name = spec.name("tier")
    said = f"{shown(name)} cannot be a tier; write no dots, and 63 characters at most."
    spec.expect(is_simple(name) or not is_dotted(name), "tier", said)
    return name


def staged_action(spec: Fields, *beside: str) -> StagedAction:
    """A deletion has nothing to say but what it deletes: these fields, and no other."""
    action = StagedAction(spec.one_of("stagedAction", *StagedAction, default=StagedAction.SET))
    for name, value in spec.value.items():
        spec.expect(
            action is not StagedAction.DELETE
            or name in ("stagedAction", *beside)
            or value is False
            or value in _NOTHING,
            name[:80],
            "a policy whose stagedAction is Delete has no such field; leave it out.",
        )
    return action


def _types(spec: Fields, ingress: tuple[Rule, ...], egress: tuple[Rule, ...]) -> frozenset[Direction]:
    given = spec.texts("types")
    for each in given:
        if each not in list(Direction):
            raise spec.wrong("types", f"{each[:40]!r} is not a direction; write Ingress, Egress or both.")
    if given:
        spec.expect(len(set(given)) == len(given), "types", "one is given twice; keep one of them.")
        return frozenset(map(Direction, given))
    if spec.stored:  # Felix takes no types for both: policies from before there were types
        return frozenset((Direction.INGRESS,)) if spec.flag("preDNAT") else frozenset(Direction)
    if egress:
        return frozenset(Direction) if ingress else frozenset((Direction.EGRESS,))
    return frozenset((Direction.INGRESS,))


def _stage(spec: Fields, types: frozenset[Direction]) -> Stage:
    untracked, early = spec.flag("doNotTrack"), spec.flag("preDNAT")
    spec.expect(
        not (untracked and early), "preDNAT", "a policy is either doNotTrack or preDNAT; drop one of the two."
    )
    spec.expect(
        not early or not (spec.plain_list("egress") or Direction.EGRESS in types),
        "preDNAT",
        "only ingress is seen before translation; leave egress to another policy.",
    )
    spec.expect(
        spec.flag("applyOnForward") or not (untracked or early),
        "applyOnForward",
        f"{'doNotTrack' if untracked else 'preDNAT'} is of forwarded traffic too; set this to true.",
    )
    return Stage.UNTRACKED if untracked else Stage.PRE_DNAT if early else Stage.NORMAL
