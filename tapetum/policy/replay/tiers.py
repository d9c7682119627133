"""One direction of very many connections, tier by tier, as the plain evaluator's walk does for one."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tapetum.domain.endpoints import EndpointKind
from tapetum.domain.policy_trace import Action
from tapetum.policy.connection import Peer
from tapetum.policy.evaluate.profiles import profile_of
from tapetum.policy.replay.columns import Asked, Codes, Columns
from tapetum.policy.replay.truths import NO, UNKNOWN, YES, Ints, Mask, Truths, column
from tapetum.policy.resources.policies import Stage
from tapetum.policy.rules import Direction, Rule, RuleAction
from tapetum.policy.state.cluster import ClusterState, TierPolicies
from tapetum.policy.state.order import View

_BITS = {RuleAction.ALLOW: np.uint8(1), RuleAction.DENY: np.uint8(2)}
_ENDS = {Action.ALLOW: np.uint8(1), Action.DENY: np.uint8(2)}
_EITHER = np.uint8(3)
_MANY = 16
"""Where a policy selects more than a 16th of all, one look at all is cheaper than one at each peer's."""


@dataclass(slots=True)
class _Ways:
    """Of each connection: whether its sure way goes on, whether some other may, where ways have ended."""

    codes: Codes
    sure: Mask
    maybe: Mask
    outcomes: Truths

    @staticmethod
    def begun(codes: Codes) -> "_Ways":
        size = len(codes.kind)
        return _Ways(codes, np.ones(size, np.bool_), np.zeros(size, np.bool_), column(size))

    @property
    def on(self) -> Mask:
        return self.sure | self.maybe

    def end(self, places: Ints, bit: np.uint8, leaves: Mask) -> None:
        """Every way that is still here ends; `leaves` is where one has left for the next tier before."""
        self.outcomes[places] |= bit
        self.sure[places] = False
        self.maybe[places] = leaves


@dataclass(frozen=True, slots=True)
class Tiers:
    state: ClusterState
    view: View
    direction: Direction

    def outcomes(self, columns: Columns, order: Ints, peers: Sequence[Peer], subjects: Ints) -> Truths:
        """Of the connections in this order: 1 allowed, 2 denied, 3 either. `subjects` are in order too."""
        ways = _Ways.begun(columns.codes.those(order))
        hosts = np.array([each.kind is EndpointKind.HOST for each in peers], np.bool_)[subjects]
        bounds = np.searchsorted(subjects, np.arange(len(peers) + 1))
        for stage in Stage:
            for tier in self.state.policies_of(self.view, self.direction, stage):
                here = ways.on if stage is Stage.NORMAL else ways.on & hosts
                self._tier(columns, ways, tier, here, subjects, bounds, has_end=stage is Stage.NORMAL)
        self._profiles(columns, ways, peers, subjects)
        ways.outcomes[ways.on] |= _BITS[RuleAction.DENY]
        return ways.outcomes

    def _tier(
        self,
        columns: Columns,
        ways: _Ways,
        given: TierPolicies,
        here: Mask,
        subjects: Ints,
        bounds: Ints,
        *,
        has_end: bool,
    ) -> None:
        """`here` shrinks to what no rule of the tier decides."""
        tier, policies = given
        applied = column(len(here))
        leaves = np.zeros(len(here), np.bool_)
        for policy in policies:
            selected = columns.ends.selected(policy.selector)
            places, truths = _selected(selected, here, subjects, bounds)
            applied[places] = np.maximum(applied[places], truths)
            self._rules(columns, ways, policy.rules(self.direction) or (), places, truths, here, leaves)
        ways.maybe |= here & leaves
        if not has_end:
            return
        bit = _ENDS.get(tier.default_action)
        if bit is None:
            return
        ways.outcomes[here & (applied == UNKNOWN)] |= bit
        places = np.flatnonzero(here & (applied == YES))
        ways.end(places, bit, leaves[places])

    def _rules(
        self,
        columns: Columns,
        ways: _Ways,
        rules: Sequence[Rule],
        places: Ints,
        selected: Truths,
        here: Mask,
        leaves: Mask,
    ) -> None:
        asked = Asked(ways.codes, places)
        for rule in rules:
            if rule.action is RuleAction.LOG or not len(places):
                continue
            some, told = _matching(columns, rule, asked, selected)
            doubtful, sure = places[some[told == UNKNOWN]], some[told == YES]
            bit = _BITS.get(rule.action)
            taken = places[sure]
            if bit is None:
                leaves[doubtful] = True
                ways.maybe[taken] |= leaves[taken]
            else:
                ways.outcomes[doubtful] |= bit
                ways.end(taken, bit, leaves[taken])
            if len(sure):
                here[taken] = False
                left = np.ones(len(places), np.bool_)
                left[sure] = False
                places, selected = places[left], selected[left]
                asked = Asked(ways.codes, places)

    def _profiles(self, columns: Columns, ways: _Ways, peers: Sequence[Peer], subjects: Ints) -> None:
        """One after the other, as far as an end has any; those that say the same are asked as one."""
        here, leaves = np.zeros((2, len(ways.sure)), np.bool_)
        for step in range(max((len(each.profiles) for each in peers), default=0)):
            named = [each.profiles[step] if step < len(each.profiles) else None for each in peers]
            rules = {name: self._rules_of(name) for name in dict.fromkeys(named) if name is not None}
            for wanted in dict.fromkeys(rules.values()):
                whose = np.array([name is not None and rules[name] == wanted for name in named], np.bool_)
                places = np.flatnonzero(ways.on & whose[subjects])
                if wanted is None:
                    ways.outcomes[places] |= _EITHER
                else:
                    leaves[:] = False
                    self._rules(columns, ways, wanted, places, column(len(places), YES), here, leaves)

    def _rules_of(self, name: str) -> tuple[Rule, ...] | None:
        """None: nobody knows them."""
        profile = profile_of(self.state, name)
        if profile is None:
            return None
        return profile.ingress if self.direction is Direction.INGRESS else profile.egress


def _selected(selected: Truths, here: Mask, subjects: Ints, bounds: Ints) -> tuple[Ints, Truths]:
    """Places of what is still asked and not surely left out by a policy's selector, and how sure that is."""
    peers = np.flatnonzero(selected != NO)
    first, last = bounds[peers], bounds[peers + 1]
    lengths = last - first
    total = int(lengths.sum())
    if total > len(here) // _MANY:
        by_place = np.where(here, selected[subjects], NO)
        places = np.flatnonzero(by_place != NO)
        return places, by_place[places]
    begins = np.repeat(first - (np.cumsum(lengths) - lengths), lengths)
    places = begins + np.arange(total)
    kept = here[places]
    return places[kept], np.repeat(selected[peers], lengths)[kept]


def _matching(columns: Columns, rule: Rule, asked: Asked, selected: Truths) -> tuple[Ints, Truths]:
    """Those of the asked that the rule may match, and whether it does; a term sees what the last one left."""
    some = np.arange(len(selected))
    told = selected
    for term in columns.terms(rule):
        truths = np.minimum(told, term(asked))
        kept = np.flatnonzero(truths != NO)  # much faster over booleans
        if len(kept) < len(truths):
            some, told, asked = some[kept], truths[kept], asked.those(kept)
        else:
            told = truths
        if not len(some):
            break
    return some, told
