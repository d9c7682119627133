"""The pulse of a beacon is found whatever its period, jitter and the flush of the logs; load has none."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tapetum.detect.detectors.pulse import Pulse, pulse_of
from tapetum.domain.moments import HOUR, MINUTE, SECOND
from tapetum.logstore.aggregation import Row

BEATS = 12


def rows(moments: list[float], flush: int) -> list[Row]:
    """Connections by minute, as logs that sum up `flush` seconds have them."""
    counts: dict[int, int] = {}
    for moment in moments:
        start = int(moment // flush * flush) * SECOND // MINUTE * MINUTE
        counts[start] = counts.get(start, 0) + 1
    return [Row((), start, (count, None, None)) for start, count in sorted(counts.items())]


@settings(max_examples=300, derandomize=True)
@given(
    st.integers(20, 280),
    st.sampled_from([(15, 0.1), (60, 0.1), (300, 0.05)]).flatmap(
        lambda one: st.tuples(st.just(one[0]), st.floats(0, one[1]))
    ),
    st.integers(0, 300),
    st.integers(0, 2**32),
)
def test_a_beacon_is_found(every: int, logged: tuple[int, float], offset: int, seed: int) -> None:
    """The longer the flush, the fewer windows there are, and the less jitter leaves it even."""
    chance, (flush, jitter) = random.Random(seed), logged
    hours = 2 if flush > 60 else 1
    moments = [
        offset + number * every + jitter * every * (2 * chance.random() - 1) + every
        for number in range(hours * HOUR // SECOND // every)
    ]
    pulse = pulse_of(rows(moments, flush), BEATS)
    assert isinstance(pulse, Pulse)
    assert pulse.beats == len(moments)
    assert abs(pulse.every - every) <= max(flush, 60) * every / 900 + 0.2 * every


LOAD = [(300, 120, 30), (300, 150, 60), (300, 60, 90), (60, 60, 30), (15, 60, 30), (15, 300, 180)]
"""Flush and mean distance in seconds, and minutes that it goes on."""


@pytest.mark.parametrize(("flush", "mean", "minutes"), LOAD)
def test_load_has_no_pulse(flush: int, mean: int, minutes: int) -> None:
    """Arrivals by chance, at rates as beacons have them, judged once they are all there."""
    chance, seen = random.Random(5), 0
    for _ in range(200):
        seen += pulse_of(rows(arrivals(chance, mean, minutes), flush), 10) is not None
    assert seen <= 2


def test_nor_has_load_that_is_judged_again_and_again() -> None:
    """As it grows, every eight minutes."""
    chance, seen = random.Random(6), 0
    for flush, mean, minutes in LOAD * 20:
        moments = arrivals(chance, mean, minutes)
        looks = [[each for each in moments if each < 480 * look] for look in range(1, minutes // 8 + 2)]
        seen += any(pulse_of(rows(some, flush), 10) for some in looks)
    assert seen <= 0.02 * 20 * len(LOAD)


def arrivals(chance: random.Random, mean: int, minutes: int) -> list[float]:
    moments, now = list[float](), 0.0
    while (now := now + chance.expovariate(1 / mean)) < minutes * 60:
        moments.append(now)
    return moments


@pytest.mark.parametrize("flush", [15, 60, 300])
@pytest.mark.parametrize("every", [60, 120, 300, 360, 420, 480, 600, 720, 840])
def test_a_slow_beacon_is_found(every: int, flush: int) -> None:
    """Of three hours; jitter is of each distance, so that the moments drift."""
    for jitter, most in ((0.0, 0), (0.1, 0), (0.2, 6)):
        missed = 0
        for seed in range(30):
            chance, now, moments = random.Random(seed), 0.0, list[float]()
            while (now := now + every * (1 + jitter * (2 * chance.random() - 1))) < 3 * 3600:
                moments.append(now)
            missed += pulse_of(rows(moments, flush), 10) is None
        assert missed <= most, (jitter, missed)


def test_a_call_may_open_several_connections() -> None:
    moments = [600.0 * number + apart for number in range(16) for apart in (0, 0.2, 1)]
    pulse = pulse_of(rows(moments, 15), 10)
    assert pulse is not None
    assert (pulse.beats, pulse.every) == (48, 600)


def test_windows_may_drift_over_a_minutes_bound() -> None:
    """Records say how much they sum up where their distances do not."""
    counted = [
        Row((), start, (2, start, start + 5 * MINUTE))
        for start in (5 * number * MINUTE - number % 2 * MINUTE for number in range(1, 24))
    ]
    pulse = pulse_of(counted, 10)
    assert pulse is not None
    assert pulse.beats == 46


def test_few_or_brief_ones_have_none() -> None:
    assert pulse_of(rows([60.0 * number for number in range(BEATS - 1)], 15), BEATS) is None
    assert pulse_of(rows([10.0 * number for number in range(30)], 15), BEATS) is None
    assert pulse_of([], BEATS) is None
