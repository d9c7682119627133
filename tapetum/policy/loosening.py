"""What a change of one policy or tier opens, as far as the object alone tells it.

Sound for what it names, not complete: whether other policies still stop what is let through is the what-if's
question, which asks all of them.
"""

from collections.abc import Iterator

from tapetum.domain.policy_trace import Action
from tapetum.policy.addresses import FOUR
from tapetum.policy.resources.policies import Policy, Tier
from tapetum.policy.rules import Direction, Entity, Rule, RuleAction
from tapetum.policy.selectors import ALL, And, Equals, Has, Selector
from tapetum.policy.wording import peer_of, traffic_of

_EVERY = (ALL, Has("projectcalico.org/namespace"), Equals("projectcalico.org/orchestrator", "k8s"))
_LETS_ON = (RuleAction.ALLOW, RuleAction.PASS)


def loosened(before: Policy | Tier | None, after: Policy | Tier) -> tuple[str, ...]:
    """Sentences' ends, such as `allows ingress from anyone`; empty where nothing is opened.

    `before` None: it is new, or nobody knows how it was; then it is told only where it allows all ingress,
    and all egress if it governs that: egress that is open by itself is common.
    """
    if isinstance(after, Tier):
        was = before if isinstance(before, Tier) else None
        return tuple(_tier(was, after))
    if after.staged is not None:
        return ()
    was = before if isinstance(before, Policy) else None
    if was is None and (after.ingress is None or not all(_everything(after, each) for each in Direction)):
        return ()
    return tuple(each for direction in Direction for each in _policy(was, after, direction))


def _tier(before: Tier | None, after: Tier) -> Iterator[str]:
    if before is not None and before.default_action is Action.DENY != after.default_action:
        yield f"ends with {after.default_action.value} instead of deny"


def _policy(before: Policy | None, after: Policy, direction: Direction) -> Iterator[str]:
    way, rules = direction.value.lower(), after.rules(direction)
    earlier = None if before is None else before.rules(direction)
    if rules is None:
        if earlier is not None:
            yield f"no longer governs {way}"
        return
    if before is not None and earlier is None:  # all was let through
        return
    new = [each for each in rules if earlier is None or each not in earlier]
    opening = [each for each in new if _opens(each, direction, known=earlier is not None)]
    for rule in opening:
        traffic = traffic_of(rule)
        what = f"allows {way}" if traffic == "any" else f"allows {way} of {traffic}"
        yield f"{what} {_FROM[direction]} {_whom(rule, direction)}"
    for place, rule in enumerate(earlier or ()):
        lets = any(each.action in _LETS_ON for each in (earlier or ())[place + 1 :])
        if rule.action is RuleAction.DENY and lets and rule not in rules:
            yield f"no longer denies {way} of {traffic_of(rule)} {_FROM[direction]} {_whom(rule, direction)}"


_FROM = {Direction.INGRESS: "from", Direction.EGRESS: "to"}


def _everything(policy: Policy, direction: Direction) -> bool:
    rules = policy.rules(direction)
    return rules is None or any(_opens(each, direction, known=False) for each in rules)


def _whom(rule: Rule, direction: Direction) -> str:
    peer = rule.source if direction is Direction.INGRESS else rule.destination
    if peer.selector is not None and _all(peer.selector):
        return "every endpoint"
    return peer_of(rule, direction) or "anyone"


def _all(selector: Selector) -> bool:
    """Whether it means all endpoints, or all in namespaces, as `namespaceSelector: {}` does."""
    if isinstance(selector, And):
        return all(map(_all, selector.terms))
    return selector in _EVERY


def _opens(rule: Rule, direction: Direction, *, known: bool) -> bool:
    """To anyone, or to every endpoint. Of what is new only all traffic: doors for everybody have a port."""
    if rule.action is not RuleAction.ALLOW:
        return False
    peer = rule.source if direction is Direction.INGRESS else rule.destination
    if known:
        return _anyone(peer, endpoints=True)
    return _anyone(peer, endpoints=False) and traffic_of(rule) in ("any", "IPv4", "IPv6")


def _anyone(peer: Entity, *, endpoints: bool) -> bool:
    if peer.not_nets or peer.not_selector or peer.service or peer.domains:
        return False
    if peer.selector is not None and not (endpoints and _all(peer.selector)):
        return False
    return peer.nets is None or peer.nets >= FOUR
