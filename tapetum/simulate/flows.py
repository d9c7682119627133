"""Flow logs as Calico Enterprise writes them, in time order, as chunks of whole lines.

Allowed flows are aggregated at level 2 by default (source port, addresses and pod names dropped, the
pods' common labels kept), denied ones at level 1 (only the source port dropped), as the collector's
defaults are; `allowed_level=1` keeps addresses and pod names of allowed flows too.
"""

from collections.abc import Iterator
from fractions import Fraction
from itertools import chain, repeat

import numpy as np

from tapetum.domain.errors import BadInputError
from tapetum.simulate.flushes import Flush, Opened, dice, exact_total, flushes, opened
from tapetum.simulate.lanes import Ints
from tapetum.simulate.measures import MEASURES, measure
from tapetum.simulate.pieces import DROP_PODS, KEEP_PODS
from tapetum.simulate.reports import Reports
from tapetum.simulate.world import World

WINDOW = 300
_CHUNK = 512  # lines; what fits the processor's cache is joined fastest
_FILL = 0.8  # at most this share of all rows in one flush


def flow_lines(
    world: World,
    start: int,
    end: int,
    *,
    per_second: float | Fraction | None = None,
    window: int = WINDOW,
    allowed_level: int = DROP_PODS,
) -> Iterator[bytes]:
    """Chunks of newline-terminated flow logs of [start, end), unix seconds.

    Windows are counted from the world's epoch: [a, b) and then [b, c) write the bytes of [a, c) where
    b is a multiple of `window` after it. `per_second` None writes every flow that happens; a rate
    writes exactly so many lines, the busiest most often, and flushes more often than `window` where
    one flush has too few flows. The attack's lines are written whatever the rate.
    """
    if allowed_level not in (KEEP_PODS, DROP_PODS):
        raise BadInputError(f"Allowed flows are aggregated at level 1 or 2, not {allowed_level}.")
    rate = None if per_second is None else Fraction(per_second)
    reports = Reports(world, allowed_level)
    for flush in flushes(world.spec.epoch, start, end, window, parts(world, rate, window)):
        happened = opened(world.spec.seed, world.spec.epoch, world.lanes, flush, world.story)
        if rate is None:
            chosen = np.flatnonzero(happened.counts + world.lanes.held * happened.present > 0)
        else:
            chosen = _choose(world, happened, flush, exact_total(rate, world.spec.epoch, flush))
        yield from _write(world, reports, flush, happened, chosen)


def parts(world: World, rate: Fraction | None, window: int) -> int:
    """How many flushes a window is cut into, so that a rate can be kept without repeating a key."""
    if rate is None:
        return 1
    if rate <= 0:
        raise BadInputError(f"A rate of flow lines is above 0 a second, not {float(rate)}.")
    steady = ~world.lanes.story & (world.lanes.period == 0)
    room = max(1, int(world.lanes.rows[steady].sum() * _FILL))
    needed = -(-rate.numerator * window // (rate.denominator * room))
    if needed > 1000 * window:
        raise BadInputError(
            f"{float(rate):.0f} lines a second are more than this cluster's {room} flows can make in "
            f"flushes of a millisecond; ask for more workloads or fewer lines."
        )
    return needed


def _choose(world: World, happened: Opened, flush: Flush, wanted: int) -> Ints:
    """Lanes with `wanted` rows between them: a draw without replacement, the busy ones first."""
    lanes = world.lanes
    told = np.flatnonzero(lanes.story & (happened.counts > 0))
    wanted -= int(lanes.rows[told].sum())
    luck = dice(world.spec.seed, flush, 1).random(len(lanes.rate))
    chance = -np.expm1(-(happened.expected + 0.5 * lanes.held * happened.present))
    able = np.flatnonzero((chance > 0) & ~lanes.story)
    order = able[np.argsort(-np.log(luck[able]) / chance[able], kind="stable")]
    rows = lanes.rows[order]
    total = np.cumsum(rows)
    count = int(np.searchsorted(total, max(wanted, 0), side="right"))
    picked = order[:count]
    if wanted > 0 and wanted - (int(total[count - 1]) if count else 0) == 1:
        picked = _complete(order, rows, count)
    return np.sort(np.concatenate((told, picked)))


def _complete(order: Ints, rows: Ints, count: int) -> Ints:
    """One row is missing and the next lane has two: take a later single, or trade one for a pair."""
    singles = np.flatnonzero(rows[count:] == 1)
    if len(singles):
        return np.append(order[:count], order[count + singles[0]])
    taken = np.flatnonzero(rows[:count] == 1)
    if len(taken) and count < len(order):
        return np.append(np.delete(order[:count], taken[-1]), order[count])
    return order[:count]


def _write(world: World, reports: Reports, flush: Flush, happened: Opened, chosen: Ints) -> Iterator[bytes]:
    lanes = world.lanes
    widths = lanes.rows[chosen]
    first = np.repeat(lanes.first_row[chosen], widths)
    within = np.arange(len(first)) - np.repeat(np.cumsum(widths) - widths, widths)
    rows = first + within
    columns = measure(world, flush, happened, chosen, rows)
    reports.turn_to(flush.start // 1000)
    head = b'{"start_time":%d,"end_time":%d,' % (
        flush.start // 1000,
        max(flush.end // 1000, flush.start // 1000),
    )
    tail = b'"@timestamp":%d}\n' % flush.end
    for begin in range(0, len(rows), _CHUNK):
        some = rows[begin : begin + _CHUNK].tolist()
        numbers = zip(*(column[begin : begin + _CHUNK].tolist() for column in columns), strict=True)
        lines = zip(repeat(head), *reports.pieces(some), map(MEASURES.__mod__, numbers), repeat(tail))
        yield b"".join(chain.from_iterable(lines))
