"""Two states beside each other: which connections one allows and the other denies."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from tapetum.policy.replay import Verdicts, replay, replay_both
from tapetum.policy.replay.truths import Ints, Truths
from tapetum.policy.replay.verdicts import ALLOWED, DENIED, UNCERTAIN
from tapetum.policy.resources.kinds import Resource
from tapetum.policy.resources.policies import Policy, Tier
from tapetum.policy.whatif.touched import Placed, differing, those, touched


class Change(IntEnum):
    """UNCERTAIN: what changes bears on it, and one of the verdicts is not certain."""

    UNCHANGED = 0
    NEWLY_DENIED = 1
    NEWLY_ALLOWED = 2
    UNCERTAIN = 3


@dataclass(frozen=True, slots=True)
class Changes:
    """By connection, as Change codes; `before` and `after` hold the verdicts of those that were `touched`."""

    codes: Truths
    touched: Ints
    before: Verdicts
    after: Verdicts

    def places(self, change: Change) -> Ints:
        return np.flatnonzero(self.codes == change)


def what_if(before: Placed, after: Placed, *, threads: int = 1) -> Changes:
    """The same connections under both states, row by row; their peers differ where labels change."""
    changed = differing(before[0], after[0])
    found = np.flatnonzero(touched(before, after, changed))
    was, would = _replayed(before, after, found, changed, threads)
    codes = np.zeros(len(before[1]), np.uint8)
    codes[found] = _changes(was.both, would.both)
    return Changes(codes, found, was, would)


def _replayed(
    before: Placed, after: Placed, places: Ints, changed: list[Resource], threads: int
) -> tuple[Verdicts, Verdicts]:
    if all(isinstance(each, Policy | Tier) for each in changed):
        return replay_both(before[0], after[0], those(before[1], places), threads=threads)
    was, would = (
        replay(state, those(connections, places), threads=threads) for state, connections in (before, after)
    )
    return was, would


def _changes(before: Truths, after: Truths) -> Truths:
    found = np.zeros(len(before), np.uint8)
    found[(before == ALLOWED) & (after == DENIED)] = Change.NEWLY_DENIED
    found[(before == DENIED) & (after == ALLOWED)] = Change.NEWLY_ALLOWED
    found[(before == UNCERTAIN) | (after == UNCERTAIN)] = Change.UNCERTAIN
    return found
