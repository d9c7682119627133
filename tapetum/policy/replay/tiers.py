"""One direction of very many connections, tier by tier, as the plain evaluator's walk does for one."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tapetum.domain.endpoints import EndpointKind
from tapetum.domain.policy_trace import Action
from tapetum.policy.connection import Peer
from tapetum.policy.evaluate.profiles import profile_named
from tapetum.policy.replay.columns import Asked, Codes, Columns
from tapetum.policy.replay.steps import Ask, Begin, End, Fork, Profiles, Step, Steps
from tapetum.policy.replay.truths import NO, UNKNOWN, YES, Ints, Mask, Truths, column
from tapetum.policy.replay.ways import Ways
from tapetum.policy.rules import Direction, Rule, RuleAction

_BITS = {RuleAction.ALLOW: np.uint8(1), RuleAction.DENY: np.uint8(2)}
_ENDS = {Action.ALLOW: np.uint8(1), Action.DENY: np.uint8(2)}
_EITHER = np.uint8(3)
_MANY = 16
"""Where a policy selects more than a 16th of all, one look at all is cheaper than one at each peer's."""


@dataclass(frozen=True, slots=True)
class Tiers:
    """Connections in the order of their `subjects`, the peers whose policies are asked."""

    columns: Columns
    direction: Direction
    peers: Sequence[Peer]
    codes: Codes
    subjects: Ints

    def outcomes(self, steps: Steps) -> Truths:
        """By connection: 1 allowed, 2 denied, 3 either."""
        ways = Ways.begun(len(self.subjects))
        self.run(steps, ways)
        return _over(ways)

    def outcomes_of_both(self, fork: Fork) -> tuple[Truths, Truths]:
        """Of two lists of steps. What they share is asked once, but of those that came to it differently."""
        one = Ways.begun(len(self.subjects))
        self.run(fork.first, one)
        if not any(fork.own):
            for steps in fork.last:
                self.run(steps, one)
            told = _over(one)
            return told, told
        other = one.copy()
        for steps, ways in zip(fork.own, (one, other), strict=True):
            self.run(steps, ways)
        places = np.arange(len(self.subjects))
        for steps in fork.last:
            between = isinstance(steps[0], Begin | Profiles)
            differing = one.those(places).differing(other, between=between)
            if not differing.all():
                kept = np.flatnonzero(differing)
                places, other = places[kept], other.those(kept)
            self._those(places).run(steps, other)
            self.run(steps, one)
        told = _over(one)
        otherwise = told.copy()
        otherwise[places] = _over(other)
        return told, otherwise

    def run(self, steps: Steps, ways: Ways) -> None:
        if not len(self.subjects):
            return
        bounds = np.searchsorted(self.subjects, np.arange(len(self.peers) + 1))
        for step in steps:
            self._step(step, ways, bounds)

    def _those(self, places: Ints) -> "Tiers":
        if len(places) == len(self.subjects):
            return self
        return Tiers(
            self.columns, self.direction, self.peers, self.codes.those(places), self.subjects[places]
        )

    def _step(self, step: Step, ways: Ways, bounds: Ints) -> None:
        match step:
            case Begin(hosts):
                ways.here = ways.on & self._hosts if hosts else ways.on
                ways.applied, ways.leaves = column(len(ways.here)), np.zeros(len(ways.here), np.bool_)
            case Ask(selector, rules):
                selected = self.columns.ends.selected(selector)
                places, truths = _selected(selected, ways.here, self.subjects, bounds)
                ways.applied[places] = np.maximum(ways.applied[places], truths)
                self._rules(ways, rules, places, truths)
            case End(default):
                ways.maybe |= ways.here & ways.leaves
                bit = None if default is None else _ENDS.get(default)
                if bit is not None:
                    ways.outcomes[ways.here & (ways.applied == UNKNOWN)] |= bit
                    ways.end(np.flatnonzero(ways.here & (ways.applied == YES)), bit)
            case Profiles():
                self._profiles(step, ways)

    @property
    def _hosts(self) -> Mask:
        return np.array([each.kind is EndpointKind.HOST for each in self.peers], np.bool_)[self.subjects]

    def _rules(self, ways: Ways, rules: Sequence[Rule], places: Ints, selected: Truths) -> None:
        """`ways.here` shrinks to what no rule decides."""
        asked = Asked(self.codes, places)
        for rule in rules:
            if rule.action is RuleAction.LOG or not len(places):
                continue
            some, told = _matching(self.columns, rule, asked, selected)
            doubtful, sure = places[some[told == UNKNOWN]], some[told == YES]
            bit = _BITS.get(rule.action)
            taken = places[sure]
            if bit is None:
                ways.leaves[doubtful] = True
                ways.maybe[taken] |= ways.leaves[taken]
            else:
                ways.outcomes[doubtful] |= bit
                ways.end(taken, bit)
            if len(sure):
                ways.here[taken] = False
                left = np.ones(len(places), np.bool_)
                left[sure] = False
                places, selected = places[left], selected[left]
                asked = Asked(self.codes, places)

    def _profiles(self, step: Profiles, ways: Ways) -> None:
        """One after the other, as far as an end has any; those that say the same are asked as one."""
        peers = self.peers
        for place in range(max((len(each.profiles) for each in peers), default=0)):
            named = [each.profiles[place] if place < len(each.profiles) else None for each in peers]
            rules = {name: self._rules_of(step, name) for name in dict.fromkeys(named) if name is not None}
            for wanted in dict.fromkeys(rules.values()):
                whose = np.array([name is not None and rules[name] == wanted for name in named], np.bool_)
                places = np.flatnonzero(ways.on & whose[self.subjects])
                if wanted is None:
                    ways.outcomes[places] |= _EITHER
                else:
                    ways.leaves[:] = False
                    self._rules(ways, wanted, places, column(len(places), YES))

    def _rules_of(self, step: Profiles, name: str) -> tuple[Rule, ...] | None:
        """None: nobody knows them."""
        profile = profile_named(step.given, name)
        if profile is None:
            return None
        return profile.ingress if self.direction is Direction.INGRESS else profile.egress


def _over(ways: Ways) -> Truths:
    """Whoever comes to the end is denied."""
    ways.outcomes[ways.on] |= _BITS[RuleAction.DENY]
    return ways.outcomes


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
