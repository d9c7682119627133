"""Both ends of a connection: the source's egress and the destination's ingress."""

from tapetum.domain.endpoints import EndpointKind
from tapetum.policy.connection import Connection, Peer
from tapetum.policy.evaluate.matching import Matcher
from tapetum.policy.evaluate.profiles import profile_of
from tapetum.policy.evaluate.walk import Walk
from tapetum.policy.labels import NO_LABELS
from tapetum.policy.resources.policies import Stage
from tapetum.policy.rules import Direction
from tapetum.policy.state.cluster import ClusterState
from tapetum.policy.state.order import View
from tapetum.policy.trace import Evaluation, Judgement, Trace
from tapetum.policy.truth import Fact, unknown


def evaluate(state: ClusterState, connection: Connection) -> Evaluation:
    """What an endpoint sends to itself never leaves it, so that no policy sees it."""
    source, destination = connection.source, connection.destination
    if _same(source, destination) and connection.service is None:
        return Evaluation(None, None)
    return Evaluation(
        judge(state, connection, Direction.EGRESS) if source.governed else None,
        judge(state, connection, Direction.INGRESS) if destination.governed else None,
    )


def judge(state: ClusterState, connection: Connection, direction: Direction) -> Judgement:
    """One end alone, as its reporter would log it; the end must be a workload or a host."""
    matcher = Matcher(state, connection)
    enforced = _trace(state, connection, direction, View.ENFORCED, matcher)
    if not state.any_staged:
        return Judgement(direction, enforced, enforced, enforced)
    pending, logged = (
        _trace(state, connection, direction, view, matcher) for view in (View.PENDING, View.LOGGED_PENDING)
    )
    return Judgement(direction, enforced, pending, logged)


def _trace(
    state: ClusterState, connection: Connection, direction: Direction, view: View, matcher: Matcher
) -> Trace:
    subject = connection.source if direction is Direction.EGRESS else connection.destination
    walk = Walk(matcher, direction)
    labels = NO_LABELS if subject.labels is None else subject.labels
    for stage in Stage if subject.kind is EndpointKind.HOST else (Stage.NORMAL,):
        for tier, policies in state.applied(labels, view, direction, stage):
            walk.tier(tier, policies, has_end=stage is Stage.NORMAL)
            if walk.over:
                return walk.end()
    for name in subject.profiles:
        profile = profile_of(state, name)
        if profile is None:
            walk.unknown_profile(name, unknown(Fact.PROFILE))
        else:
            walk.profile(profile)
        if walk.over:
            break
    return walk.end()


def _same(source: Peer, destination: Peer) -> bool:
    if not (source.exact and destination.exact and source.governed):
        return False
    return (source.kind, source.namespace, source.name) == (
        destination.kind,
        destination.namespace,
        destination.name,
    )
