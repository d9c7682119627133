"""Instants and ranges: exact to the microsecond, ISO 8601 or relative, refused with a sentence."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapetum.domain.errors import BadInputError
from tapetum.domain.moments import (
    DAY,
    HOUR,
    MINUTE,
    SECOND,
    TimeRange,
    iso,
    parse_moment,
    parse_range,
    to_micros,
)
from tests.support.factory import NOW

YEARS = st.datetimes(datetime(1971, 1, 1), datetime(2104, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone


@given(YEARS)
def test_a_moment_and_its_text_are_one(moment: datetime) -> None:
    micros = to_micros(moment)
    assert datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros) == moment
    assert parse_moment(iso(micros), NOW) == micros
    assert parse_moment(moment.isoformat(), NOW) == micros
    assert iso(micros).endswith("Z")
    assert len(iso(micros)) == len("2026-11-23T14:37:21.500Z") + (3 if micros % 1000 else 0)


@given(YEARS, st.integers(-14 * 60, 14 * 60))
def test_zones_are_resolved_and_none_is_utc(moment: datetime, offset: int) -> None:
    micros = to_micros(moment)
    zoned = moment.astimezone(timezone(timedelta(minutes=offset)))
    assert parse_moment(zoned.isoformat(), NOW) == micros
    assert parse_moment(moment.replace(tzinfo=None).isoformat(), NOW) == micros


@pytest.mark.parametrize(
    ("text", "micros"),
    [
        ("now", NOW),
        (" now ", NOW),
        ("now-15m", NOW - 15 * MINUTE),
        ("now+90s", NOW + 90 * SECOND),
        ("now-24h", NOW - DAY),
        ("now-2d", NOW - 2 * DAY),
        ("now-1w", NOW - 7 * DAY),
        ("now-0s", NOW),
        ("2026-11-23", NOW // DAY * DAY),
        ("2026-11-23T14:37", NOW // MINUTE * MINUTE),
        ("2026-11-23T15:37:21.5+01:00", NOW),
    ],
)
def test_moments_are_read_as_people_write_them(text: str, micros: int) -> None:
    assert parse_moment(text, NOW) == micros


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "now-",
        "now-15",
        "now-15y",
        "now - 15m",
        "now-1.5h",
        "now-9999999h",
        "NOW",
        "2026-13-01",
        "1e9",
        "1970-12-31",
        "2105-01-01",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "now-999999w",
        "now+999999d",
        "\x00",
        "2" * 5000,
    ],
)
def test_what_is_no_time_is_refused_with_the_way_out(text: str) -> None:
    with pytest.raises(BadInputError) as refused:
        parse_moment(text, NOW)
    assert len(refused.value.message) < 200
    assert "ISO 8601" in refused.value.message or "1971" in refused.value.message


@pytest.mark.parametrize(("start", "end"), [("now", "now"), ("now", "now-1s"), ("now+1s", "now")])
def test_an_empty_range_is_refused(start: str, end: str) -> None:
    with pytest.raises(BadInputError, match="empty"):
        parse_range(start, end, NOW)


def test_both_ends_are_resolved_against_the_same_now() -> None:
    assert parse_range("now-1h", "now", NOW) == TimeRange(NOW - HOUR, NOW)
    assert parse_range("now-1h", "now", NOW).length == HOUR


def test_the_years_end_where_the_sentence_says() -> None:
    for text in ("1971-01-01T00:00:00Z", "2104-12-31T23:59:59.999999Z"):
        assert iso(parse_moment(text, NOW)).startswith(text[:19])
    for text in ("1970-12-31T23:59:59.999999Z", "2105-01-01T00:00:00Z", "1971-01-01T00:00:00+00:01"):
        with pytest.raises(BadInputError, match="outside the years"):
            parse_moment(text, NOW)


@given(st.integers(0, 4 * 10**15), st.integers(0, 10**14), st.sampled_from([MINUTE, HOUR, DAY]))
def test_a_range_is_widened_to_the_fewest_whole_units(start: int, length: int, unit: int) -> None:
    asked = TimeRange(start, start + length)
    whole = asked.widened(unit)
    assert whole.start % unit == whole.end % unit == 0
    assert 0 <= asked.start - whole.start < unit
    assert 0 <= whole.end - asked.end < unit
    assert whole.widened(unit) == whole
