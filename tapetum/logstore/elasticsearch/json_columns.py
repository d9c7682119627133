"""Arrow columns as JSON text, a whole column at a time: a row costs no Python, only a distinct value does."""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import pyarrow as pa

from tapetum.domain.arrow import compute as pc

encode: Callable[[Any], bytes] = msgspec.json.Encoder().encode


def values(column: pa.Array) -> pa.Array:
    """Each value as JSON; null stays null. Times become whole microseconds."""
    kind = column.type
    if pa.types.is_list(kind):
        return _objects(column) if pa.types.is_struct(kind.value_type) else _lists(column)
    if pa.types.is_string(kind):
        return _texts(column)
    if pa.types.is_timestamp(kind):
        column = column.view(pa.int64())
    return column.cast(pa.string())


def members(name: str, column: pa.Array) -> pa.Array | None:
    """`,"name":value` for each row, null where there is none; None where no row has any."""
    if column.null_count == len(column):
        return None
    if pa.types.is_string(column.type):
        return _texts(column, f',"{name}":'.encode())
    return pc.binary_join_element_wise(f',"{name}":', values(column), "")


def joined(parts: Sequence[pa.Array | str | None]) -> pa.Array:
    """The rows of all parts, one behind the other; what is null adds nothing."""
    given = [part for part in parts if part is not None]
    return pc.binary_join_element_wise(*given, "", null_handling="replace", null_replacement="")


def _texts(column: pa.Array, before: bytes = b"") -> pa.Array:
    coded = column.dictionary_encode()
    written = [before + encode(text) for text in coded.dictionary.to_pylist()]
    return pa.array(written, pa.string()).take(coded.indices)


def _objects(column: pa.Array) -> pa.Array:
    """Row by row: what they hold hardly repeats."""
    rows: list[list[dict[str, Any]] | None] = column.to_pylist()
    return pa.array([None if row is None else _written(row) for row in rows], pa.string())


def _written(objects: list[dict[str, Any]]) -> bytes:
    return encode([{name: value for name, value in one.items() if value is not None} for one in objects])


def _lists(column: pa.Array) -> pa.Array:
    """Items are written first, then joined: an item's quotes keep it apart from its neighbours."""
    items = values(column.flatten())
    if items.null_count:
        items = items.fill_null("null")
    offsets = pc.subtract(column.offsets, column.offsets[0])
    written = pa.ListArray.from_arrays(offsets, items)
    inner = pc.binary_join(written, ",")
    text = pc.binary_join_element_wise("[", inner, "]", "")
    return pc.if_else(column.is_valid(), text, None)
