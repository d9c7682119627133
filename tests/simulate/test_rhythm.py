from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from tapetum.simulate.inventory import Rhythm
from tapetum.simulate.rhythm import activity


def at(day: int, hour: float) -> float:
    """A day of the week that starts on Monday 2026-11-23, UTC."""
    return datetime(2026, 11, 23 + day, tzinfo=UTC).timestamp() + 3600 * hour


def test_users_sleep_at_night_and_rest_on_weekends() -> None:
    night, noon, evening = (activity(Rhythm.USER, at(0, hour)) for hour in (3, 12, 20))
    assert night < 0.4 * noon < 0.52
    assert evening > 2 * night
    assert activity(Rhythm.USER, at(5, 12)) < 0.8 * noon
    assert activity(Rhythm.USER, at(4, 12)) == noon


def test_batches_run_at_night_and_machines_always() -> None:
    assert activity(Rhythm.BATCH, at(0, 2.5)) > 4 * activity(Rhythm.BATCH, at(0, 14))
    assert activity(Rhythm.STEADY, at(0, 2.5)) == activity(Rhythm.STEADY, at(6, 14)) == 1


@given(st.sampled_from(Rhythm), st.integers(0, 4_000_000_000))
def test_activity_is_positive_bounded_and_smooth(rhythm: Rhythm, moment: int) -> None:
    assert 0.1 < activity(rhythm, moment) < 2
    weekend_begins = moment % 86_400 > 86_340
    assert weekend_begins or abs(activity(rhythm, moment + 60) - activity(rhythm, moment)) < 0.02
