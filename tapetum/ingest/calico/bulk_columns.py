"""The bulk parser's columns to FLAT by the same rules as the exact path, a column at a time.

A rule for a text is applied to the column's distinct values. Rows that break one are not judged
here but handed to the exact path, which knows the reason.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tapetum.domain.flows import POLICY_LISTS
from tapetum.domain.moments import SECOND, Micros
from tapetum.ingest import values
from tapetum.ingest.arrow import pc
from tapetum.ingest.calico.fields import COUNTS, LABELS, LISTS, MOST_POLICIES, PORTS, RULED, TEXTS
from tapetum.ingest.flat import FLAT
from tapetum.ingest.refusals import UnreadableError
from tapetum.ingest.times import WINDOW

Mask = npt.NDArray[np.bool_]

_ABSENT = pa.array(values.ABSENT)
_NEW = object()
# What rules made of values: addresses come back in every batch.
_MEMOS: dict[str, dict[str, Any]] = {name: {} for name in RULED}
_MOST_MEMORIES = 1 << 16


class Columns:
    """One parsed block on its way to FLAT; `broken` marks rows for the exact path."""

    def __init__(self, table: pa.Table, latest: Micros) -> None:
        self._table = table
        self._latest = latest
        self.broken: Mask = np.zeros(table.num_rows, np.bool_)

    def flat(self, numbers: npt.NDArray[np.int32]) -> pa.Table:
        """FLAT rows with these line numbers; those of broken rows are not meant for use."""
        columns: dict[str, pa.Array] = {name: self._ruled(name, rule) for name, rule in RULED.items()}
        columns |= {name: self._text(name) for name in TEXTS}
        columns |= {name: self._bounded(name, values.LARGEST_PORT) for name in PORTS}
        columns |= {name: self._bounded(name, values.LARGEST) for name in COUNTS}
        columns |= self._times()
        columns |= self._lists()
        columns["line_no"] = pa.array(numbers)
        columns["sampling"] = pa.nulls(self._table.num_rows, pa.int64())
        return pa.table([columns[name] for name in FLAT.names], schema=FLAT)

    def _column(self, name: str) -> pa.Array:
        column = self._table.column(name)
        return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()

    def _break(self, rows: pa.Array | Mask) -> None:
        mask = rows if isinstance(rows, np.ndarray) else rows.to_numpy(zero_copy_only=False)
        self.broken |= mask

    def _ruled(self, name: str, rule: values.Rule) -> pa.Array:
        return self._distinct(self._column(name), lambda value: rule(value, name), memo=_MEMOS[name])

    def _distinct(
        self,
        column: pa.Array,
        rule: Callable[[Any], Any],
        *,
        kind: pa.DataType | None = None,
        memo: dict[str, Any] | None = None,
    ) -> pa.Array:
        """Apply a rule to the distinct values; absent values obey it too (some must be there)."""
        coded = column.dictionary_encode()
        given = coded.dictionary.to_pylist()
        memo = {} if memo is None else memo
        stored = [memo.get(value, _NEW) for value in given]
        bad: list[int] = []
        if _NEW in stored:
            bad = _apply(rule, given, stored, memo)
        if coded.null_count and not _takes(rule, None):
            self._break(coded.is_null())
        if bad:
            self._break(pc.fill_null(pc.is_in(coded.indices, pa.array(bad, pa.int32())), False))
        if stored == given:
            return column
        return pa.array(stored, kind or column.type).take(coded.indices)

    def _text(self, name: str) -> pa.Array:
        column = self._column(name)
        coded = column.dictionary_encode()
        absent = pc.is_in(coded.dictionary, _ABSENT)
        if not absent.true_count:
            return column
        return pc.if_else(absent, None, coded.dictionary).take(coded.indices)

    def _bounded(self, name: str, largest: int) -> pa.Array:
        column = self._column(name)
        self._break_outside(column, largest)
        return column

    def _break_outside(self, column: pa.Array, largest: int, rows: pa.Array | None = None) -> None:
        """Break rows with a number outside of [0, largest]; `rows` are the rows of a list's items."""
        extremes = pc.min_max(column)
        lowest, highest = extremes["min"].as_py(), extremes["max"].as_py()
        if lowest is None or (lowest >= 0 and highest <= largest):
            return
        outside = pc.or_(pc.less(column, 0), pc.greater(column, largest))
        if rows is None:
            self._break(pc.fill_null(outside, False))
        else:
            self._break_rows(rows.filter(outside))

    def _break_rows(self, rows: pa.Array) -> None:
        self.broken[rows.to_numpy(zero_copy_only=False)] = True

    def _times(self) -> dict[str, pa.Array]:
        start, end, stamp = (self._time(name) for name in WINDOW)
        begun = pc.coalesce(start, end, stamp)
        if begun.null_count:
            self._break(begun.is_null())
        kind = FLAT.field("start_time").type
        return {"start_time": begun.cast(kind), "end_time": end.cast(kind)}

    def _time(self, name: str) -> pa.Array:
        column = self._column(name)
        if pa.types.is_string(column.type):
            return self._distinct(
                column, lambda value: values.moment(value, name, self._latest), kind=pa.int64()
            )
        present = column.is_valid().to_numpy(zero_copy_only=False)
        micros = _scaled(column.fill_null(0).to_numpy())
        self._break(present & ((micros < values.EARLIEST) | (micros > self._latest)))
        return pa.array(micros, mask=~present)

    def _lists(self) -> dict[str, pa.Array]:
        found = {name: self._list(self._column(name), name) for name in LISTS}
        for name in LABELS:
            found[name] = self._list(self._inside(name, "labels"), name)
        for name in POLICY_LISTS:
            lists = self._list(self._inside("policies", name), name)
            longest = pc.max(lists.value_lengths()).as_py()
            if longest is not None and longest > MOST_POLICIES:
                self._break(pc.fill_null(pc.greater(lists.value_lengths(), MOST_POLICIES), False))
            found[name] = lists
        return found

    def _inside(self, name: str, field: str) -> pa.Array:
        """A field of an object; null where the object is, or where it is a text instead."""
        column = self._column(name)
        return column if pa.types.is_string(column.type) else pc.struct_field(column, field)

    def _list(self, column: pa.Array, name: str) -> pa.Array:
        if pa.types.is_string(column.type):
            # Switched off for the whole file: what is not `-` is no list.
            self._break(pc.fill_null(pc.invert(pc.is_in(column, _ABSENT)), False))
            return pa.nulls(len(column), FLAT.field(name).type)
        column = _without_absent(column)
        items, rows = column.flatten(), pc.list_parent_indices(column)
        if items.null_count:
            self._break_rows(rows.filter(items.is_null()))
        if name == "nat_outgoing_ports":
            self._break_outside(items, values.LARGEST_PORT, rows)
        elif name == "original_source_ips" and len(items):
            return self._addresses(column, items, rows)
        return column

    def _addresses(self, column: pa.Array, items: pa.Array, rows: pa.Array) -> pa.Array:
        broken, self.broken = self.broken, np.zeros(len(items), np.bool_)
        canonical = self._distinct(
            items, lambda value: values.address(value, "original_source_ips"), memo=_MEMOS["source_ip"]
        )
        bad, self.broken = self.broken, broken
        bad |= canonical.is_null().to_numpy(zero_copy_only=False)
        self._break_rows(rows.filter(pa.array(bad)))
        lengths = pc.fill_null(column.value_lengths(), 0).to_numpy()
        offsets = pa.array(np.concatenate([[0], np.cumsum(lengths)]), pa.int32())
        return pa.ListArray.from_arrays(offsets, canonical, mask=column.is_null())


