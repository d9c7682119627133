"""Rows that say the same, found column by column."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Ints = npt.NDArray[np.int64]
_MOST_KINDS = 1 << 62


def distinct(columns: Sequence[pa.Array | pa.ChunkedArray]) -> tuple[Ints, Ints]:
    """The first row of each kind, and of which kind each row is; null is a value like any other."""
    coded: list[tuple[Ints, int]] = []
    for column in columns:
        whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
        text = whole.dictionary_encode()
        coded.append((text.indices.fill_null(len(text.dictionary)).to_numpy(), len(text.dictionary) + 1))
    return alike(len(columns[0]), coded)


def alike(size: int, columns: Iterable[tuple[npt.NDArray[np.integer[Any]], int]]) -> tuple[Ints, Ints]:
    """The same of columns whose values are numbers below a bound."""
    row, kinds = np.zeros(size, np.int64), 1
    for codes, count in columns:
        if kinds * count > _MOST_KINDS:
            row = np.unique(row, return_inverse=True)[1]
            kinds = size
        row = row * count + codes
        kinds *= count
    _, first, row = np.unique(row, return_index=True, return_inverse=True)
    return first, row
