"""Counters of an edge and the rule that combines what several reporters said of it.

Every reporter's word is kept and no volume is counted twice (docs/data-model.md, "Reporters").
"""

from dataclasses import dataclass, fields
from enum import StrEnum

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.int64]
Codes = npt.NDArray[np.intp]
Mask = npt.NDArray[np.bool_]

RECORDS, CONNECTIONS, PACKETS_IN, PACKETS_OUT, BYTES_IN, BYTES_OUT, TO_TARGET, TO_SOURCE = range(8)
WIDTH = 8
"""Columns of a traffic matrix: records, the COUNTERS, then bytes by direction of the edge."""


class ReporterRule(StrEnum):
    """Whether reports of the same traffic are combined by `verdicts`, or each stands for itself."""

    COMBINED = "combined"
    EACH = "each"


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
    known: Mask
    estimated: Mask

    def row(self, index: int) -> Traffic:
        values = [
            int(count) if known else None
            for count, known in zip(self.counts[index], self.known[index], strict=True)
        ]
        return Traffic(values[0] or 0, *values[1:], estimated=bool(self.estimated[index]))

    def take(self, index: Codes) -> "TrafficMatrix":
        return TrafficMatrix(self.counts[index], self.known[index], self.estimated[index])


@dataclass(frozen=True, slots=True)
class Rows:
    """Sums of one (edge key, reporter, action) each, over a range.

    `edge` is a dense code; `reporter` is 0 src, 1 dst, 2 fwd; counts[n, 6] are records and the COUNTERS;
    `known` is the bit set of COUNTERS that the source counts.
    """

    edge: Codes
    reporter: npt.NDArray[np.int8]
    denied: Mask
    counts: Matrix
    known: npt.NDArray[np.uint8]
    estimated: Mask


def verdicts(rows: Rows, edges: int) -> tuple[Mask, Mask]:
    """Which rows make up what was allowed and what was denied: denied is the source's and the destination's;
    allowed is the destination's where it reported anything of the edge key, else the source's; transit is
    in neither. Over these rows the edge keys of any group simply add up.
    """
    source, destination = rows.reporter == 0, rows.reporter == 1
    heard = np.zeros(edges, np.bool_)
    heard[rows.edge[destination]] = True
    counted = np.where(heard[rows.edge], destination, source)
    return ~rows.denied & counted, rows.denied & (source | destination)


def add_up(rows: Rows, chosen: Codes, group: Codes, groups: int) -> TrafficMatrix:
    """Add the chosen rows up: `group[i]` below `groups` is that of `chosen[i]`; fastest in order of group."""
    counts = np.zeros((groups, WIDTH), np.int64)
    known = np.ones((groups, WIDTH), np.bool_)  # nothing seen is a true zero, not an unknown
    estimated = np.zeros(groups, np.bool_)
    if len(chosen):
        if (group[1:] < group[:-1]).any():
            order = np.argsort(group, kind="stable")
            chosen, group = chosen[order], group[order]
        starts = np.flatnonzero(np.r_[True, group[1:] != group[:-1]])
        present = group[starts]
        from_destination = rows.reporter[chosen] == 1
        counts[present] = np.add.reduceat(_directed(rows.counts[chosen], from_destination), starts, axis=0)
        bits = np.bitwise_or.reduceat(_directed_bits(rows.known[chosen], from_destination), starts)
        known[present, 1:] = (bits[:, np.newaxis] >> np.arange(WIDTH - 1)) & 1
        estimated[present] = np.logical_or.reduceat(rows.estimated[chosen], starts)
    return TrafficMatrix(counts, known, estimated)


def _directed(counts: Matrix, from_destination: Mask) -> Matrix:
    """Append bytes by the edge's direction: a source sends out what a destination takes in."""
    wide = np.empty((len(counts), WIDTH), np.int64)
    wide[:, :TO_TARGET] = counts
    wide[:, TO_TARGET] = np.where(from_destination, counts[:, BYTES_IN], counts[:, BYTES_OUT])
    wide[:, TO_SOURCE] = counts[:, BYTES_IN] + counts[:, BYTES_OUT] - wide[:, TO_TARGET]
    return wide


def _directed_bits(known: npt.NDArray[np.uint8], from_destination: Mask) -> npt.NDArray[np.uint8]:
    """The same for the bit set: bit i is column i + 1."""
    inwards, outwards = known >> (BYTES_IN - 1) & 1, known >> (BYTES_OUT - 1) & 1
    to_target = np.where(from_destination, inwards, outwards)
    to_source = np.where(from_destination, outwards, inwards)
    return (known | to_target << (TO_TARGET - 1) | to_source << (TO_SOURCE - 1)).astype(np.uint8)


COUNTER_NAMES = tuple(field.name for field in fields(Traffic) if field.name != "estimated")
