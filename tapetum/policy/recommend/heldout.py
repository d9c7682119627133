"""Whether recommended policies hold: connections that were not learnt from, replayed with them in force."""

from dataclasses import dataclass

import numpy as np

from tapetum.policy.evaluate import evaluate
from tapetum.policy.recommend.observed import Observed
from tapetum.policy.recommend.recommendation import Recommendation
from tapetum.policy.replay import Connections, replay
from tapetum.policy.replay.truths import Ints, Mask
from tapetum.policy.replay.verdicts import ALLOWED, DENIED, UNCERTAIN
from tapetum.policy.resources.keys import key_of
from tapetum.policy.state import ClusterState, LoggedEnd
from tapetum.policy.trace import Step, Verdict


@dataclass(frozen=True, slots=True)
class Lost:
    """An edge that was allowed and would be denied; `step` is where. `rows` are the observation's."""

    source: LoggedEnd
    destination: LoggedEnd
    protocol: str | None
    port: int | None
    connections: int
    first_seen: int
    last_seen: int
    step: Step
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """Connections, each counted by one of its reporters."""

    total: int
    denied: int
    uncertain: int

    @property
    def share_denied(self) -> float:
        return self.denied / self.total if self.total else 0.0


@dataclass(frozen=True, slots=True)
class HeldOut:
    """`legitimate` were allowed as logged and are not marked; `unwanted` were allowed and are marked.

    `newly_allowed` counts connections that were denied as logged and would no longer be.
    """

    legitimate: Tally
    unwanted: Tally
    newly_allowed: int
    lost: tuple[Lost, ...]


def evaluate_held_out(
    recommendation: Recommendation, state: ClusterState, held_out: Observed, *, threads: int = 1
) -> HeldOut:
    after = recommendation.applied(state)
    connections = held_out.recorded.under(after)
    denied, uncertain = _told(recommendation, state, held_out, connections, threads)
    edges = _edges(held_out)
    reported = held_out.by_source | held_out.by_destination
    through = reported & held_out.allowed & ~_refused(held_out, edges)
    marked = held_out.unwanted | held_out.alerted
    return HeldOut(
        _tally(held_out, edges, through & ~marked, denied, uncertain),
        _tally(held_out, edges, through & marked, denied, uncertain),
        _tally(held_out, edges, reported & ~held_out.allowed & ~denied & ~uncertain, denied, uncertain).total,
        _lost(after, connections, held_out, edges, through & denied & ~marked),
    )


def _told(
    recommendation: Recommendation,
    state: ClusterState,
    held_out: Observed,
    connections: Connections,
    threads: int,
) -> tuple[Mask, Mask]:
    """By row: denied with the recommended policies in force, or uncertain.

    What was allowed and the recommended policies allow by themselves stays allowed, whatever a record
    does not tell of the others: they are as they were. What the record of one end leaves open of the
    other, the other's own record tells.
    """
    after = recommendation.applied(state)
    others = [key_of(each) for each in state.policies]
    alone = recommendation.applied(state.changed(remove=others))
    told, by_themselves = (replay(each, connections, threads=threads) for each in (after, alone))
    denied = told.both == DENIED
    doubtful = np.where(held_out.by_source, told.egress, told.ingress) == UNCERTAIN
    sure = np.where(held_out.by_source, by_themselves.egress, by_themselves.ingress) == ALLOWED
    return denied, doubtful & ~denied & ~(sure & held_out.allowed)


def _refused(held_out: Observed, edges: Ints) -> Mask:
    """What its source let go and its destination only ever denied did not come through."""
    size = int(edges.max()) + 1 if len(edges) else 0
    took, refused = (
        np.bincount(edges[held_out.by_destination & mask], minlength=size) > 0
        for mask in (held_out.allowed, ~held_out.allowed)
    )
    return (refused & ~took)[edges]


def _edges(held_out: Observed) -> Ints:
    """Rows of both reporters of one edge have one number: by what both know, denied in more detail or not."""
    recorded = held_out.recorded
    ends: dict[tuple[object, ...], int] = {}
    of_end = np.array(
        [
            ends.setdefault((each.kind, each.namespace, each.aggregate or each.name), len(ends))
            for each in recorded.ends
        ],
        np.int64,
    )
    kinds: dict[tuple[object, ...], int] = {}
    of_kind = np.array(
        [kinds.setdefault((each.protocol, each.port), len(kinds)) for each in recorded.traffic], np.int64
    )
    rows = np.stack((of_end[recorded.source], of_end[recorded.destination], of_kind[recorded.kind]), axis=1)
    return np.unique(rows, axis=0, return_inverse=True)[1].reshape(-1)


def _tally(held_out: Observed, edges: Ints, asked: Mask, denied: Mask, uncertain: Mask) -> Tally:
    """By edge the reporter that counted more: each counts every connection that it sees."""

    def most(mask: Mask) -> int:
        return int(np.maximum(*_sums(held_out, edges, mask)).sum())

    return Tally(most(asked), most(asked & denied), most(asked & uncertain))


def _sums(held_out: Observed, edges: Ints, mask: Mask) -> tuple[Ints, Ints]:
    size = int(edges.max()) + 1 if len(edges) else 0
    found = []
    for side in (held_out.by_source, held_out.by_destination):
        sums = np.zeros(size, np.int64)
        rows = np.flatnonzero(mask & side)
        np.add.at(sums, edges[rows], held_out.connections[rows])
        found.append(sums)
    return found[0], found[1]


def _lost(
    after: ClusterState, connections: Connections, held_out: Observed, edges: Ints, mask: Mask
) -> tuple[Lost, ...]:
    """The gravest first."""
    source, destination = _sums(held_out, edges, mask)
    counted = np.maximum(source, destination)
    rows = np.flatnonzero(mask)
    found: list[Lost] = []
    for edge in np.unique(edges[rows]).tolist():
        some = rows[edges[rows] == edge]
        place = int(some[0])
        judged = evaluate(after, connections.at(place))
        sides = [each.enforced for each in (judged.egress, judged.ingress) if each is not None]
        trace = next(each for each in sides if each.verdict is Verdict.DENY)
        recorded, traffic = held_out.recorded, connections.traffic[connections.kind[place]]
        found.append(
            Lost(
                recorded.ends[recorded.source[place]],
                recorded.ends[recorded.destination[place]],
                traffic.protocol,
                traffic.port,
                int(counted[edge]),
                int(held_out.first_seen[some].min()),
                int(held_out.last_seen[some].max()),
                trace.steps[-1],
                tuple(some.tolist()),
            )
        )
    return tuple(sorted(found, key=lambda each: (-each.connections, each.rows)))
