"""Roll-ups in memory: the sums of one minute, hour or day over flow keys, loaded when asked for.

Blocks are cached up to a budget and follow each commit, so a live graph never reloads them.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tapetum.domain.flows import COUNTERS
from tapetum.domain.moments import DAY, HOUR, MINUTE, Micros, TimeRange

Counts = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int64]
WIDTH = 1 + len(COUNTERS)
UNITS: tuple[Micros, ...] = (MINUTE, HOUR, DAY)

_DENSE = 0.5
"""Fill above which a block is kept as a full matrix: adding it up then costs a tenth."""


@dataclass(slots=True)
class Block:
    """Sums by flow key code: `codes` None means that row i is code i."""

    codes: Codes | None
    counts: Counts

    @property
    def bytes(self) -> int:
        return self.counts.nbytes + (0 if self.codes is None else self.codes.nbytes)

    def add_to(self, total: Counts) -> None:
        if self.codes is None:
            total[: len(self.counts)] += self.counts
        else:
            total[self.codes] += self.counts

    def mark(self, active: npt.NDArray[np.bool_]) -> None:
        """Set what has records in the block."""
        if self.codes is None:
            active[: len(self.counts)] |= self.counts[:, 0] > 0
        else:
            active[self.codes] = True


def make_block(codes: Codes, counts: Counts) -> Block:
    """A block of sums whose codes are distinct."""
    if len(codes) and len(codes) >= _DENSE * (int(codes.max()) + 1):
        dense = np.zeros((int(codes.max()) + 1, WIDTH), np.int64)
        dense[codes] = counts
        return Block(None, dense)
    return Block(codes, counts)


Place = tuple[Micros, int]
Load = Callable[[Micros, int, int], dict[int, Block]]
"""unit, first and last bucket (exclusive) -> the blocks that hold anything."""


class Rollups:
    """The cache. Not thread-safe; its owner serialises."""

    def __init__(self, load: Load, budget: int = 192 << 20) -> None:
        self._load = load
        self._budget = budget
        self._blocks: OrderedDict[Place, Block] = OrderedDict()
        self._size = 0

    def total(self, pieces: Iterable[Place], keys: int) -> Counts:
        total = np.zeros((keys, WIDTH), np.int64)
        for block in self._fetch(list(pieces)):
            block.add_to(total)
        return total

    def active(self, pieces: Iterable[Place], keys: int) -> npt.NDArray[np.bool_]:
        active = np.zeros(keys, np.bool_)
        for block in self._fetch(list(pieces)):
            block.mark(active)
        return active

    def follow(self, unit: Micros, buckets: Codes, codes: Codes, counts: Counts) -> None:
        """Add a commit's sums, rows of (bucket, code, counts), to the cached blocks that they touch."""
        if not len(buckets):
            return
        starts = np.flatnonzero(np.r_[True, buckets[1:] != buckets[:-1]])
        for start, stop in zip(starts, [*starts[1:], len(buckets)], strict=True):
            place = (unit, int(buckets[start]))
            block = self._blocks.get(place)
            if block is not None:
                self._size -= block.bytes
                merged = _merged(block, codes[start:stop], counts[start:stop])
                self._size += merged.bytes
                self._blocks[place] = merged

    def forget(self) -> None:
        """Drop everything; after retention or repair changed the tables."""
        self._blocks.clear()
        self._size = 0

    def _fetch(self, wanted: list[Place]) -> list[Block]:
        for unit, first, last in _runs([place for place in wanted if place not in self._blocks]):
            loaded = self._load(unit, first, last)
            for bucket in range(first, last):
                self._keep((unit, bucket), loaded.get(bucket) or _nothing())
        found = [self._blocks[place] for place in wanted]
        for place in wanted:
            self._blocks.move_to_end(place)
        while self._size > self._budget and len(self._blocks) > 1:
            _, oldest = self._blocks.popitem(last=False)
            self._size -= oldest.bytes
        return found

    def _keep(self, place: Place, block: Block) -> None:
        old = self._blocks.pop(place, None)
        self._size += block.bytes - (old.bytes if old else 0)
        self._blocks[place] = block


def pieces(within: TimeRange) -> list[Place]:
    """The fewest whole buckets that make up a range of whole minutes."""
    found: list[Place] = []
    at = within.start
    while at < within.end:
        unit = next(unit for unit in reversed(UNITS) if at % unit == 0 and at + unit <= within.end)
        found.append((unit, at // unit))
        at += unit
    return found


def _runs(places: list[Place]) -> list[tuple[Micros, int, int]]:
    runs: list[tuple[Micros, int, int]] = []
    for unit, bucket in sorted(places):
        if runs and runs[-1][0] == unit and runs[-1][2] == bucket:
            runs[-1] = (unit, runs[-1][1], bucket + 1)
        else:
            runs.append((unit, bucket, bucket + 1))
    return runs


def _merged(block: Block, codes: Codes, counts: Counts) -> Block:
    """In place where the codes fit, since a live graph does this every second."""
    if block.codes is None and int(codes.max()) < len(block.counts):
        block.counts[codes] += counts
        return block
    old = np.arange(len(block.counts)) if block.codes is None else block.codes
    distinct, place = np.unique(np.concatenate([old, codes]), return_inverse=True)
    summed = np.zeros((len(distinct), WIDTH), np.int64)
    np.add.at(summed, place, np.concatenate([block.counts, counts]))
    return make_block(distinct, summed)


def _nothing() -> Block:
    return Block(np.empty(0, np.int64), np.empty((0, WIDTH), np.int64))
