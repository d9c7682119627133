"""Roll-ups in memory: sums over flow keys of the few spans that a range is made of, loaded when asked for.

Spans are cached up to a budget and follow each commit, so a live graph loads only what time brings.
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

_CUTS: tuple[Micros, ...] = (MINUTE, 10 * MINUTE, HOUR, DAY)
_DAYS_APART = 40
"""Days of a range that are cached one by one; more are one span."""
_DENSE = 0.5
"""Fill above which a block is kept as a full matrix: adding it up then costs a tenth."""
_OVERHEAD = 512
"""What an empty block costs, so that many of them are bounded too."""


@dataclass(frozen=True, slots=True)
class Span:
    """Buckets [first, last) of minutes or of hours."""

    unit: Micros
    first: int
    last: int


@dataclass(slots=True)
class Block:
    """Sums by flow key code: `codes` None means that row i is code i."""

    codes: Codes | None
    counts: Counts

    @property
    def bytes(self) -> int:
        return _OVERHEAD + self.counts.nbytes + (0 if self.codes is None else self.codes.nbytes)

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


Load = Callable[[Span], Block]


class Rollups:
    """The cache. Not thread-safe; its owner serialises. `changes` tells whether answers may have changed."""

    def __init__(self, budget: int = 192 << 20) -> None:
        self.changes = 0
        self._budget = budget
        self._blocks: OrderedDict[Span, Block] = OrderedDict()
        self._size = 0

    @property
    def cached(self) -> bool:
        return bool(self._blocks)

    def holds(self, wanted: Iterable[Span]) -> bool:
        return all(span in self._blocks for span in wanted)

    def missing(self, wanted: Iterable[Span]) -> list[Span]:
        return [span for span in wanted if span not in self._blocks]

    def put(self, span: Span, block: Block) -> None:
        """Keep what was loaded ahead of a question; it may go again with the next answer to another."""
        if span not in self._blocks:
            self._blocks[span] = block
            self._size += block.bytes

    def offer(self, span: Span, block: Block) -> bool:
        """Keep it where that drops nothing; it is then the first to go."""
        if self._size + block.bytes > self._budget:
            return False
        self.put(span, block)
        self._blocks.move_to_end(span, last=False)
        return True

    def total(self, wanted: Iterable[Span], keys: int, load: Load) -> Counts:
        total = np.zeros((keys, WIDTH), np.int64)
        for block in self._fetch(list(wanted), load):
            block.add_to(total)
        return total

    def active(self, wanted: Iterable[Span], keys: int, load: Load) -> npt.NDArray[np.bool_]:
        active = np.zeros(keys, np.bool_)
        for block in self._fetch(list(wanted), load):
            block.mark(active)
        return active

    def follow(self, unit: Micros, buckets: Codes, codes: Codes, counts: Counts) -> None:
        """Add a commit's sums, rows in order of bucket and code, to the cached spans that they fall in."""
        self.changes += 1
        for span, block in self._blocks.items():
            if span.unit == unit:
                start, stop = np.searchsorted(buckets, (span.first, span.last))
                if start < stop:
                    self._size -= block.bytes
                    _merge(block, *_by_code(codes[start:stop], counts[start:stop]))
                    self._size += block.bytes

    def forget(self) -> None:
        """Drop everything; after retention or repair changed the tables."""
        self.changes += 1
        self._blocks.clear()
        self._size = 0

    def _fetch(self, wanted: list[Span], load: Load) -> list[Block]:
        for span in wanted:
            if span not in self._blocks:
                block = load(span)
                self._blocks[span] = block
                self._size += block.bytes
            self._blocks.move_to_end(span)
        # What this answer needs stays, whatever its size: the next question is probably the same.
        while self._size > self._budget and len(self._blocks) > len(wanted):
            _, oldest = self._blocks.popitem(last=False)
            self._size -= oldest.bytes
        return [self._blocks[span] for span in wanted]


def spans(within: TimeRange) -> list[Span]:
    """Few spans that make up a range of whole minutes, cut at tens of minutes, hours and midnights: when
    the range moves on, the long ones stay the same.
    """
    found: list[Span] = []
    at = within.start
    while at < within.end:
        place = max(place for place, cut in enumerate(_CUTS) if not at % cut and at + cut <= within.end)
        unit = _CUTS[place]
        whole = within.end // unit * unit
        if unit == DAY:
            until = at + DAY if (within.end - at) <= _DAYS_APART * DAY else whole
        else:
            coarser = _CUTS[place + 1]
            until = min(whole, (at // coarser + 1) * coarser)
        base = HOUR if unit >= HOUR else MINUTE
        found.append(Span(base, at // base, until // base))
        at = until
    return found


def _by_code(codes: Codes, counts: Counts) -> tuple[Codes, Counts]:
    """Each code once."""
    order = np.argsort(codes, kind="stable")
    codes = codes[order]
    starts = np.flatnonzero(np.r_[True, codes[1:] != codes[:-1]])
    return codes[starts], np.add.reduceat(counts[order], starts, axis=0)


def _merge(block: Block, codes: Codes, counts: Counts) -> None:
    """In place where the codes fit, since a live graph does this every second."""
    if block.codes is None and int(codes[-1]) < len(block.counts):
        block.counts[codes] += counts
        return
    old = np.arange(len(block.counts)) if block.codes is None else block.codes
    merged = make_block(*_by_code(np.concatenate([old, codes]), np.concatenate([block.counts, counts])))
    block.codes, block.counts = merged.codes, merged.counts
