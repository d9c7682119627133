"""The LogStore port: records of every kind as they were logged, alerts among them.

Each call takes a Scope. Writes take the transaction that the composition opened (None where the
engine has none); reads are asynchronous, and cancelling one cancels it in the engine too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tapetum.domain.alerts import Alert, NumberedAlert, Triage
from tapetum.domain.batches import Batch, Receipt, RecordKind
from tapetum.domain.errors import TooLargeError
from tapetum.domain.flows import COUNTERS, RECORD, VERDICT_KEY
from tapetum.domain.moments import Micros, TimeRange
from tapetum.domain.scope import Scope
from tapetum.domain.service_graph import KeySums
from tapetum.kql import Query
from tapetum.logstore.aggregation import Aggregated, Aggregation
from tapetum.logstore.policy_hits import PolicyHits

Tx_contra = TypeVar("Tx_contra", contravariant=True)
Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Search:
    """Which records: of a kind, whose start lies in the range, in the clusters, matching the filter."""

    kind: RecordKind
    range: TimeRange
    clusters: frozenset[str] | None = None
    filter: Query | None = None
    keys: tuple[int, ...] | None = None  # flow keys; None is any


@dataclass(frozen=True, slots=True)
class Order:
    """By a stored field, ties by id in the same direction; records without the field come last."""

    field: str = "start_time"
    descending: bool = True


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page ended: the last record's value of the order's field (None: missing) and its id."""

    value: Any
    id: str


