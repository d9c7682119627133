"""Recorded connections with their counts, as learning and testing take them; made of verdict keys."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from tapetum.domain.arrow import compute as pc
from tapetum.domain.flows import COUNTERS, VERDICT_KEY, Reporter
from tapetum.policy.replay.truths import Ints, Mask
from tapetum.policy.whatif import Recorded, connections_of

_DAY = 86_400_000_000
_KEYS = ("verdict_key", *VERDICT_KEY)
_SUMMED = ("records", *COUNTERS)


@dataclass(frozen=True, slots=True)
class Observed:
    """Columns beside `recorded`'s, one entry a row; times are microseconds since 1970.

    A row with neither reporter is of a forwarder and is only looked at, never learnt from.
    `unwanted` marks what people say should not be, `alerted` what alerts show.
    """

    recorded: Recorded
    by_source: Mask
    by_destination: Mask
    allowed: Mask
    connections: Ints
    records: Ints
    bytes: Ints
    first_seen: Ints
    last_seen: Ints
    unwanted: Mask
    alerted: Mask

    def __len__(self) -> int:
        return len(self.allowed)

    @property
    def days(self) -> tuple[Ints, Ints]:
        """First and last day of each row, UTC. Rows that are cut by day make days seen exact."""
        return self.first_seen // _DAY, np.maximum(self.first_seen, self.last_seen - 1) // _DAY


def observed(rows: pa.Table, unwanted: Mask | None = None, alerted: Mask | None = None) -> Observed:
    """Of one cluster's verdict keys, with `records`, sums of COUNTERS, `first_seen` and `last_seen`."""
    none = np.zeros(len(rows), np.bool_)
    keyed = connections_of(rows)
    counts = dict(zip(_SUMMED, keyed.counts.T, strict=True))
    reporter = rows.column("reporter")
    return Observed(
        keyed.recorded,
        _equal(reporter, Reporter.SRC.value),
        _equal(reporter, Reporter.DST.value),
        _equal(rows.column("action"), "allow"),
        counts["num_flows_started"],
        counts["records"],
        counts["bytes_in"] + counts["bytes_out"],
        _micros(rows.column("first_seen")),
        _micros(rows.column("last_seen")),
        none if unwanted is None else unwanted,
        none if alerted is None else alerted,
    )


def fold(records: pa.Table) -> pa.Table:
    """Flow records by verdict key and day."""
    starts = records.column("start_time")
    columns = {name: records.column(name) for name in (*_KEYS, *COUNTERS)}
    columns |= {
        "records": pa.array(np.ones(len(records), np.int64)),
        "first_seen": starts,
        "last_seen": pc.coalesce(records.column("end_time"), starts),
    }
    return summed([pa.table(columns)])


def summed(tables: Sequence[pa.Table]) -> pa.Table:
    """Folded tables as one: equal keys of one day add up, and come in the order of their keys."""
    table = pa.concat_tables(tables)
    first, last = _micros(table.column("first_seen")), _micros(table.column("last_seen"))
    keys, days = table.column("verdict_key").to_numpy(), first // _DAY
    order = np.lexsort((days, keys))
    changed = (np.diff(keys[order]) != 0) | (np.diff(days[order]) != 0)
    starts = np.concatenate(([0], np.flatnonzero(changed) + 1))[: len(table)]
    sums = {
        name: np.add.reduceat(pc.fill_null(table.column(name), 0).to_numpy()[order], starts)
        for name in _SUMMED
    }
    moment = pa.timestamp("us")
    return pa.table(
        {
            **{name: table.column(name).take(order[starts]) for name in _KEYS},
            **sums,
            "first_seen": pa.array(np.minimum.reduceat(first[order], starts), moment),
            "last_seen": pa.array(np.maximum.reduceat(last[order], starts), moment),
        }
    )


def _equal(column: pa.ChunkedArray, value: str) -> Mask:
    return pc.fill_null(pc.equal(column, value), False).to_numpy()


def _micros(column: pa.ChunkedArray) -> Ints:
    return pc.cast(column, pa.int64()).to_numpy()
