"""Goes through a state's rules in the order in which they are tried, and says which of them do nothing."""

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from tapetum.domain.policy_trace import UNMATCHED, Action
from tapetum.policy.analysis.boxes import MOST_PIECES, Box, meets, within, without
from tapetum.policy.analysis.findings import Basis, Finding, FindingKind, RuleRef
from tapetum.policy.analysis.reach import Conditions, Reach, reach_of, subjects_of
from tapetum.policy.analysis.space import ANY_VERSION, Space
from tapetum.policy.resources.policies import Policy, Stage, Tier
from tapetum.policy.rules import Direction, RuleAction
from tapetum.policy.state import ClusterState, View

_ENDS = {Action.DENY: RuleAction.DENY, Action.PASS: RuleAction.PASS}


@dataclass(frozen=True, slots=True)
class _Line:
    """A rule, or a tier's end, in the order of evaluation."""

    ref: RuleRef
    action: RuleAction
    reach: Reach


@dataclass(slots=True)
class _Left:
    """What of a rule's box no other took yet, and who took the rest."""

    conditions: Conditions
    pieces: list[Box]
    by: list[RuleRef] = field(default_factory=list[RuleRef])

    def take(self, line: _Line) -> None:
        if any(meets(each, line.reach.least) for each in self.pieces) and line.reach.held_by(self.conditions):
            left = without(self.pieces, line.reach.least)
            if len(left) <= MOST_PIECES:
                self.pieces = left
                self.by.append(line.ref)


def review(state: ClusterState, view: View = View.ENFORCED) -> list[Finding]:
    """One finding of a rule at most; all of these rules can go together, and each of them alone.

    It is about the policies that workloads meet: not of those that apply before DNAT or untracked. The
    state must be all of the cluster, as what it lacks could change what is claimed.
    """
    found: dict[RuleRef, Finding] = {}
    for basis in (Basis.ANY, Basis.CLUSTER) if state.endpoints else (Basis.ANY,):
        space = Space(state, of_cluster=basis is Basis.CLUSTER)
        for direction in Direction:
            decided: list[_Line] = []
            for tier, policies in state.policies_of(view, direction, Stage.NORMAL):
                reviewed = _Tier(space, basis, tier, policies, direction, decided)
                reviewed.look_for_shadowed(found)
                reviewed.look_for_redundant(found)
                decided += reviewed.final(found)
    return list(found.values())


class _Tier:
    """The lines of one tier in one direction, behind what earlier tiers decided for good.

    What is found leaves the others as if it were gone already: no claim rests on a rule that another
    claim would remove.
    """

    def __init__(
        self,
        space: Space,
        basis: Basis,
        tier: Tier,
        policies: Sequence[Policy],
        direction: Direction,
        decided: Sequence[_Line],
    ) -> None:
        self._basis = basis
        self._decided = decided
        self._lines = [
            _Line(RuleRef(policy.id, direction, place), rule.action, reach_of(space, policy, rule, direction))
            for policy in policies
            for place, rule in enumerate(policy.rules(direction) or ())
        ]
        self._ends = [_end(space, tier, policy, direction) for policy in policies]
        # That a policy selects nobody is said of the policy, not of each of its rules.
        self._idle = {end.ref.policy for end in self._ends if not end.reach.most.subject}

    def look_for_shadowed(self, found: dict[RuleRef, Finding]) -> None:
        before = list(self._decided)
        for line in self._lines:
            if line.ref in found or line.ref.policy in self._idle:
                continue
            finding = self._shadowed(line, before)
            if finding is not None:
                found[line.ref] = finding
            elif line.action is not RuleAction.LOG:
                before.append(line)

    def look_for_redundant(self, found: dict[RuleRef, Finding]) -> None:
        before = list(self._decided)
        for place, line in enumerate(self._lines):
            if line.ref in found or line.ref.policy in self._idle or line.action is RuleAction.LOG:
                continue
            left = _Left(line.reach.conditions, [line.reach.most])
            for each in before:
                left.take(each)
            left.by.clear()
            if self._same_without(line, left, self._lines[place + 1 :], found):
                found[line.ref] = Finding(line.ref, FindingKind.REDUNDANT, self._basis, tuple(left.by))
            else:
                before.append(line)

    def final(self, found: Container[RuleRef]) -> Iterator[_Line]:
        """What the tier decides for good: later tiers see nothing of it."""
        passing: list[_Line] = []
        for line in self._lines:
            if line.action is RuleAction.PASS:
                passing.append(line)
            elif line.action is RuleAction.LOG or line.ref in found:
                continue
            elif not any(meets(each.reach.most, line.reach.least) for each in passing):
                yield line
        passed = 0
        for each in passing:
            passed |= each.reach.most.subject
        for end in self._ends:
            if end.action is RuleAction.DENY:
                least = end.reach.least._replace(subject=end.reach.least.subject & ~passed)
                yield _Line(end.ref, end.action, Reach(least, end.reach.most, end.reach.conditions))

    def _shadowed(self, line: _Line, before: Iterable[_Line]) -> Finding | None:
        most = line.reach.most
        if not all(most):
            # For any endpoints, an empty box is a rule that contradicts itself.
            none = Finding(line.ref, FindingKind.NO_MATCH, self._basis)
            return none if self._basis is Basis.CLUSTER else None
        near = [each for each in before if meets(most, each.reach.least)]
        alone = next((each for each in near if _covers(each, line)), None)
        if alone is not None:
            return Finding(line.ref, FindingKind.SHADOWED, self._basis, (alone.ref,))
        left = _Left(line.reach.conditions, [most])
        for each in near:
            left.take(each)
        if left.pieces:
            return None
        return Finding(line.ref, FindingKind.SHADOWED, self._basis, tuple(left.by))

    def _same_without(
        self, line: _Line, left: _Left, after: Iterable[_Line], found: Container[RuleRef]
    ) -> bool:
        """Whether what comes after does the same to all that is left, before anything does otherwise."""
        for each in (*after, *self._ends):
            if each.action is RuleAction.LOG:
                continue
            if each.action is not line.action:
                if any(meets(piece, each.reach.most) for piece in left.pieces):
                    return False
            elif each.ref not in found:
                left.take(each)
            if not left.pieces:
                return True
        return False


def _covers(line: _Line, other: _Line) -> bool:
    return within(other.reach.most, line.reach.least) and line.reach.held_by(other.reach.conditions)


def _end(space: Space, tier: Tier, policy: Policy, direction: Direction) -> _Line:
    """The tier's default action, for those that the policy selects."""
    conditions: Conditions = {}
    least, most = (
        Box(bits, space.ends, space.protocols(), space.ports, space.ports, ANY_VERSION)
        for bits in subjects_of(space, policy, conditions)
    )
    ref = RuleRef(policy.id, direction, UNMATCHED)
    return _Line(ref, _ENDS[tier.default_action], Reach(least, most, conditions))
