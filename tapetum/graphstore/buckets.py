"""The sums that a batch adds to roll-ups: by minute and by hour of each record's start, and by flow key."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tapetum.domain.errors import BadInputError
from tapetum.domain.flows import COUNTERS
from tapetum.domain.moments import DAY, HOUR, MINUTE, Micros

Ints = npt.NDArray[np.int64]

_MOST = 2.0**62


@dataclass(frozen=True, slots=True)
class BucketSums:
    """Rows sorted by (bucket, code), each pair once; counts[n, 6] are records and the COUNTERS."""

    buckets: Ints
    codes: Ints
    counts: Ints

    def coarser(self, factor: int) -> "BucketSums":
        return sum_up(self.buckets // factor, self.codes, self.counts)

    def since(self, bucket: int) -> "BucketSums":
        place = int(np.searchsorted(self.buckets, bucket))
        return BucketSums(self.buckets[place:], self.codes[place:], self.counts[place:])

    def table(self) -> pa.Table:
        columns = dict(zip(("records", *COUNTERS), np.ascontiguousarray(self.counts.T), strict=True))
        return pa.table({"bucket": self.buckets, "code": self.codes, **columns})


def minute_sums(fresh: pa.Table, codes: Ints) -> BucketSums:
    """What a batch's new records add, by minute of their start."""
    starts = fresh.column("start_time").cast(pa.int64()).to_numpy()
    counters = [fresh.column(name).fill_null(0).to_numpy() for name in COUNTERS]
    for name, counter in zip(COUNTERS, counters, strict=True):
        # An overflow would go unnoticed until the next recount, which would then refuse the store.
        if counter.sum(dtype=np.float64) >= _MOST:
            raise BadInputError(
                f"The {name} of this batch add up to {counter.sum(dtype=np.float64):.3g}, which is more than "
                "can be counted; look at what its source sends."
            )
    counts = np.column_stack([np.ones(len(starts), np.int64), *counters])
    return sum_up(starts // MINUTE, codes, counts)


def sum_up(buckets: Ints, codes: Ints, counts: Ints) -> BucketSums:
    if not len(buckets):
        return BucketSums(buckets, codes, counts)
    packed = buckets << 32 | codes
    order = np.argsort(packed, kind="stable")
    packed = packed[order]
    starts = np.flatnonzero(np.r_[True, packed[1:] != packed[:-1]])
    return BucketSums(
        packed[starts] >> 32, packed[starts] & 0xFFFFFFFF, np.add.reduceat(counts[order], starts, axis=0)
    )


def keeps_minutes(now: Micros) -> int:
    """The first minute bucket that is still kept; an hour more than the day that readers are promised."""
    return (now - DAY - HOUR) // MINUTE
