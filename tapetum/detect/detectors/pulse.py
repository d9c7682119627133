"""Whether connections come at even distances, judged by how many there were in windows of logs.

By a beacon the count of connections so far keeps to a straight line: its distances neither have to be longer
than what logs sum up, nor the same. By chance it strays, the more the more there are: the mean square of
what it strays is then about 0.05 of how many there are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import gcd
from statistics import fmean, linear_regression, median

from tapetum.domain.moments import MINUTE, SECOND, Micros
from tapetum.logstore.aggregation import Row

STEP = 60
_SHORTEST = 15 * MINUTE
"""From the first to the last, and at least so many windows: before, chance makes patterns."""
_WINDOWS = 10
_STRAYS = 0.01
"""Mean square of what the count strays from its line, of a connection. With the allowance for few windows
(`_FEW`), chance stays below in fewer than 1 % of sessions that are judged again and again.
"""
_FEW = 5
_SPARSE = 3
"""Where fewer than one in so many windows has any, what a window has counts once: the same call may open
several connections.
"""
_LONGEST = 5
"""Minutes that logs sum up, where distances alone tell."""


@dataclass(frozen=True, slots=True)
class Pulse:
    """Of so many connections, the first then, one in so many seconds."""

    begun: Micros
    beats: int
    every: int


def pulse_of(rows: Sequence[Row], least: int) -> Pulse | None:
    """Of connections by minute; None where they are few, or uneven.

    The other two values of a row are when the first record of the minute began and the last one ended.
    """
    found: dict[Micros, float] = {
        row.start: float(row.values[0]) for row in rows if row.start is not None and row.values[0]
    }
    starts, beats = sorted(found), int(sum(found.values()))
    if beats < least or starts[-1] - starts[0] < _SHORTEST:
        return None
    window = _summed(rows, starts) * MINUTE
    counts = _by_window(found, starts[0], window)
    if _SPARSE * sum(map(bool, counts)) <= len(counts):
        counts = [min(count, 1) for count in counts]
    calls = int(sum(counts))
    if calls < least or len(counts) < _WINDOWS:
        return None
    if _strays(counts) > _STRAYS * (1 - _FEW / len(counts)) * calls:
        return None
    taken = (starts[-1] - starts[0]) / SECOND
    return Pulse(starts[0], beats, round(taken / max(1, calls - counts[-1])))


def _summed(rows: Sequence[Row], starts: Sequence[Micros]) -> int:
    """How many minutes a record sums up: as records say, else what all distances are multiples of."""
    lengths = [
        (ended - began) / MINUTE
        for _, began, ended in (row.values for row in rows)
        if began is not None and ended is not None
    ]
    told = round(median(lengths)) if lengths else 1
    common = gcd(*((later - earlier) // MINUTE for earlier, later in pairwise(starts)))
    return max(1, told, common if common <= _LONGEST else 1)


def _by_window(found: Mapping[Micros, float], first: Micros, window: Micros) -> list[float]:
    """Nodes begin theirs at moments of their own, which may drift over a minute's bound."""
    counts = [0.0] * (round((max(found) - first) / window) + 1)
    for start, count in found.items():
        counts[round((start - first) / window)] += count
    return counts


def _strays(counts: Sequence[float]) -> float:
    """Mean square of what the count so far, at the ends of windows, is off the straight line nearest to it.

    The last window may be cut, and what came before the first is not known.
    """
    upto = list(accumulate(counts))[:-1]
    slope, begun = linear_regression(range(len(upto)), upto)
    return fmean((count - begun - slope * place) ** 2 for place, count in enumerate(upto))
