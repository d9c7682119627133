"""What indices are called: kind, cluster and UTC day, so that scope, range and retention name them."""

import re
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from urllib.parse import unquote_to_bytes

from tapetum.domain.errors import BadInputError
from tapetum.domain.moments import DAY, Micros, TimeRange
from tapetum.domain.shapes import SHAPES

_LEGAL_PREFIX = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}\Z")
_PLAIN = frozenset(b"abcdefghijklmnopqrstuvwxyz0123456789-.")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FEW = 32
"""Patterns in one request; beyond it the alias is asked, since addresses must not grow without bound."""


class Family(StrEnum):
    """What an index holds: records of the kind that it is named after, or dead letters."""

    FLOWS = "flows"
    DNS = "dns"
    L7 = "l7"
    AUDIT = "audit"
    BGP = "bgp"
    EVENTS = "events"
    ALERTS = "alerts"
    LETTERS = "letters"


RECORDS = tuple(Family(kind.value) for kind in SHAPES)
"""What lines are read into."""


class Names:
    """All names of one store; stores with other prefixes share nothing."""

    def __init__(self, prefix: str) -> None:
        if not _LEGAL_PREFIX.match(prefix):
            raise BadInputError(
                f"{prefix[:60]!r} cannot begin the names of indices; use lower case letters, digits, - and _."
            )
        self.prefix = prefix
        self.journal = f"{prefix}-journal"

    def alias(self, family: Family) -> str:
        return f"{self.prefix}-{family}"

    def pattern(self, family: Family) -> str:
        return f"{self.prefix}-{family}-*"

    def of_cluster(self, family: Family, cluster: str) -> str:
        """A pattern; it may match more, as `east` matches `east-2`, so queries still name the cluster."""
        return f"{self.prefix}-{family}-{encoded(cluster)}-*"

    def of_day(self, family: Family, cluster: str, day: int) -> str:
        return f"{self.prefix}-{family}-{encoded(cluster)}-{written(day)}"

    def index(self, family: Family, cluster: str, at: Micros) -> str:
        return self.of_day(family, cluster, at // DAY)

    def asked(
        self, family: Family, clusters: Collection[str] | None = None, within: TimeRange | None = None
    ) -> list[str]:
        """What to search: at least all indices of the clusters and days, and few others."""
        places = ["*"] if clusters is None else sorted(map(encoded, clusters))
        days: list[str] = ["*"]
        if within is not None and 0 < within.length <= _FEW * DAY and within.start >= 0:
            days = [written(day) for day in range(within.start // DAY, -(-within.end // DAY))]
        if len(places) * len(days) > _FEW:
            days = ["*"]
        if len(places) * len(days) > _FEW or (places, days) == (["*"], ["*"]):
            return [self.alias(family)]
        return [f"{self.prefix}-{family}-{place}-{day}" for place in places for day in days]

    def day_of(self, index: str) -> int:
        """The UTC day, counted from 1970, that an index is for."""
        return (datetime.strptime(index[-10:], "%Y.%m.%d").replace(tzinfo=UTC) - _EPOCH).days

    def cluster_of(self, index: str) -> str:
        """The cluster that an index of a day is for."""
        name = index.removeprefix(self.prefix).split("-", 2)[2][: -len("-2026.11.23")]
        return unquote_to_bytes(name.replace("_", "%")).decode()


def written(day: int) -> str:
    return (_EPOCH + timedelta(days=day)).strftime("%Y.%m.%d")


def encoded(cluster: str) -> str:
    """Legal in an index name, and different for each cluster: other bytes become _ and two digits."""
    return "".join(chr(byte) if byte in _PLAIN else f"_{byte:02x}" for byte in cluster.encode())
