"""Two states beside each other: which connections one allows and the other denies."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from tapetum.policy.replay import Connections, Verdicts, replay
from tapetum.policy.replay.ends import Ends
from tapetum.policy.replay.truths import NO, Ints, Mask, Truths
from tapetum.policy.replay.verdicts import ALLOWED, DENIED, UNCERTAIN
from tapetum.policy.resources.policies import Policy, Tier
from tapetum.policy.rules import Direction
from tapetum.policy.state import ClusterState


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


def what_if(
    before: tuple[ClusterState, Connections], after: tuple[ClusterState, Connections], *, threads: int = 1
) -> Changes:
    """The same connections under both states, row by row; their peers differ where labels change."""
    touched = np.flatnonzero(_touched(before, after))
    was, would = (
        replay(state, _those(connections, touched), threads=threads) for state, connections in (before, after)
    )
    codes = np.zeros(len(before[1]), np.uint8)
    codes[touched] = _changes(was.both, would.both)
    return Changes(codes, touched, was, would)


def _changes(before: Truths, after: Truths) -> Truths:
    found = np.zeros(len(before), np.uint8)
    found[(before == ALLOWED) & (after == DENIED)] = Change.NEWLY_DENIED
    found[(before == DENIED) & (after == ALLOWED)] = Change.NEWLY_ALLOWED
    found[(before == UNCERTAIN) | (after == UNCERTAIN)] = Change.UNCERTAIN
    return found


def _touched(before: tuple[ClusterState, Connections], after: tuple[ClusterState, Connections]) -> Mask:
    """Connections that a changed policy, or one of a changed tier, may apply to: to whom no policy of a tier
    applies, its order and its default are nothing. All of them where something else changes too.

    What is staged decides nothing, so that its changes touch none.
    """
    (old, connections), (new, _) = before, after
    keys = old.resources.keys() | new.resources.keys()
    differing = [
        each
        for key in keys
        if (was := old.resources.get(key)) != (now := new.resources.get(key))
        for each in (was, now)
        if each is not None
    ]
    policies = [each for each in differing if isinstance(each, Policy)]
    tiers = {each.name for each in differing if isinstance(each, Tier)}
    if any(not isinstance(each, Policy | Tier) for each in differing):
        return np.ones(len(connections), np.bool_)
    policies += [each for state in (old, new) for each in state.policies if each.id.tier in tiers]
    found = np.zeros(len(connections), np.bool_)
    ends = Ends(old, connections.peers)
    governed = np.array([peer.governed for peer in connections.peers], np.bool_)
    for policy in policies:
        if policy.staged is not None:
            continue
        selected = governed & (ends.selected(policy.selector) != NO)
        for direction, subjects in (
            (Direction.EGRESS, connections.source),
            (Direction.INGRESS, connections.destination),
        ):
            if policy.rules(direction) is not None:
                found |= selected[subjects]
    return found


def _those(connections: Connections, places: Ints) -> Connections:
    """Only with the ends and the traffic that they have, as each is asked of every selector."""
    if len(places) == len(connections):
        return connections
    count = len(places)
    ends = np.concatenate((connections.source[places], connections.destination[places]))
    peers, ends = np.unique(ends, return_inverse=True)
    kinds, kind = np.unique(connections.kind[places], return_inverse=True)
    return Connections(
        tuple(connections.peers[each] for each in peers.tolist()),
        tuple(connections.traffic[each] for each in kinds.tolist()),
        ends[:count],
        ends[count:],
        kind,
    )
