"""Committed records as dicts, in the form that a search of the log store gives them."""

from collections.abc import Iterable
from typing import Any

import pyarrow as pa

from tapetum.bus.port import RecordsCommitted
from tapetum.domain.arrow import compute as pc
from tapetum.domain.flows import POLICY_LISTS
from tapetum.logstore.port import Record

_OF_TRACES = {"policies", "policy_hits"}


def rows(records: pa.Table, traces: dict[int, Record], columns: Iterable[str] | None = None) -> list[Record]:
    """Times in microseconds; policies looked up where they are wanted. No columns: all."""
    wanted = None if columns is None else {name.partition(".")[0] for name in columns}
    if wanted is not None:
        records = records.select([name for name in records.column_names if name in wanted or name == "trace"])
    found: list[Record] = _plain(records).to_pylist()
    if "trace" in records.column_names and (wanted is None or wanted & _OF_TRACES):
        for row in found:
            row.update(traces.get(row["trace"], _UNTRACED))
    return found


def traces_of(event: RecordsCommitted) -> dict[int, Record]:
    """Policies by the key of their trace; only flows have them."""
    return {
        trace["trace"]: {
            "policies": {name: trace[name] or [] for name in POLICY_LISTS},
            "policy_hits": trace["policy_hits"] or [],
        }
        for trace in event.traces.to_pylist()
    }


def _plain(table: pa.Table) -> pa.Table:
    for place, column in enumerate(table.schema):
        if pa.types.is_timestamp(column.type):
            table = table.set_column(place, column.name, pc.cast(table.column(place), pa.int64()))
    return table


_UNTRACED: dict[str, Any] = {"policies": {name: [] for name in POLICY_LISTS}, "policy_hits": []}
