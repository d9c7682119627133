"""Records by whole hours, counted once and kept in memory: a long histogram is then a sum over some hundred numbers.

Counts are kept by question, and only those of hours that nothing was committed to while they were counted.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable

import numpy as np
import pyarrow as pa

from tapetum.domain.moments import HOUR, TimeRange

Counts = dict[str, int]
"""Records of an hour by series; without an entry where there are none."""
Count = Callable[[TimeRange], dict[int, Counts]]
"""Counts a range of whole hours from the records, by hour since 1970."""

_ENTRIES = 50_000
"""Counts and hours that are kept, of all questions; the question that was not asked for longest goes first."""
_SERIES = 32
"""Of an hour: more are counted each time."""
_NONE: Counts = {}


class HourCounts:
    """Safe from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, dict[int, Counts]] = OrderedDict()
        self._commits = 0
        self._touched: dict[int, int] = {}
        """The last commit to an hour, of those that a count under way may have missed."""
        self._counting = 0
        self._forgotten = 0

    def of(self, question: Hashable, within: TimeRange, count: Count) -> dict[int, Counts]:
        """Counts of a range of whole hours; `count` is asked for what is not kept, in one run of hours."""
        first, last = within.start // HOUR, within.end // HOUR
        with self._lock:
            kept = self._kept.get(question, {})
            missing = [hour for hour in range(first, last) if hour not in kept]
            found = {hour: kept[hour] for hour in range(first, last) if hour in kept}
            if question in self._kept:
                self._kept.move_to_end(question)
            began = self._commits
            self._counting += bool(missing)
        if not missing:
            return found
        try:
            run = range(missing[0], missing[-1] + 1)
            told = count(TimeRange(run.start * HOUR, run.stop * HOUR))
            found.update((hour, told.get(hour) or _NONE) for hour in run)
            self._keep(question, {hour: found[hour] for hour in run}, began)
            return found
        finally:
            with self._lock:
                self._counting -= 1
                if not self._counting:
                    self._touched.clear()

    def commit(self, hours: set[int]) -> None:
        """Records were committed to these hours since 1970."""
        with self._lock:
            self._commits += 1
            for kept in self._kept.values():
                for hour in hours & kept.keys():
                    del kept[hour]
            if self._counting:
                self._touched.update(dict.fromkeys(hours, self._commits))

    def forget(self) -> None:
        """Drop everything, after upkeep removed records."""
        with self._lock:
            self._commits += 1
            self._kept.clear()
            self._forgotten = self._commits  # whatever is being counted may hold what is gone

    def _keep(self, question: Hashable, told: dict[int, Counts], began: int) -> None:
        with self._lock:
            if began < self._forgotten or any(len(counts) > _SERIES for counts in told.values()):
                return
            kept = self._kept.setdefault(question, {})
            kept.update(
                {hour: counts for hour, counts in told.items() if self._touched.get(hour, 0) <= began}
            )
            size = sum(map(_entries, self._kept.values()))
            while size > _ENTRIES:
                _, oldest = self._kept.popitem(last=False)
                size -= _entries(oldest)


def _entries(kept: dict[int, Counts]) -> int:
    return sum(1 + len(counts) for counts in kept.values())


def hours_in(times: pa.ChunkedArray) -> set[int]:
    """The hours since 1970 of a column of timestamps."""
    micros = times.drop_null().cast(pa.int64()).to_numpy()
    return set(np.unique(micros // HOUR).tolist())
