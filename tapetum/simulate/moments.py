"""Times as logs write them, and numbered minutes as a grid for things that happen now and then."""

from collections.abc import Iterator
from datetime import UTC, datetime

from tapetum.simulate.naming import digest

MINUTE = 60


def iso(seconds: float) -> str:
    """RFC 3339 with microseconds, as the Kubernetes API server writes it."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def minutes(start: int, end: int) -> Iterator[int]:
    """The starts of all minutes that have a part in [start, end)."""
    return iter(range(start // MINUTE * MINUTE, end, MINUTE))


def chances(seed: int, what: str, minute: int, mean: float) -> list[float]:
    """Moments in that minute at which something with this mean number a minute happens, in order."""
    count = int(mean) + (digest(seed, what, minute, "more") / 2**64 < mean - int(mean))
    return sorted(minute + MINUTE * digest(seed, what, minute, number) / 2**64 for number in range(count))
