"""Counting Elasticsearch against Neo4j: every hour and flow key, summed anew on both sides."""

from collections.abc import AsyncIterator, Iterable, Iterator
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from tapetum.domain.batches import RecordKind
from tapetum.domain.flows import COUNTERS
from tapetum.domain.moments import HOUR, SECOND, TimeRange
from tapetum.domain.scope import EVERYTHING
from tapetum.logstore.port import LogStore, Search
from tapetum.service.difference import Difference

_COUNTED = ("records", *COUNTERS)
_HOURS_AT_ONCE = 1000


class HourSums(Protocol):
    """What the graph says of one hour since 1970: counts[n, 6] are records and the COUNTERS."""

    @property
    def bucket(self) -> int: ...
    @property
    def flow_key(self) -> npt.NDArray[np.uint64]: ...
    @property
    def counts(self) -> npt.NDArray[np.int64]: ...


async def differences(logs: LogStore[Any], rolled_up: Iterable[HourSums], most: int = 20) -> list[Difference]:
    """The first so many; none where the stores agree. Only true while nothing is being written."""
    recorded = {bucket async for bucket in _hours(logs)}
    found: list[Difference] = []
    for sums in rolled_up:
        recorded.discard(sums.bucket)
        found += _compared(sums.bucket, await _sums(logs, sums.bucket), (sums.flow_key, sums.counts))
        if len(found) >= most:
            return found[:most]
    nothing = np.empty(0, np.uint64), np.empty((0, len(_COUNTED)), np.int64)
    for bucket in sorted(recorded):
        found += _compared(bucket, await _sums(logs, bucket), nothing)
    return found[:most]


async def _hours(logs: LogStore[Any]) -> AsyncIterator[int]:
    """Hours that have records."""
    spans = [
        (census.first_seen, census.last_seen)
        for census in await logs.census(EVERYTHING)
        if census.first_seen is not None and census.last_seen is not None
    ]
    if not spans:
        return
    first, last = min(first for first, _ in spans) // HOUR, max(last for _, last in spans) // HOUR
    for start in range(first, last + 1, _HOURS_AT_ONCE):
        within = TimeRange(start * HOUR, min(start + _HOURS_AT_ONCE, last + 1) * HOUR)
        told = await logs.histogram(EVERYTHING, Search(RecordKind.FLOWS, within), HOUR // SECOND, None)
        for place, count in enumerate(told.counts["all"]):
            if count:
                yield start + place


async def _sums(logs: LogStore[Any], bucket: int) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64]]:
    within = TimeRange(bucket * HOUR, (bucket + 1) * HOUR)
    told = await logs.sums(EVERYTHING, Search(RecordKind.FLOWS, within))
    return told.keys, told.counts


def _compared(
    bucket: int,
    recorded: tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64]],
    rolled_up: tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64]],
) -> Iterator[Difference]:
    keys = np.union1d(recorded[0], rolled_up[0])
    left, right = (_spread(keys, *side) for side in (recorded, rolled_up))
    for row, column in np.argwhere(left != right):
        yield Difference(
            "hour",
            bucket * HOUR,
            int(keys[row]),
            _COUNTED[column],
            int(left[row, column]),
            int(right[row, column]),
        )


def _spread(
    keys: npt.NDArray[np.uint64], some: npt.NDArray[np.uint64], counts: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """Counts by all the keys; zero where there are none."""
    spread = np.zeros((len(keys), len(_COUNTED)), np.int64)
    spread[np.searchsorted(keys, some)] = counts
    return spread
