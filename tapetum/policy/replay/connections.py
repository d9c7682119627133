"""Very many connections as columns: each names its two ends and its traffic by their places in lists."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from tapetum.policy.connection import Connection, HttpRequest, Peer
from tapetum.policy.replay.truths import Ints
from tapetum.policy.rules import ServiceRef


@dataclass(frozen=True, slots=True)
class Traffic:
    """What a connection is beside its ends, under Connection's names."""

    protocol: str | None = None
    port: int | None = None
    source_port: int | None = None
    icmp_type: int | None = None
    icmp_code: int | None = None
    ip_version: int | None = None
    service: ServiceRef | None = None
    http: HttpRequest | None = None

    @staticmethod
    def of(connection: Connection) -> "Traffic":
        return Traffic(*(getattr(connection, name) for name in _NAMES))

    def between(self, source: Peer, destination: Peer) -> Connection:
        return Connection(source, destination, *(getattr(self, name) for name in _NAMES))


_NAMES = Traffic.__match_args__
"""Connection has the same fields in the same order, behind its ends."""


@dataclass(frozen=True, slots=True)
class Connections:
    """`source`, `destination` index `peers`, and `kind` indexes `traffic`; all three of one length."""

    peers: Sequence[Peer]
    traffic: Sequence[Traffic]
    source: Ints
    destination: Ints
    kind: Ints

    def __len__(self) -> int:
        return len(self.kind)

    @staticmethod
    def of(every: Iterable[Connection]) -> "Connections":
        peers: dict[Peer, int] = {}
        kinds: dict[Traffic, int] = {}
        rows = [
            (
                peers.setdefault(each.source, len(peers)),
                peers.setdefault(each.destination, len(peers)),
                kinds.setdefault(Traffic.of(each), len(kinds)),
            )
            for each in every
        ]
        source, destination, kind = np.array(rows, np.int64).reshape(-1, 3).T
        return Connections(tuple(peers), tuple(kinds), source, destination, kind)

    def at(self, place: int) -> Connection:
        """One of them, for the plain evaluator."""
        traffic = self.traffic[self.kind[place]]
        return traffic.between(self.peers[self.source[place]], self.peers[self.destination[place]])
