"""Whom a policy selects, among the endpoints that the state knows."""

from dataclasses import dataclass

from tapetum.policy.connection import Peer
from tapetum.policy.resources.policies import Policy
from tapetum.policy.state import ClusterState


@dataclass(frozen=True, slots=True)
class Selected:
    """`sure` for certain; `maybe` too, for all that is known of their labels."""

    sure: tuple[Peer, ...]
    maybe: tuple[Peer, ...] = ()


def selected(state: ClusterState, policy: Policy) -> Selected:
    sure: list[Peer] = []
    maybe: list[Peer] = []
    for each in state.endpoints:
        held = True if each.labels is None else policy.selector.holds(each.labels)
        if held is not False:
            (sure if held else maybe).append(each)
    return Selected(tuple(sure), tuple(maybe))
