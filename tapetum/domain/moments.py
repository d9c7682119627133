"""Instants and ranges of time: microseconds since 1970 UTC, as the logs and stores hold them.

The clock is a parameter everywhere; nothing here reads the time.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from tapetum.domain.errors import BadInputError

Micros = int
Clock = Callable[[], Micros]

SECOND: Micros = 1_000_000
MINUTE: Micros = 60 * SECOND
HOUR: Micros = 60 * MINUTE
DAY: Micros = 24 * HOUR

_UNITS = {"s": SECOND, "m": MINUTE, "h": HOUR, "d": DAY, "w": 7 * DAY}
_RELATIVE = re.compile(r"now(?:([+-])(\d{1,6})([smhdw]))?\Z")
_EARLIEST = datetime(1971, 1, 1, tzinfo=UTC)
_LATEST = datetime(2105, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class TimeRange:
    """The half-open interval [start, end) in microseconds."""

    start: Micros
    end: Micros

    @property
    def length(self) -> Micros:
        return self.end - self.start

    def widened(self, unit: Micros) -> "TimeRange":
        """The smallest range of whole units that holds this one."""
        return TimeRange(self.start // unit * unit, -(-self.end // unit) * unit)


def parse_moment(text: str, now: Micros) -> Micros:
    """Read ISO 8601 (naive means UTC) or `now-15m`; raises BadInputError with the way out."""
    relative = _RELATIVE.match(text.strip())
    if relative:
        sign, amount, unit = relative.groups()
        if sign is None:
            return now
        return now + (1 if sign == "+" else -1) * int(amount) * _UNITS[unit]
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise BadInputError(
            f"{text[:60]!r} is not a time; write ISO 8601 such as 2026-11-23T14:05:00Z, or now-15m."
        ) from None
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    if not _EARLIEST <= moment < _LATEST:
        raise BadInputError(f"{text[:60]!r} is outside the years 1971 to 2104.")
    return to_micros(moment)


def parse_range(start: str, end: str, now: Micros) -> TimeRange:
    """Resolve both ends against the same now; raises BadInputError where they are not in order."""
    begin, stop = parse_moment(start, now), parse_moment(end, now)
    if begin >= stop:
        raise BadInputError(f"The range from {start!r} to {end!r} is empty; `from` must come before `to`.")
    return TimeRange(begin, stop)


def to_micros(moment: datetime) -> Micros:
    """Exact, where `timestamp() * 1e6` would round."""
    delta = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return (delta.days * 86_400 + delta.seconds) * SECOND + delta.microseconds


def iso(micros: Micros) -> str:
    """ISO 8601 in UTC with Z; milliseconds, or microseconds where there are any."""
    moment = datetime.fromtimestamp(micros // SECOND, UTC).replace(microsecond=micros % SECOND)
    return moment.isoformat(timespec="microseconds" if micros % 1000 else "milliseconds").replace(
        "+00:00", "Z"
    )
