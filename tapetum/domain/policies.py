"""Policies by their natural keys, and what was seen of them: where they were applied and what they did."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from tapetum.domain.policy_trace import Action


class PolicySide(StrEnum):
    """Which traffic of an endpoint a policy was applied to: what leaves it, or what reaches it."""

    EGRESS = "egress"
    INGRESS = "ingress"


@dataclass(frozen=True, slots=True)
class PolicyRef:
    """A policy, a profile or the end of a tier, as `kind` says; a part that a log leaves out is empty."""

    cluster: str
    tier: str
    kind: str
    namespace: str | None
    name: str

    @property
    def order(self) -> tuple[str, ...]:
        """By which lists are sorted: tier by tier."""
        return self.cluster, self.tier, self.kind, self.namespace or "", self.name


@dataclass(frozen=True, slots=True)
class PolicyUse:
    """What a policy did. With `end_of_tier` none of its rules matched: the actions are its tier's default."""

    policy: PolicyRef
    end_of_tier: bool
    actions: tuple[Action, ...]
    sides: tuple[PolicySide, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """One thing that a policy did at one side of an edge. `code`, below 16, is stored: it never changes."""

    action: Action
    side: PolicySide
    end_of_tier: bool

    @property
    def code(self) -> int:
        side = INGRESS_BIT if self.side is PolicySide.INGRESS else 0
        return ACTIONS.index(self.action) | side | (END_OF_TIER_BIT if self.end_of_tier else 0)

    @classmethod
    def of(cls, code: int) -> "Decision":
        return cls(ACTIONS[code & 3], SIDES[bool(code & INGRESS_BIT)], bool(code & END_OF_TIER_BIT))


ACTIONS = (Action.ALLOW, Action.DENY, Action.PASS)
INGRESS_BIT, END_OF_TIER_BIT = 4, 8
SIDES = (PolicySide.EGRESS, PolicySide.INGRESS)


def uses(seen: Iterable[tuple[PolicyRef, int]]) -> list[PolicyUse]:
    """From (policy, code of a decision) in any order, each as often as it comes."""
    found: dict[tuple[PolicyRef, bool], set[Decision]] = {}
    for policy, code in set(seen):
        decision = Decision.of(code)
        found.setdefault((policy, decision.end_of_tier), set()).add(decision)
    ordered = sorted(found.items(), key=lambda item: (item[0][0].order, item[0][1]))
    return [
        PolicyUse(
            policy,
            end_of_tier,
            tuple(action for action in ACTIONS if any(each.action is action for each in decisions)),
            tuple(side for side in SIDES if any(each.side is side for each in decisions)),
        )
        for (policy, end_of_tier), decisions in ordered
    ]
