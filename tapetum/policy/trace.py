"""What an evaluation found: the verdict, the steps to it, and what could not be known on the way."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from tapetum.domain.policy_trace import UNMATCHED, Action, PolicyHit
from tapetum.policy.resources.policies import STAGED_OF, PolicyId
from tapetum.policy.rules import Direction
from tapetum.policy.truth import Fact


class Verdict(StrEnum):
    ALLOW = "allow"
    DENY = "deny"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True)
class Step:
    """`rule` is the converted rule's index as logs have it, UNMATCHED at a tier's end.

    `origin` is the index of the rule in the document.
    """

    policy: PolicyId
    action: Action
    rule: int = UNMATCHED
    origin: int | None = None

    def hit(self, index: int) -> PolicyHit:
        ended = self.rule == UNMATCHED
        where = f"{self.policy.namespace}/" if self.policy.namespace else ""
        return PolicyHit(
            index=index,
            tier=self.policy.tier,
            kind=self.policy.kind,
            namespace=self.policy.namespace,
            name=self.policy.plain_name,
            action=self.action,
            rule_index=self.rule,
            staged=self.policy.kind in STAGED_OF,
            end_of_tier=ended,
            trigger=f"{where}{self.policy.plain_name}" if ended else None,
        )


@dataclass(frozen=True, slots=True)
class Doubt:
    """A step that may have been taken, for want of `missing`."""

    step: Step
    missing: frozenset[Fact]

    def __str__(self) -> str:
        rule = "its tier's end" if self.step.rule == UNMATCHED else f"rule {self.step.rule}"
        facts = ", ".join(sorted(self.missing))
        return f"{self.step.policy.kind.value} {self.step.policy.name}, {rule}: {facts} not known"


@dataclass(frozen=True, slots=True)
class Trace:
    """`steps` is the way that is taken if no doubtful step is; with `doubts` it may be another.

    `verdict` is certain where every way that may be taken ends the same, doubts or not.
    """

    verdict: Verdict
    steps: tuple[Step, ...]
    doubts: tuple[Doubt, ...] = ()

    @property
    def hits(self) -> tuple[PolicyHit, ...]:
        return tuple(step.hit(index) for index, step in enumerate(self.steps))

    @property
    def missing(self) -> frozenset[Fact]:
        return frozenset[Fact]().union(*(doubt.missing for doubt in self.doubts))


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one end decides: now; with staged policies in force; and as Calico logs it as pending.

    `pending` replaces a policy by its staged edit and leaves out what is staged for deletion;
    `logged_pending` puts staged policies beside the others, which is what Calico's logs tell.
    """

    direction: Direction
    enforced: Trace
    pending: Trace
    logged_pending: Trace


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Egress of the source and ingress of the destination; None: no policy governs that end."""

    egress: Judgement | None
    ingress: Judgement | None

    @property
    def verdict(self) -> Verdict:
        return combined(each.enforced.verdict for each in self._ends)

    @property
    def pending_verdict(self) -> Verdict:
        return combined(each.pending.verdict for each in self._ends)

    @property
    def _ends(self) -> tuple[Judgement, ...]:
        return tuple(each for each in (self.egress, self.ingress) if each is not None)


def combined(verdicts: Iterable[Verdict]) -> Verdict:
    """Of both ends: one denial denies; allowed only where both allow."""
    found = set(verdicts)
    for each in (Verdict.DENY, Verdict.UNCERTAIN):
        if each in found:
            return each
    return Verdict.ALLOW
