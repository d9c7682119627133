"""One end in one direction, tier by tier. At a rule that may match both ways are followed.

They meet again at the next tier, so that this stays one pass over the policies.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from tapetum.domain.policy_trace import PROFILE_TIER, Action, PolicyKind
from tapetum.policy.evaluate.matching import Matcher
from tapetum.policy.resources.endpoints import Profile
from tapetum.policy.resources.policies import Policy, PolicyId, Tier
from tapetum.policy.rules import Direction, Rule, RuleAction
from tapetum.policy.trace import Doubt, Step, Trace, Verdict
from tapetum.policy.truth import Fact, Match, Unknown, all_of, any_of, unknown

_ACTIONS = {RuleAction.ALLOW: Action.ALLOW, RuleAction.DENY: Action.DENY, RuleAction.PASS: Action.PASS}
_NO_PROFILE = PolicyId(PolicyKind.PROFILE, None, PROFILE_TIER, PROFILE_TIER)


@dataclass(slots=True)
class Walk:
    """`sure`: the way on which no doubtful step is taken goes on. `maybe`: some other way does."""

    matcher: Matcher
    direction: Direction
    sure: bool = True
    maybe: bool = False
    _steps: list[Step] = field(default_factory=list[Step])
    _doubts: list[Doubt] = field(default_factory=list[Doubt])
    _outcomes: set[Action] = field(default_factory=set[Action])

    @property
    def _labels_fact(self) -> Fact:
        return Fact.SOURCE_LABELS if self.direction is Direction.EGRESS else Fact.DESTINATION_LABELS

    @property
    def over(self) -> bool:
        return not self.sure and not self.maybe

    def tier(
        self, tier: Tier, policies: Sequence[tuple[Policy, bool | None]], *, has_end: bool = True
    ) -> None:
        """Policies that select the subject, or may (None).

        `has_end` False: the tier's default action does not apply where no rule matches.
        """
        applied: Match = False
        first: Policy | None = None
        leaves = False
        for policy, held in policies:
            selected = unknown(self._labels_fact) if held is None else held
            if first is None or (selected is True and applied is not True):
                first = policy
            applied = any_of((applied, selected))
            decided, passes = self._rules(policy.id, policy.rules(self.direction) or (), selected, leaves)
            if decided:
                return
            leaves = leaves or passes
        self.maybe = self.maybe or leaves
        if first is None or not has_end:
            return
        step = Step(first.id, tier.default_action)
        if isinstance(applied, Unknown):
            self._doubt(step, applied)
        else:
            self._take(step, leaves)

    def profile(self, profile: Profile) -> None:
        """After the last tier, one by one while the walk is not over."""
        rules = profile.ingress if self.direction is Direction.INGRESS else profile.egress
        self._rules(PolicyId(PolicyKind.PROFILE, None, profile.name, PROFILE_TIER), rules, True, False)

    def unknown_profile(self, name: str, why: Unknown) -> None:
        id_ = PolicyId(PolicyKind.PROFILE, None, name, PROFILE_TIER)
        for action in (Action.ALLOW, Action.DENY):
            self._doubt(Step(id_, action), why)

    def end(self) -> Trace:
        """Whoever comes to the end is denied."""
        if not self.over:
            self._take(Step(_NO_PROFILE, Action.DENY), False)
        verdict = Verdict.UNCERTAIN if len(self._outcomes) > 1 else Verdict(next(iter(self._outcomes)).value)
        return Trace(verdict, tuple(self._steps), tuple(self._doubts))

    def _rules(
        self, policy: PolicyId, rules: Sequence[Rule], selected: Match, leaves: bool
    ) -> tuple[bool, bool]:
        """Whether a rule decided for every way, and whether some way may have passed on."""
        for index, rule in enumerate(rules):
            if rule.action is RuleAction.LOG:
                continue
            matched = self.matcher.matches(rule)
            if matched is False:
                continue
            step = Step(policy, _ACTIONS[rule.action], index, rule.origin)
            matched = all_of((selected, matched))
            if isinstance(matched, Unknown):
                self._doubt(step, matched)
                leaves = leaves or step.action is Action.PASS
                continue
            self._take(step, leaves)
            return True, leaves
        return False, leaves

    def _doubt(self, step: Step, why: Unknown) -> None:
        self._doubts.append(Doubt(step, why.missing))
        if step.action is not Action.PASS:
            self._outcomes.add(step.action)

    def _take(self, step: Step, leaves: bool) -> None:
        """Every way that is still in this tier takes the step; `leaves` is whether one has left before."""
        if self.sure:
            self._steps.append(step)
        if step.action is Action.PASS:
            self.maybe = self.maybe or leaves
            return
        self._outcomes.add(step.action)
        self.sure, self.maybe = False, leaves
