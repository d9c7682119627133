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
_EARLIEST: Micros = 31_536_000 * SECOND  # 1971-01-01
_LATEST: Micros = 4_260_211_200 * SECOND  # 2105-01-01


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
    micros = _relative(text.strip(), now)
    if micros is None:
        micros = _absolute(text)
    if not _EARLIEST <= micros < _LATEST:
        raise BadInputError(f"{text[:60]!r} is outside the years 1971 to 2104.")
    return micros


def _relative(text: str, now: Micros) -> Micros | None:
    found = _RELATIVE.match(text)
    if found is None:
        return None
    sign, amount, unit = found.groups()
    if sign is None:
        return now
    return now + (1 if sign == "+" else -1) * int(amount) * _UNITS[unit]


def _absolute(text: str) -> Micros:
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise BadInputError(
            f"{text[:60]!r} is not a time; write ISO 8601 such as 2026-11-23T14:05:00Z, or now-15m."
        ) from None
    return to_micros(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


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
