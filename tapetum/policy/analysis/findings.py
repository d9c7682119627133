"""What is found of a rule, and of which rules it follows."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from tapetum.domain.policy_trace import UNMATCHED
from tapetum.policy.resources.policies import PolicyId
from tapetum.policy.rules import Direction


class FindingKind(StrEnum):
    """SHADOWED: no connection reaches the rule, as others before it match all that it would.

    REDUNDANT: without it, and nothing else changed, every connection is decided as with it. NO_MATCH: it
    matches no endpoint that its policy selects, or no peer that there is.
    """

    SHADOWED = "shadowed"
    REDUNDANT = "redundant"
    NO_MATCH = "no_match"


class Basis(StrEnum):
    """For which endpoints it holds: any that there may be, or those of the cluster as it is."""

    ANY = "any"
    CLUSTER = "cluster"


@dataclass(frozen=True, slots=True)
class RuleRef:
    """`rule` UNMATCHED is the end of the policy's tier."""

    policy: PolicyId
    direction: Direction
    rule: int

    @property
    def ends_tier(self) -> bool:
        return self.rule == UNMATCHED

    def __str__(self) -> str:
        id_ = self.policy
        if self.ends_tier:
            return f"the end of tier {id_.tier}"
        where = f"{id_.namespace}/" if id_.namespace else ""
        return f"{self.direction.lower()} rule {self.rule} of {id_.kind.value} {where}{id_.plain_name}"


@dataclass(frozen=True, slots=True)
class Finding:
    """`by`: the rules that together match what the rule would, in the order in which they are tried."""

    at: RuleRef
    kind: FindingKind
    basis: Basis
    by: tuple[RuleRef, ...] = ()

    def __str__(self) -> str:
        return self.said(self.by)

    def said(self, by: Sequence[RuleRef], *, hidden: bool = False) -> str:
        """With those of its rules that may be named; `hidden`: there are others."""
        whom = (
            "for any endpoints" if self.basis is Basis.ANY else "for the endpoints of the cluster as of then"
        )
        names = ", ".join([*dict.fromkeys(map(str, by)), *(["rules that you may not see"] if hidden else [])])
        match self.kind:
            case FindingKind.NO_MATCH:
                return "No endpoint that the policy selects, or no peer, is what this rule names."
            case FindingKind.SHADOWED:
                return f"Never reached, {whom}: all that it matches is decided before by {names}."
            case FindingKind.REDUNDANT:
                return f"Changes no verdict, {whom}: without it the same is decided by {names}."
