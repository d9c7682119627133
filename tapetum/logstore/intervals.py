"""How a range is cut into buckets for a histogram. Knows no engine."""

from dataclasses import dataclass

from tapetum.domain.errors import BadInputError
from tapetum.domain.moments import SECOND, Micros, TimeRange

_NICE = (1, 5, 10, 15, 30, 60, 300, 600, 900, 1800, 3600, 10_800, 21_600, 43_200, 86_400, 604_800)
_BUCKETS = 60
_MOST_BUCKETS = 2000
SERIES = 10
"""How many values of a field get a series of their own; the rest is OTHER."""
OTHER = "other"


@dataclass(frozen=True, slots=True)
class Cut:
    """`buckets` intervals of `seconds` each, from the multiple of it that lies at or before the range."""

    seconds: int
    first: int
    buckets: int

    @property
    def step(self) -> Micros:
        return self.seconds * SECOND

    @property
    def starts(self) -> tuple[Micros, ...]:
        return tuple((self.first + place) * self.step for place in range(self.buckets))


def cut(within: TimeRange, interval: int | None) -> Cut:
    """By the interval in seconds, or one that gives about 60 buckets; raises BadInputError beyond 2000."""
    seconds = interval or _fitting(within)
    step = seconds * SECOND
    first = within.start // step
    buckets = -(-within.end // step) - first
    if seconds < 1 or buckets > _MOST_BUCKETS:
        raise BadInputError(
            f"An interval of {seconds} s cuts the range into {buckets} buckets; at most {_MOST_BUCKETS} are "
            f"given, so ask for {-(-within.length // (_MOST_BUCKETS * SECOND))} s or more."
        )
    return Cut(seconds, first, buckets)


def _fitting(within: TimeRange) -> int:
    wanted = within.length / SECOND / _BUCKETS
    return next((nice for nice in _NICE if nice >= wanted), -(-int(wanted) // _NICE[-1]) * _NICE[-1])
