"""What a date in a query means: the span of microseconds that it names, as wide as it is precise.

`2026-11-23` is that whole day, so that equality and `<=` include it; `now-15m` is one instant.
"""

import re
from datetime import UTC, datetime, timedelta, timezone

from tapetum.domain.moments import DAY, HOUR, MINUTE, SECOND, Micros, to_micros

_NOW = re.compile(r"now((?:[+-][0-9]{1,6}[smhdw]){0,3})\Z")
_STEP = re.compile(r"([+-][0-9]+)([smhdw])")
_UNITS = {"s": SECOND, "m": MINUTE, "h": HOUR, "d": DAY, "w": 7 * DAY}
_EPOCH_MS = re.compile(r"-?[0-9]{1,15}\Z")
_ISO = re.compile(
    r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})"
    r"(?:[T ]([0-9]{2})(?::([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,9}))?)?)?(Z|[+-][0-9]{2}(?::?[0-9]{2})?)?)?"
    r")?)?\Z"
)
_MILLISECOND: Micros = 1000


def read_span(text: str, now: Micros) -> tuple[Micros, Micros] | None:
    """First and last microsecond of what ISO 8601, epoch milliseconds or `now-15m` name; else None."""
    if relative := _NOW.match(text):
        steps = _STEP.findall(relative[1])
        instant = now + sum(int(amount) * _UNITS[unit] for amount, unit in steps)
        return instant, instant
    if iso := _ISO.match(text):
        return _iso_span(*iso.groups())
    if _EPOCH_MS.match(text):
        start = int(text) * _MILLISECOND
        return start, start + _MILLISECOND - 1
    return None


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