@dataclass(frozen=True, slots=True)
class Page:
    """Records as dicts under their stored names (times in microseconds, lists, policy_hits)."""

    records: tuple[Record, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class Histogram:
    """counts[key][i] records start in [starts[i], starts[i] + interval)."""

    range: TimeRange
    interval: int  # seconds
    starts: tuple[Micros, ...]
    counts: dict[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class TopValues:
    """The most frequent values; `other` counts records with none of them, `missing` those without any."""

    values: tuple[tuple[str, int], ...]
    other: int
    missing: int


@dataclass(frozen=True, slots=True)
class Decision:
    """How often one policy step appears in the traces of the searched records."""

    hit: Record  # as in flows.HIT
    reporter: str
    records: int
    connections: int | None


@dataclass(frozen=True, slots=True)
class ProcessUse:
    name: str
    args: tuple[str, ...]
    records: int
    first_seen: Micros


@dataclass(frozen=True, slots=True)
class TcpHealth:
    """Times in microseconds; means weigh each record alike."""

    mean_smooth_rtt: float | None
    max_smooth_rtt: int | None
    mean_min_rtt: float | None
    retransmissions: int | None
    lost_packets: int | None
    unrecovered_timeouts: int | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What raw records add to an edge's roll-ups."""

    decisions: tuple[Decision, ...]
    processes: tuple[ProcessUse, ...]
    tcp: TcpHealth | None


@dataclass(frozen=True, slots=True)
class MarkedKeys:
    """keys[n]: flow keys, each once; marked[n, m]: whether a record with the key meets mark m."""

    keys: npt.NDArray[np.uint64]
    marked: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class VerdictKeys:
    """What the searched records are to policies: `rows` under VERDICT_KEYS, one for each key.

    `keyless` counts records that an earlier version stored and nobody has given a key yet.
    """

    rows: pa.Table
    keyless: int = 0


VERDICT_KEYS = pa.schema(
    [
        *(RECORD.field(name) for name in ("verdict_key", *VERDICT_KEY)),
        ("records", pa.int64()),
        *(RECORD.field(name) for name in COUNTERS),  # sums; null where the source does not count it
        ("first_seen", pa.timestamp("us")),  # of start_time
        ("last_seen", pa.timestamp("us")),
    ]
)
MOST_VERDICT_KEYS = 2_000_000
"""Answered at once: about a gigabyte while they are folded and replayed."""


def too_many_verdict_keys(most: int) -> TooLargeError:
    return TooLargeError(
        f"The records of this range hold more than {most:,} different connections; "
        "narrow the range or the filter."
    )


@dataclass(frozen=True, slots=True)
class DeadLetter:
    id: str
    cluster: str
    received_at: Micros
    source: str
    batch_id: str
    line_no: int
    reason: str
    line: str
    kind: RecordKind | None = None  # of what an earlier version stored


@dataclass(frozen=True, slots=True)
class LetterSearch:
    """Which dead letters: received in the range, in the clusters, sent as a kind, by a source."""

    range: TimeRange
    clusters: frozenset[str] | None = None
    kind: RecordKind | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Appended:
    """What a batch added: its new records (flows.RECORD). `replayed`: it had been applied before."""

    fresh: pa.Table
    receipt: Receipt
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class KindCensus:
    """How many records of a kind a cluster has, one at least, and the span of their times."""

    kind: RecordKind
    records: int
    first_seen: Micros
    last_seen: Micros


@dataclass(frozen=True, slots=True)
class Census:
    """One cluster's stored records by kind, in the order of SHAPES, and how many dead letters it has."""

    cluster: str
    kinds: tuple[KindCensus, ...] = ()
    rejected: int = 0

    @property
    def records(self) -> int:
        return sum(each.records for each in self.kinds)

    @property
    def first_seen(self) -> Micros | None:
        return min((each.first_seen for each in self.kinds), default=None)

    @property
    def last_seen(self) -> Micros | None:
        return max((each.last_seen for each in self.kinds), default=None)


class LogStore(Protocol[Tx_contra]):
    def append(self, tx: Tx_contra, batch: Batch) -> Appended:
        """Store what is new of a batch, its dead letters and its id; a known batch changes nothing."""
        ...

    def append_alerts(self, tx: Tx_contra, alerts: list[Alert]) -> list[NumberedAlert]:
        """Store alerts whose id is new, numbered in order of raising; returns those stored."""
        ...

    async def search(
        self, scope: Scope, search: Search, order: Order, first: int, after: Position | None
    ) -> Page:
        """At most `first` records behind `after`."""
        ...

    async def count(self, scope: Scope, search: Search) -> int:
        """Exactly how many records match."""
        ...

    async def get(self, scope: Scope, kind: RecordKind, record_id: str) -> Record | None: ...

    async def raw(
        self, scope: Scope, record_ids: list[str], kind: RecordKind = RecordKind.FLOWS
    ) -> dict[str, str]:
        """The lines that records of a kind came from, as they arrived; ids not visible are left out."""
        ...

    async def histogram(
        self, scope: Scope, search: Search, interval: int | None, by: str | None
    ) -> Histogram:
        """Counts by start time. No interval: one that gives about 60 buckets. `by`: a keyword field."""
        ...

    async def top_values(
        self, scope: Scope, search: Search, field: str, limit: int, prefix: str = ""
    ) -> TopValues: ...

    async def aggregate(self, scope: Scope, search: Search, aggregation: Aggregation) -> Aggregated:
        """What records come to, in groups and over time, exactly."""
        ...

    async def values(self, scope: Scope, search: Search, field: str) -> pa.Array:
        """The different texts or addresses that a field has, in lists and objects too, in no order."""
        ...

    async def holding(
        self,
        scope: Scope,
        search: Search,
        field: str,
        wanted: Sequence[str],
        apart: Sequence[str],
        each: int,
        most: int,
        told: Sequence[str],
    ) -> list[Record]:
        """Records in which a field has one of the wanted values, each once, in no order: of those of an hour
        with the same value and the same `apart` at least the first `each`. Of more than `most` the newest.
        Of each at least the columns that are `told`.
        """
        ...

    async def policy_hits(self, scope: Scope, search: Search, interval: int | None) -> PolicyHits:
        """What the steps of the matching flow records' traces did, over time as `histogram` cuts it."""
        ...

    async def sums(self, scope: Scope, search: Search, fields: Sequence[str] = COUNTERS) -> KeySums:
        """The matching flow records and sums of their numbers, the counters where not told, by flow key."""
        ...

    async def flow_keys(self, scope: Scope, search: Search) -> npt.NDArray[np.uint64]:
        """Those of the matching flow records, each once: less work than their sums."""
        ...

    async def marked_keys(self, scope: Scope, search: Search, marks: Sequence[Query]) -> MarkedKeys:
        """The flow keys of the matching flow records, and which of the marks any of those records meets."""
        ...

    async def verdict_keys(self, scope: Scope, search: Search, most: int = MOST_VERDICT_KEYS) -> VerdictKeys:
        """The matching flow records by what policies decide them by; TooLargeError beyond `most` keys."""
        ...

    async def evidence(self, scope: Scope, search: Search, limit: int) -> Evidence:
        """Policies, processes and TCP health of the matching flow records."""
        ...

    async def dead_letters(
        self, scope: Scope, search: LetterSearch, first: int, after: str | None
    ) -> tuple[list[DeadLetter], bool]:
        """Newest first by time of receipt, behind the id `after`; visible to cluster-wide scopes only."""
        ...

    async def count_dead_letters(self, scope: Scope, search: LetterSearch) -> int: ...

    async def alerts_after(self, scope: Scope, number: int, limit: int) -> list[NumberedAlert]:
        """Alerts raised behind a number, in order: what a subscriber that comes back has missed."""
        ...

    async def triage_alert(self, scope: Scope, alert_id: str, triage: Triage) -> Alert | None:
        """The alert as it is then, seen by every question that is asked later; None where the scope sees no
        such alert. Its number stays.
        """
        ...

    async def last_alert(self, scope: Scope) -> int:
        """The number of the newest alert that the scope sees; 0 where there is none."""
        ...

    async def census(self, scope: Scope) -> list[Census]: ...
