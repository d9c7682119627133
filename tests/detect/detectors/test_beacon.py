"""The pulse of a beacon is found whatever its period, jitter and the flush of the logs; load has none."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from tapetum.detect.detectors.beacon import Pulse, pulse_of
from tapetum.domain.moments import HOUR, MINUTE, SECOND
from tapetum.logstore.aggregation import Row

BEATS = 12


def rows(moments: list[float], flush: int) -> list[Row]:
    """Connections by minute, as logs that sum up `flush` seconds have them."""
    counts: dict[int, int] = {}
    for moment in moments:
        start = int(moment // flush * flush) * SECOND // MINUTE * MINUTE
        counts[start] = counts.get(start, 0) + 1
    return [Row((), start, (count,)) for start, count in sorted(counts.items())]


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
    """The longer the flush, the fewer windows an hour has, and the less jitter leaves it even."""
    chance, (flush, jitter) = random.Random(seed), logged
    moments = [
        offset + number * every + jitter * every * (2 * chance.random() - 1) + every
        for number in range(HOUR // SECOND // every)
    ]
    pulse = pulse_of(rows(moments, flush), BEATS)
    assert isinstance(pulse, Pulse)
    assert pulse.beats == len(moments)
    assert abs(pulse.every - every) <= max(flush, 60) * every / 900 + 0.2 * every


def test_load_has_no_pulse() -> None:
    """Arrivals by chance, at rates as beacons have them: a few hours in a thousand may look even."""
    chance, seen, hours = random.Random(5), 0, 0
    for every in (20, 60, 120, 280):
        for flush in (15, 60, 300):
            for _ in range(100):
                moments, now = list[float](), 0.0
                while (now := now + chance.expovariate(1 / every)) < HOUR / SECOND:
                    moments.append(now)
                seen, hours = seen + (pulse_of(rows(moments, flush), BEATS) is not None), hours + 1
    assert seen < 0.03 * hours


def test_few_or_brief_ones_have_none() -> None:
    assert pulse_of(rows([60.0 * number for number in range(BEATS - 1)], 15), BEATS) is None
    assert pulse_of(rows([10.0 * number for number in range(30)], 15), BEATS) is None
    assert pulse_of([], BEATS) is None
