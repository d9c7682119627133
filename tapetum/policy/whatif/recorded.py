"""Recorded connections as logs name them, before any state says who was meant."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tapetum.policy.connection import Peer
from tapetum.policy.replay import Connections, Traffic
from tapetum.policy.replay.truths import Ints
from tapetum.policy.state import ClusterState, LoggedEnd


@dataclass(frozen=True, slots=True)
class Recorded:
    """`source`, `destination` index `ends`, and `kind` indexes `traffic`; all three of one length."""

    ends: Sequence[LoggedEnd]
    traffic: Sequence[Traffic]
    source: Ints
    destination: Ints
    kind: Ints

    def under(self, state: ClusterState) -> Connections:
        """With all that a state tells of the ends, such as labels that a change gave them."""
        peers: dict[Peer, int] = {}
        places = np.array([peers.setdefault(state.logged(end), len(peers)) for end in self.ends], np.int64)
        return Connections(
            tuple(peers), self.traffic, places[self.source], places[self.destination], self.kind
        )
