"""Which connections a change may bear on: only these are replayed."""

from collections.abc import Iterator, Sequence

import numpy as np

from tapetum.policy.replay import Connections
from tapetum.policy.replay.ends import VERSIONS, Ends
from tapetum.policy.replay.truths import NO, UNKNOWN, Ints, Mask
from tapetum.policy.resources.kinds import Resource
from tapetum.policy.resources.network_sets import NetworkSet
from tapetum.policy.resources.policies import Policy, Tier
from tapetum.policy.rules import Direction, Rule
from tapetum.policy.selectors import Selector
from tapetum.policy.state import ClusterState

Placed = tuple[ClusterState, Connections]
"""The same connections, row by row, under a state; their peers differ where labels do."""


def differing(old: ClusterState, new: ClusterState) -> list[Resource]:
    """Both forms of each object that is not the same in both."""
    return [
        each
        for key in old.resources.keys() | new.resources.keys()
        if (was := old.resources.get(key)) != (now := new.resources.get(key))
        for each in (was, now)
        if each is not None
    ]


def touched(before: Placed, after: Placed, changed: list[Resource]) -> Mask:
    """Connections that a changed policy, or one of a changed tier, may apply to (to whom no policy of a tier
    applies, its order and its default are nothing), and those with an end that is another, or is otherwise
    among what a selector means. All of them where profiles or what stands behind services change.

    What is staged decides nothing, so that its changes touch none.
    """
    (old, connections), (new, _) = before, after
    policies = [each for each in changed if isinstance(each, Policy)]
    tiers = {each.name for each in changed if isinstance(each, Tier)}
    policies += [each for state in (old, new) for each in state.policies if each.id.tier in tiers]
    found = _governed_by(before, [each for each in policies if each.staged is None])
    if all(isinstance(each, Policy | Tier) for each in changed):
        return found
    if old.profiles != new.profiles or _services_differ(old, new):
        return np.ones(len(connections), np.bool_)
    ends = [Ends(state, connections.peers) for state, connections in (before, after)]
    for destination, end in ((False, "source"), (True, "destination")):
        found |= _looking_otherwise(before, after, ends, end, destination=destination)
    return found


def _governed_by(placed: Placed, policies: list[Policy]) -> Mask:
    state, connections = placed
    found = np.zeros(len(connections), np.bool_)
    ends = Ends(state, connections.peers)
    governed = np.array([peer.governed for peer in connections.peers], np.bool_)
    for policy in policies:
        selected = governed & (ends.selected(policy.selector) != NO)
        for direction, subjects in (
            (Direction.EGRESS, connections.source),
            (Direction.INGRESS, connections.destination),
        ):
            if policy.rules(direction) is not None:
                found |= selected[subjects]
    return found


def _services_differ(old: ClusterState, new: ClusterState) -> bool:
    named = {
        end.service
        for state in (old, new)
        for rule in _rules(state)
        for end in (rule.source, rule.destination)
    }
    return any(each is not None and old.backends(each) != new.backends(each) for each in named)


def _looking_otherwise(
    before: Placed, after: Placed, ends: Sequence[Ends], end: str, *, destination: bool
) -> Mask:
    """By connection. What was unknown of an end and still is may be so for another reason."""
    places = [getattr(connections, end) for _, connections in (before, after)]
    pairs, of = np.unique(np.stack(places), axis=1, return_inverse=True)
    was, now = (
        [connections.peers[each] for each in row]
        for row, (_, connections) in zip(pairs, (before, after), strict=True)
    )
    found = np.array([one != other for one, other in zip(was, now, strict=True)], np.bool_)
    for selector in _selectors_that_mean_others(before[0], after[0], destination=destination):
        for version in range(len(VERSIONS)):
            told, tells = (
                each.among(selector, destination=destination)[each.of(row, np.full(len(row), version))]
                for each, row in zip(ends, pairs, strict=True)
            )
            found |= (told != tells) | (told == UNKNOWN)
    return found[of.reshape(-1)]


def _selectors_that_mean_others(
    old: ClusterState, new: ClusterState, *, destination: bool
) -> Iterator[Selector]:
    """Those of rules that select other network sets than before."""
    every: dict[Selector, None] = {}
    for state in (old, new):
        for rule in _rules(state):
            end = rule.destination if destination else rule.source
            every |= {each: None for each in (end.selector, end.not_selector) if each is not None}
    for each in every:
        if _known(old.sets_selected(each)) != _known(new.sets_selected(each)):
            yield each


def _known(sets: tuple[NetworkSet, ...]) -> frozenset[NetworkSet]:
    return frozenset(sets)


def _rules(state: ClusterState) -> Iterator[Rule]:
    for policy in state.policies:
        if policy.staged is None:
            for direction in Direction:
                yield from policy.rules(direction) or ()
    for profile in state.profiles.values():
        yield from (*profile.ingress, *profile.egress)


def those(connections: Connections, places: Ints) -> Connections:
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
