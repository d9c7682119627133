"""Spans that dates in a query name."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tapetum.domain.moments import DAY, HOUR, MINUTE, SECOND, to_micros
from tapetum.kql.dates import read_span

NOW = 1_700_000_000_123_456


def at(*parts: int) -> int:
    return to_micros(datetime(*parts, tzinfo=UTC))


@pytest.mark.parametrize(
    ("text", "start", "width"),
    [
        ("now", NOW, 1),
        ("now-15m", NOW - 15 * MINUTE, 1),
        ("now+1d-1h", NOW + DAY - HOUR, 1),
        ("now-1w", NOW - 7 * DAY, 1),
        ("now-h", NOW - HOUR, 1),
        ("now-2H", NOW - 2 * HOUR, 1),
        ("now/d", at(2023, 11, 14), DAY),
        ("now-1d/d", at(2023, 11, 13), DAY),
        ("now/d-1d", at(2023, 11, 13), DAY),
        ("now/w", at(2023, 11, 13), 7 * DAY),  # from Monday
        ("now/M", at(2023, 11, 1), 30 * DAY),
        ("now-1M/M", at(2023, 10, 1), 31 * DAY),
        ("now/y", at(2023, 1, 1), 365 * DAY),
        ("now/y+1y", at(2024, 1, 1), 366 * DAY),
        ("now-1y", at(2022, 11, 14, 22, 13, 20, 123_456), 1),
        ("now-14M", at(2022, 9, 14, 22, 13, 20, 123_456), 1),
        ("2024-01-31||+1M", at(2024, 2, 29), 1),
        ("2024-01-31||+1M/d", at(2024, 2, 29), DAY),
        ("2024-02-29||-1y", at(2023, 2, 28), 1),
        ("2023-11-14T22:13:20+05:30||/h", at(2023, 11, 14, 16), HOUR),
        ("2023-11-14||", at(2023, 11, 14), 1),
        ("1969-12-31T23:59||/w", at(1969, 12, 29), 7 * DAY),
        ("2024", at(2024, 1, 1), 366 * DAY),
        ("2023-12", at(2023, 12, 1), 31 * DAY),
        ("2024-02", at(2024, 2, 1), 29 * DAY),
        ("2023-11-14", at(2023, 11, 14), DAY),
        ("2023-11-14T22", at(2023, 11, 14, 22), HOUR),
        ("2023-11-14 22:13", at(2023, 11, 14, 22, 13), MINUTE),
        ("2023-11-14T22:13:20Z", at(2023, 11, 14, 22, 13, 20), SECOND),
        ("2023-11-14T22:13:20.5", at(2023, 11, 14, 22, 13, 20, 500_000), SECOND // 10),
        ("2023-11-14T22:13:20.123456789", at(2023, 11, 14, 22, 13, 20, 123_456), 1),
        ("2023-11-14T22:13:20+05:30", at(2023, 11, 14, 16, 43, 20), SECOND),
        ("2023-11-14T22:13:20-0100", at(2023, 11, 14, 23, 13, 20), SECOND),
        ("1700000000123", 1_700_000_000_123_000, 1000),
        ("-1", -1000, 1000),
    ],
)
def test_spans(text: str, start: int, width: int) -> None:
    assert read_span(text, NOW) == (start, start + width - 1)


@pytest.mark.parametrize(
    "text",
    ["", "now-", "now-1x", "now/", "now/2d", "now-1m-1m-1m-1m-1m-1m", "now+9999y", "now-9999y/M", "2023-13",
     "||+1d", "2023-13||+1d", "2023||now", "1700000000123||+1d", "now||+1d", "now -1d",
     "2023-02-30", "2023-11-14T25",
     "2023-11-14T22:13:20+99", "9999", "٢٠٢٣", "2023-11-14T", "1" * 16, "now-15m\n"],
)  # fmt: skip
def test_no_dates(text: str) -> None:
    assert read_span(text, NOW) is None


@settings(deadline=None)
@given(st.datetimes(), st.integers(-23, 23), st.sampled_from("T "))
def test_isoformat_reads_back(naive: datetime, hours: int, separator: str) -> None:
    moment = naive.replace(tzinfo=timezone(timedelta(hours=hours)))
    span = read_span(moment.isoformat(separator, timespec="microseconds"), NOW)
    assert span == (to_micros(moment), to_micros(moment))