def _without_absent(column: pa.Array) -> pa.Array:
    """Null for an empty list and for one that only says `-`."""
    lengths = column.value_lengths()
    shortest = pc.min(lengths).as_py()
    if shortest is None or shortest > 1:
        return column
    absent = pc.fill_null(pc.equal(lengths, 0), False).to_numpy(zero_copy_only=False)
    items = column.flatten()
    if pa.types.is_string(items.type):
        rows = pc.list_parent_indices(column).filter(pc.is_in(items, _ABSENT)).to_numpy()
        alone = pc.fill_null(pc.equal(lengths, 1), False).to_numpy(zero_copy_only=False)
        absent = absent.copy()
        absent[rows] |= alone[rows]
    return pc.if_else(pa.array(absent), None, column) if absent.any() else column


def _scaled(numbers: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """As values.scaled, for many."""
    return np.select(
        [numbers < values.SECONDS_BELOW, numbers < values.MILLIS_BELOW, numbers < values.MICROS_BELOW],
        [numbers * SECOND, numbers * 1000, numbers],
        numbers // 1000,
    )


def _apply(
    rule: Callable[[Any], Any], given: list[Any], stored: list[Any], memo: dict[str, Any]
) -> list[int]:
    """Fill in what the memo did not know; returns the places of values that break the rule."""
    if len(memo) > _MOST_MEMORIES:
        memo.clear()
    bad: list[int] = []
    for place, value in enumerate(given):
        if stored[place] is _NEW:
            try:
                memo[value] = stored[place] = rule(value)
            except UnreadableError:
                stored[place] = None
                bad.append(place)
    return bad


def _takes(rule: Callable[[Any], Any], value: Any) -> bool:
    try:
        rule(value)
    except UnreadableError:
        return False
    return True
