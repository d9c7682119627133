"""Cuts time into flushes, and says how many connections each lane opens in one.

A flush is a function of where it lies, never of where a caller began: runs can be resumed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import numpy as np

from tapetum.domain.errors import BadInputError
from tapetum.simulate.attack import Story
from tapetum.simulate.lanes import RHYTHMS, Bools, Floats, Ints, Lanes, present
from tapetum.simulate.rhythm import activity


@dataclass(frozen=True, slots=True)
class Flush:
    """Milliseconds since 1970."""

    start: int
    end: int

    @property
    def seconds(self) -> float:
        return (self.end - self.start) / 1000


def flushes(epoch: int, start: int, end: int, window: int, parts: int = 1) -> Iterator[Flush]:
    """The flushes of [start, end): windows counted from the epoch, each in `parts`, cut at the ends."""
    if window < 1:
        raise BadInputError(f"A flush window lasts at least 1 second, not {window}.")
    if start < epoch:
        raise BadInputError(f"Nothing happened before the cluster was set up at {epoch}; asked from {start}.")
    first, last = 1000 * start, 1000 * end
    for begin in range(epoch + (start - epoch) // window * window, end, window):
        marks = [1000 * begin + 1000 * window * part // parts for part in range(parts + 1)]
        for low, high in pairwise(marks):
            flush = Flush(max(low, first), min(high, last))
            if flush.start < flush.end:
                yield flush


def dice(seed: int, flush: Flush, what: int) -> np.random.Generator:
    """Randomness of a flush for one kind of record."""
    return np.random.Generator(np.random.SFC64(np.random.SeedSequence((seed, what, flush.start))))


@dataclass(frozen=True, slots=True)
class Opened:
    """What happens on each lane in one flush; flow, DNS and L7 logs all count these connections."""

    expected: Floats
    counts: Ints
    present: Bools


def opened(seed: int, epoch: int, lanes: Lanes, flush: Flush, story: Story | None) -> Opened:
    moment = flush.start / 1000
    beat = np.array([activity(rhythm, moment) for rhythm in RHYTHMS])[lanes.rhythm]
    there = present(lanes, moment - epoch)
    expected = lanes.rate * beat * flush.seconds * there
    counts = dice(seed, flush, 0).poisson(expected).astype(np.int64)
    if story is not None:
        first = int(np.argmax(lanes.story))
        for contact in story.contacts(moment, flush.end / 1000):
            counts[first + contact.call] += 1
    return Opened(expected, counts, there)


def exact_total(per_second: Fraction, epoch: int, flush: Flush) -> int:
    """Lines of a flush such that those of adjoining flushes always add up to the rate."""
    return _lines_until(per_second, flush.end - 1000 * epoch) - _lines_until(
        per_second, flush.start - 1000 * epoch
    )


def _lines_until(per_second: Fraction, milliseconds: int) -> int:
    return per_second.numerator * milliseconds // (1000 * per_second.denominator)
