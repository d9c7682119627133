"""Records beyond retention are refused, measured from the newest record rather than from the clock.

So an old archive can be read into a fresh cluster, while a stray old record cannot revive a bucket
that upkeep has already dropped.
"""

import numpy as np
import pyarrow as pa

from tapetum.domain.moments import DAY, HOUR, Micros, iso
from tapetum.ingest.context import Context
from tapetum.ingest.flat import Reading
from tapetum.ingest.refusals import Cause, Refusal


def refuse_expired(reading: Reading, column: str, context: Context, newest: Micros | None) -> Reading:
    """Move records older than the retention to the refusals. `newest`: of the cluster so far.

    `column` holds a record's time.
    """
    retention = context.limits.retention
    if retention is None or not reading.flat.num_rows:
        return reading
    starts = reading.flat.column(column).combine_chunks().view(pa.int64()).to_numpy()
    latest = min(context.now, max(int(starts.max()), newest or 0))
    expired = starts < latest - retention
    if not expired.any():
        return reading
    numbers = reading.flat.column("line_no").to_numpy()
    told = _told(retention)
    refusals = [
        Refusal(
            int(numbers[row]),
            f"{column} is {iso(int(starts[row]))}, older than the retention of {told}",
            Cause.RETENTION,
        )
        for row in np.flatnonzero(expired)
    ]
    identities = reading.identities
    if identities is not None:
        identities = [identity for identity, old in zip(identities, expired, strict=True) if not old]
    refusals = sorted([*reading.refusals, *refusals], key=lambda refusal: refusal.line_no)
    return Reading(reading.flat.filter(pa.array(~expired)), refusals, identities)


def _told(retention: Micros) -> str:
    unit, name = (DAY, "days") if retention % DAY == 0 else (HOUR, "hours")
    return f"{retention / unit:g} {name}"
