"""Conditions over a batch's columns: one mask for all its records, as the Python predicate decides each.

A text is judged once for each value that a column holds, whatever number of records hold it. What many
queries need of a column is made once for the batch.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
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
from tapetum.kql.predicate import predicate_of, value_test

Mask = npt.NDArray[np.bool_]
_Codes = npt.NDArray[np.int64]
MaskTest = Callable[["Columns", Mask], Mask]
"""The records that meet a condition; those outside the mask given may come out either way."""


@dataclass(frozen=True, slots=True)
class _Texts:
    """The values of a column, each once, and which of them every item is; -1 is a missing one."""

    values: list[Any]
    place: dict[Any, int]
    codes: _Codes

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


class Columns:
    """Records of one kind; `traces` (flows.TRACE) hold the policies of flows."""

    def __init__(self, records: pa.Table, traces: pa.Table) -> None:
        self.records = records
        self.rows = records.num_rows
        self._traces = traces
        self.items = cache(self._items)
        self.lists = cache(self._lists)
        self.objects = cache(self._objects)

    def _items(self, name: str) -> _Texts | _Numbers:
        return _read(self.records.column(name).combine_chunks())

    def _lists(self, name: str) -> tuple[_Texts | _Numbers, _Codes]:
        """The items of all lists, and which record each is of."""
        column = self.records.column(name).combine_chunks()
        return _read(column.flatten()), pc.list_parent_indices(column).to_numpy()

    def _objects(self, name: str) -> tuple[list[Any], _Codes]:
        """What is held under a name, and which of it each record holds; -1 is none."""
        if name not in ("policies", "policy_hits"):
            return self.records.column(name).to_pylist(), np.arange(self.rows)
        held = self._traces.select(POLICY_LISTS if name == "policies" else [name]).to_pylist()
        places = pc.index_in(self.records.column("trace"), value_set=self._traces.column("trace"))
        of_record = pc.fill_null(places, -1).to_numpy().astype(np.int64)
        return [one if name == "policies" else one[name] for one in held], of_record


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

    def met(columns: Columns, among: Mask) -> Mask:
        held, of_record = columns.objects(name)
        asked = np.unique(of_record[among])
        flags = np.zeros(len(held) + 1, np.bool_)  # the last is of records that hold nothing
        for place in asked[asked >= 0].tolist():
            flags[place] = test({name: held[place]})
        return flags[of_record]

    return met


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
