"""Counters of an edge and the rule that combines what several reporters said of it.

Every reporter's word is kept and no volume is counted twice (docs/data-model.md, "Reporters").
"""

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from tapetum.domain.flows import COUNTERS

Matrix = npt.NDArray[np.int64]

RECORDS, CONNECTIONS, PACKETS_IN, PACKETS_OUT, BYTES_IN, BYTES_OUT, TO_TARGET, TO_SOURCE = range(8)
WIDTH = 8
"""Columns of a traffic matrix: records, the COUNTERS, then bytes by direction of the edge."""


@dataclass(frozen=True, slots=True)
class Traffic:
    """Counters of one verdict; None: no source of these records counts it."""

    records: int
    connections: int | None
    packets_in: int | None
    packets_out: int | None
    bytes_in: int | None
    bytes_out: int | None
    bytes_to_target: int | None
    bytes_to_source: int | None
    estimated: bool

    @property
    def packets(self) -> int | None:
        known = [count for count in (self.packets_in, self.packets_out) if count is not None]
        return sum(known) if known else None


@dataclass(frozen=True, slots=True)
class TrafficMatrix:
    """Traffic of many edges: counts[n, WIDTH], known[n, WIDTH] and estimated[n]."""

    counts: Matrix
    known: npt.NDArray[np.bool_]
    estimated: npt.NDArray[np.bool_]

    def row(self, index: int) -> Traffic:
        values = [
            int(count) if known else None
            for count, known in zip(self.counts[index], self.known[index], strict=True)
        ]
        return Traffic(values[0] or 0, *values[1:], estimated=bool(self.estimated[index]))

    def take(self, index: npt.NDArray[np.intp]) -> "TrafficMatrix":
        return TrafficMatrix(self.counts[index], self.known[index], self.estimated[index])


def known_columns(
    bits: npt.NDArray[np.uint8], from_destination: npt.NDArray[np.bool_]
) -> npt.NDArray[np.bool_]:
    """The known-mask of `WIDTH` columns from the bit set of COUNTERS of each row."""
    known = np.zeros((len(bits), WIDTH), np.bool_)
    known[:, RECORDS] = True
    for place in range(len(COUNTERS)):
        known[:, place + 1] = (bits >> place) & 1
    known[:, TO_TARGET] = np.where(from_destination, known[:, BYTES_IN], known[:, BYTES_OUT])
    known[:, TO_SOURCE] = np.where(from_destination, known[:, BYTES_OUT], known[:, BYTES_IN])
    return known


def directed(counts: Matrix, from_destination: npt.NDArray[np.bool_]) -> Matrix:
    """Append bytes by the edge's direction: a source sends out what a destination takes in."""
    bytes_in, bytes_out = counts[:, BYTES_IN], counts[:, BYTES_OUT]
    to_target = np.where(from_destination, bytes_in, bytes_out)
    to_source = np.where(from_destination, bytes_out, bytes_in)
    return np.column_stack([counts, to_target, to_source])


@dataclass(frozen=True, slots=True)
class Summed:
    """Rows of one (edge key, reporter, action), summed over a range.

    `edge` is a dense code below `edges`; `reporter` is 0 src, 1 dst, 2 fwd; `denied` is the action.
    """

    edge: npt.NDArray[np.intp]
    reporter: npt.NDArray[np.int8]
    denied: npt.NDArray[np.bool_]
    traffic: TrafficMatrix
    edges: int


def combine(summed: Summed) -> tuple[TrafficMatrix, TrafficMatrix]:
    """(allowed, denied) for each edge key: denied is the source's plus the destination's; allowed is
    the destination's where it reported anything at all, else the source's; transit is never added.
    """
    source, destination = summed.reporter == 0, summed.reporter == 1
    heard = np.zeros(summed.edges, np.bool_)
    heard[summed.edge[destination]] = True
    counted = np.where(heard[summed.edge], destination, source)
    allowed = _gather(summed, ~summed.denied & counted)
    denied = _gather(summed, summed.denied & (source | destination))
    return allowed, denied


def add_up(traffic: TrafficMatrix, group: npt.NDArray[np.intp], groups: int) -> TrafficMatrix:
    """Roll rows up into `groups` dense groups."""
    counts = np.zeros((groups, WIDTH), np.int64)
    known = np.zeros((groups, WIDTH), np.bool_)
    estimated = np.zeros(groups, np.bool_)
    if len(group):
        order = np.argsort(group, kind="stable")
        ordered = group[order]
        starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
        present = ordered[starts]
        counts[present] = np.add.reduceat(traffic.counts[order], starts, axis=0)
        known[present] = np.logical_or.reduceat(traffic.known[order], starts, axis=0)
        estimated[present] = np.logical_or.reduceat(traffic.estimated[order], starts)
    # Nothing seen is a true zero, not an unknown.
    known[counts[:, RECORDS] == 0] = True
    return TrafficMatrix(counts, known, estimated)


def _gather(summed: Summed, chosen: npt.NDArray[np.bool_]) -> TrafficMatrix:
    rows = np.flatnonzero(chosen)
    return add_up(summed.traffic.take(rows), summed.edge[rows], summed.edges)


COUNTER_NAMES = tuple(field.name for field in fields(Traffic) if field.name != "estimated")
