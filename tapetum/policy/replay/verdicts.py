"""Replay: what both ends decide of every connection."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from tapetum.domain.endpoints import EndpointKind
from tapetum.policy.connection import Peer
from tapetum.policy.replay.columns import Columns
from tapetum.policy.replay.connections import Connections
from tapetum.policy.replay.steps import Fork, steps_of
from tapetum.policy.replay.tiers import Tiers
from tapetum.policy.replay.truths import Ints, Mask, Truths
from tapetum.policy.rules import Direction
from tapetum.policy.state.cluster import ClusterState
from tapetum.policy.state.order import View
from tapetum.policy.trace import Verdict

_UNGOVERNED, ALLOWED, DENIED, UNCERTAIN = 0, 1, 2, 3
_OF_CODE = {ALLOWED: Verdict.ALLOW, DENIED: Verdict.DENY, UNCERTAIN: Verdict.UNCERTAIN}


@dataclass(frozen=True, slots=True)
class Verdicts:
    """By connection. An end that no policy governs has 0; else 1 allowed, 2 denied, 3 uncertain."""

    egress: Truths
    ingress: Truths

    @property
    def both(self) -> Truths:
        """One denial denies; allowed only where neither end says anything else."""
        denied = (self.egress == DENIED) | (self.ingress == DENIED)
        doubtful = (self.egress == UNCERTAIN) | (self.ingress == UNCERTAIN)
        return np.where(denied, DENIED, np.where(doubtful, UNCERTAIN, ALLOWED)).astype(np.uint8)

    def at(self, place: int) -> Verdict:
        return _OF_CODE[int(self.both[place])]


def replay(
    state: ClusterState, connections: Connections, view: View = View.ENFORCED, *, threads: int = 1
) -> Verdicts:
    """As `evaluate` one by one, without the traces; threads share the connections."""

    def asked(tiers: Tiers) -> tuple[Truths]:
        return (tiers.outcomes(steps_of(state, view, tiers.direction)),)

    (found,) = _replayed(state, connections, asked, 1, threads)
    return found


def replay_both(
    state: ClusterState, other: ClusterState, connections: Connections, *, threads: int = 1
) -> tuple[Verdicts, Verdicts]:
    """Under two states that differ in policies and tiers only: what they share is asked once."""

    def asked(tiers: Tiers) -> tuple[Truths, Truths]:
        one, two = (steps_of(each, View.ENFORCED, tiers.direction) for each in (state, other))
        return tiers.outcomes_of_both(Fork.of(one, two))

    before, after = _replayed(state, connections, asked, 2, threads)
    return before, after


def _replayed(
    state: ClusterState,
    connections: Connections,
    asked: Callable[[Tiers], tuple[Truths, ...]],
    count: int,
    threads: int,
) -> list[Verdicts]:
    columns = Columns(state, connections)
    staying = _staying(connections)
    governed = np.array([peer.governed for peer in connections.peers], np.bool_)
    found = np.zeros((count, len(Direction), len(connections)), np.uint8)
    for which, (direction, subjects) in enumerate(
        ((Direction.EGRESS, connections.source), (Direction.INGRESS, connections.destination))
    ):

        def told(
            part: Ints, which: int = which, direction: Direction = direction, of: Ints = subjects
        ) -> None:
            tiers = Tiers(columns, direction, connections.peers, columns.codes.those(part), of[part])
            found[:, which, part] = asked(tiers)

        _shared(told, subjects, governed[subjects] & ~staying, threads)
    return [Verdicts(*ends) for ends in found]


def _shared(told: Callable[[Ints], None], subjects: Ints, asked: Mask, threads: int) -> None:
    """Sorted by the subject, so that what a policy selects lies together."""
    order = np.flatnonzero(asked)
    order = order[np.argsort(subjects[order], kind="stable")]
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(told, np.array_split(order, threads)))


def _staying(connections: Connections) -> Mask:
    """What an endpoint sends to itself never leaves it, unless it goes by a service."""
    one = {each: place for place, each in enumerate(dict.fromkeys(map(_identity, connections.peers)))}
    identities = np.array([one[_identity(each)] for each in connections.peers], np.int64)
    exact = np.array([each.exact and each.governed for each in connections.peers], np.bool_)
    direct = np.array([each.service is None for each in connections.traffic], np.bool_)
    source, destination = connections.source, connections.destination
    same = identities[source] == identities[destination]
    return same & exact[source] & exact[destination] & direct[connections.kind]


def _identity(peer: Peer) -> tuple[EndpointKind, str | None, str | None]:
    return peer.kind, peer.namespace, peer.name
