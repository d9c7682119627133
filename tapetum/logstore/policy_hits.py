"""What steps of policy traces did over a range: the same from every log store. Knows no engine.

Counted are enforced hits and, of what is staged, pending ones. A source reports its egress and a destination
its ingress, so a step at one side is counted once however many ends report.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from tapetum.domain.flows import Reporter
from tapetum.domain.moments import Micros, TimeRange
from tapetum.domain.policy_trace import PolicySet
from tapetum.logstore.intervals import Cut

REPORTERS = (Reporter.SRC, Reporter.DST)
"""Transit is applied at neither end."""
PARTS = ("tier", "kind", "namespace", "name", "action", "rule_index", "staged", "end_of_tier")
"""What tells steps apart, under the names of flows.HIT."""


class HitKey(NamedTuple):
    cluster: str
    reporter: str
    tier: str | None
    kind: str | None
    namespace: str | None
    name: str | None
    action: str | None
    rule_index: int | None
    staged: bool
    end_of_tier: bool


@dataclass(frozen=True, slots=True)
class HitCount:
    """`connections` None: no record counts any. `last` is the newest start, `series` are by bucket."""

    key: HitKey
    records: int
    connections: int | None
    last: Micros
    series: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PolicyHits:
    """In no order."""

    range: TimeRange
    interval: int  # seconds
    starts: tuple[Micros, ...]
    counts: tuple[HitCount, ...]


class Cell(NamedTuple):
    """Of a step, what fell into one bucket; any number of cells may be of the same."""

    key: HitKey
    bucket: int
    records: int
    connections: int | None
    last: Micros


def counts(hit_set: str | None, *, staged: bool | None) -> bool:
    return hit_set == (PolicySet.PENDING if staged else PolicySet.ENFORCED)


def added_up(within: TimeRange, sliced: Cut, cells: Iterable[Cell]) -> PolicyHits:
    by_key: dict[HitKey, list[Cell]] = defaultdict(list)
    for cell in cells:
        by_key[cell.key].append(cell)
    return PolicyHits(
        within,
        sliced.seconds,
        sliced.starts,
        tuple(_count(key, found, sliced) for key, found in by_key.items()),
    )


def _count(key: HitKey, cells: list[Cell], sliced: Cut) -> HitCount:
    series = [0] * sliced.buckets
    for cell in cells:
        series[cell.bucket - sliced.first] += cell.connections or 0
    known = [cell.connections for cell in cells if cell.connections is not None]
    return HitCount(
        key,
        sum(cell.records for cell in cells),
        sum(known) if known else None,
        max(cell.last for cell in cells),
        tuple(series),
    )
