"""What a date in a query means: the span of microseconds that it names, as wide as it is precise.

`2026-11-23` is that whole day, so that equality and `<=` include it; so is `now/d`, while `now-15m` is
one instant. Sums are Elasticsearch's date math, in UTC.
"""

import re
from calendar import monthrange
from datetime import UTC, datetime, timedelta, timezone

from tapetum.domain.moments import DAY, HOUR, MINUTE, SECOND, Micros, to_micros

_MATH = re.compile(r"(?:[+-][0-9]{0,6}[smhHdwMy]|/[smhHdwMy]){0,5}\Z")
_STEP = re.compile(r"([+/-])([0-9]*)([smhHdwMy])")
_UNITS = {"s": SECOND, "m": MINUTE, "h": HOUR, "H": HOUR, "d": DAY, "w": 7 * DAY}
_MONTHS = {"M": 1, "y": 12}
_MONDAY = 4 * DAY
"""The first one: 1970 began on a Thursday."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_MS = re.compile(r"-?[0-9]{1,15}\Z")
_ISO = re.compile(
    r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})"
    r"(?:[T ]([0-9]{2})(?::([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,9}))?)?)?(Z|[+-][0-9]{2}(?::?[0-9]{2})?)?)?"
    r")?)?\Z"
)
_MILLISECOND: Micros = 1000


def read_span(text: str, now: Micros) -> tuple[Micros, Micros] | None:
    """First and last microsecond of what ISO 8601, epoch milliseconds or `now-1d/d` name; else None."""
    if text.startswith("now"):
        return _reckoned(now, text.removeprefix("now"))
    date, bars, math = text.partition("||")
    if iso := _ISO.match(date):
        span = _iso_span(*iso.groups())
        return _reckoned(span[0], math) if span and bars else span
    if _EPOCH_MS.match(text):
        start = int(text) * _MILLISECOND
        return start, start + _MILLISECOND - 1
    return None


def _reckoned(start: Micros, math: str) -> tuple[Micros, Micros] | None:
    """Where sums and roundings lead: rounding down gives the first instant, rounding up the last."""
    if not _MATH.match(math):
        return None
    steps = _STEP.findall(math)
    try:
        return _applied(start, steps, up=False), _applied(start, steps, up=True)
    except (ValueError, OverflowError):
        return None


def _applied(instant: Micros, steps: list[tuple[str, str, str]], *, up: bool) -> Micros:
    for sign, amount, unit in steps:
        if sign == "/":
            first = _floor(instant, unit)
            instant = _plus(first, 1, unit) - 1 if up else first
        else:
            instant = _plus(instant, int(f"{sign}{amount or 1}"), unit)
    return instant


def _floor(instant: Micros, unit: str) -> Micros:
    if unit in _MONTHS:
        moment = _datetime(instant)
        return to_micros(datetime(moment.year, 1 if unit == "y" else moment.month, 1, tzinfo=UTC))
    first = _MONDAY if unit == "w" else 0
    return (instant - first) // _UNITS[unit] * _UNITS[unit] + first


def _plus(instant: Micros, amount: int, unit: str) -> Micros:
    """A month later is the same day of the next month, or its last where it has no such day."""
    if unit not in _MONTHS:
        return instant + amount * _UNITS[unit]
    moment = _datetime(instant)
    years, month = divmod(moment.month - 1 + amount * _MONTHS[unit], 12)
    year, month = moment.year + years, month + 1
    return to_micros(moment.replace(year=year, month=month, day=min(moment.day, monthrange(year, month)[1])))


def _datetime(instant: Micros) -> datetime:
    return _EPOCH + timedelta(microseconds=instant)


def _iso_span(
    year: str,
    month: str | None,
    day: str | None,
    hour: str | None,
    minute: str | None,
    second: str | None,
    fraction: str | None,
    zone: str | None,
) -> tuple[Micros, Micros] | None:
    micros = (fraction or "").ljust(6, "0")[:6]
    try:
        start = to_micros(
            datetime(
                int(year), int(month or 1), int(day or 1), int(hour or 0), int(minute or 0), int(second or 0),
                int(micros), _zone(zone),
            )
        )  # fmt: skip
        if month is None:
            return start, to_micros(datetime(int(year) + 1, 1, 1, tzinfo=UTC)) - 1
        if day is None:
            following = (int(year), int(month) + 1) if int(month) < 12 else (int(year) + 1, 1)  # noqa: PLR2004 - December
            return start, to_micros(datetime(*following, 1, tzinfo=UTC)) - 1
    except (ValueError, OverflowError):
        return None
    width = (
        DAY if hour is None
        else HOUR if minute is None
        else MINUTE if second is None
        else SECOND // 10 ** min(len(fraction or ""), 6)
    )  # fmt: skip
    return start, start + width - 1


def _zone(zone: str | None) -> timezone:
    if zone in (None, "Z"):
        return UTC
    digits = zone[1:].replace(":", "")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:] or 0))
    return timezone(-offset if zone[0] == "-" else offset)
