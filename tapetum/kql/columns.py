"""Conditions over a batch's columns: one mask for all its records, as the Python predicate decides each.

A text is judged once for each value that a column holds, whatever number of records hold it. What many
queries need of a column is made once for the batch.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tapetum.domain.arrow import compute as pc
from tapetum.domain.flows import POLICY_LISTS
from tapetum.kql.conditions import (
    AllOf,
    AnyOf,
    Between,
    Condition,
    Constant,
    Element,
    Equals,
    Leaf,
    Negation,
    Present,
)
from tapetum.kql.predicate import Predicate, predicate_of, value_test

Mask = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.int64]
MaskTest = Callable[["Columns", Mask], Mask]
"""The records that meet a condition; those outside the mask given may come out either way."""


@dataclass(frozen=True, slots=True)
class _Texts:
    """The values of a column, each once, and which of them every item is; -1 is a missing one."""

    values: list[Any]
    place: dict[Any, int]
    codes: Codes

    def met(self, leaf: Leaf) -> Mask:
        match leaf:
            case Present():
                return self.codes >= 0
            case Equals(field, value) if not field.policy_strings:
                return self.codes == self.place.get(value, -2)
            case _:
                test = value_test(leaf)
                return np.array([*map(test, self.values), False], np.bool_)[self.codes]


@dataclass(frozen=True, slots=True)
class _Numbers:
    values: npt.NDArray[Any]
    present: Mask

    @property
    def codes(self) -> Codes:
        """Alike where the values are; -1 is a missing one."""
        _, codes = np.unique(self.values, return_inverse=True)
        return np.where(self.present, codes, -1)

    def met(self, leaf: Leaf) -> Mask:
        match leaf:
            case Present():
                return self.present
            case Equals(_, value):
                return self.present & (self.values == value)
            case Between(_, low, high):
                above = self.present if low is None else self.present & (self.values >= low)
                return above if high is None else above & (self.values <= high)
            case _:
                raise AssertionError(leaf)  # the rest is asked of texts


POLICIES = ("policies", "policy_hits")
"""What lies in the traces of flows."""
_JUDGED = 20_000
"""Traces whose verdicts a condition remembers; clusters have hundreds."""


class Columns:
    """Records of one kind; `traces` (flows.TRACE) hold the policies of flows."""

    def __init__(self, records: pa.Table, traces: pa.Table) -> None:
        self.records = records
        self.rows = records.num_rows
        self._traces = traces
        self._items: dict[str, _Texts | _Numbers] = {}
        self._lists: dict[str, tuple[_Texts | _Numbers, Codes]] = {}

    def numbers(self, name: str) -> npt.NDArray[Any]:
        """Of a column of numbers or times that every record has."""
        held = self.items(name)
        assert isinstance(held, _Numbers)  # noqa: S101 - the caller's schema
        return held.values

    def taken(self, places: Sequence[int], names: Iterable[str]) -> list[dict[str, Any]]:
        """Some columns of some records, as readers get them: times in microseconds, policies from traces."""
        wanted = set(names)
        table = self.records.select([name for name in self.records.column_names if name in wanted])
        rows: list[dict[str, Any]] = _plain(table.take(places)).to_pylist()
        for name in wanted & set(POLICIES):
            keys, of_record = self.traces
            for row, place in zip(rows, places, strict=True):
                row[name] = self.traced(int(keys[of_record[place]]), name)
        return rows

    def traced(self, key: int, name: str) -> Any:
        """What a trace holds of policies; None where it is unknown."""
        place = self._places.get(key)
        if place is None:
            return None
        names = POLICY_LISTS if name == "policies" else (name,)
        held = {each: self._traces.column(each)[place].as_py() for each in names}
        return held if name == "policies" else held[name]

    def items(self, name: str) -> _Texts | _Numbers:
        if name not in self._items:
            self._items[name] = _read(self.records.column(name).combine_chunks())
        return self._items[name]

    def lists(self, name: str) -> tuple[_Texts | _Numbers, Codes]:
        """The items of all lists, and which record each is of."""
        if name not in self._lists:
            column = self.records.column(name).combine_chunks()
            self._lists[name] = _read(column.flatten()), pc.list_parent_indices(column).to_numpy()
        return self._lists[name]

    @cached_property
    def traces(self) -> tuple[npt.NDArray[np.uint64], Codes]:
        """The keys of traces, each once, and which of them each record has; 0 is of those without."""
        keys = pc.fill_null(self.records.column("trace"), 0).to_numpy()
        found, codes = np.unique(keys, return_inverse=True)
        return found, codes

    @cached_property
    def _places(self) -> dict[int, int]:
        return {key: place for place, key in enumerate(self._traces.column("trace").to_pylist())}


def compile_mask(condition: Condition) -> MaskTest:
    """A test of batches of the kind that the condition was bound for."""
    match condition:
        case Constant(value):
            return lambda columns, _: np.full(columns.rows, value)
        case AllOf(parts):
            return _all([compile_mask(part) for part in sorted(parts, key=_costly)])
        case AnyOf(parts):
            return _any([compile_mask(part) for part in sorted(parts, key=_costly)])
        case Negation(part):
            inner = compile_mask(part)
            return lambda columns, among: ~inner(columns, among)
        case Element():
            return _element(condition)
        case _:
            return _leaf(condition)


def _costly(condition: Condition) -> bool:
    """Whether it takes objects out of the batch, one by one."""
    match condition:
        case Element():
            return True
        case AllOf(parts) | AnyOf(parts):
            return any(map(_costly, parts))
        case Negation(part):
            return _costly(part)
        case _:
            return False


def _all(tests: Sequence[MaskTest]) -> MaskTest:
    def met(columns: Columns, among: Mask) -> Mask:
        for test in tests:
            if not among.any():
                break
            among = among & test(columns, among)
        return among

    return met


def _any(tests: Sequence[MaskTest]) -> MaskTest:
    def met(columns: Columns, among: Mask) -> Mask:
        found = np.zeros(columns.rows, np.bool_)
        for test in tests:
            found |= test(columns, among & ~found)
        return found

    return met


def _leaf(leaf: Leaf) -> MaskTest:
    name = leaf.field.leaf
    if not leaf.field.multi:
        return lambda columns, _: columns.items(name).met(leaf)

    def any_item(columns: Columns, _: Mask) -> Mask:
        items, parents = columns.lists(name)
        found = np.zeros(columns.rows, np.bool_)
        found[parents[items.met(leaf)]] = True
        return found

    return any_item


def _element(element: Element) -> MaskTest:
    name, test = element.nested.name, predicate_of(element)
    if name in POLICIES:
        return _traced(name, test)

    def met(columns: Columns, among: Mask) -> Mask:
        found = np.zeros(columns.rows, np.bool_)
        places = np.flatnonzero(among)
        held = columns.records.column(name).take(places).to_pylist()
        found[places] = [test({name: each}) for each in held]
        return found

    return met


def _traced(name: str, test: Predicate) -> MaskTest:
    """A trace is judged once, in whichever batch it comes first: its key is the hash of what it holds."""
    judged: dict[int, bool] = {}

    def met(columns: Columns, among: Mask) -> Mask:
        keys, of_record = columns.traces
        asked = np.zeros(len(keys), np.bool_)
        asked[of_record[among]] = True
        if len(judged) > _JUDGED:
            judged.clear()
        for place in np.flatnonzero(asked).tolist():
            key = int(keys[place])
            verdict = judged.get(key)
            if verdict is None:
                judged[key] = verdict = test({name: columns.traced(key, name)})
            asked[place] = verdict
        return asked[of_record]

    return met


def _plain(table: pa.Table) -> pa.Table:
    for place, column in enumerate(table.schema):
        if pa.types.is_timestamp(column.type):
            table = table.set_column(place, column.name, table.column(place).cast(pa.int64()))
    return table


def _read(column: pa.Array) -> _Texts | _Numbers:
    if pa.types.is_string(column.type):
        encoded = column.dictionary_encode()
        values = encoded.dictionary.to_pylist()
        codes = pc.fill_null(encoded.indices, -1).to_numpy().astype(np.int64)
        return _Texts(values, {value: place for place, value in enumerate(values)}, codes)
    if pa.types.is_timestamp(column.type):
        column = column.cast(pa.int64())
    present = column.is_valid().to_numpy(zero_copy_only=False)
    return _Numbers(pc.fill_null(column, 0).to_numpy(zero_copy_only=False), present)
