"""Rows that say the same, found column by column."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Ints = npt.NDArray[np.int64]
_MOST_KINDS = 1 << 62


def distinct(columns: Sequence[pa.Array | pa.ChunkedArray]) -> tuple[Ints, Ints]:
    """The first row of each kind, and of which kind each row is; null is a value like any other."""
    size = len(columns[0])
    row, kinds = np.zeros(size, np.int64), 1
    for column in columns:
        whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
        text = whole.dictionary_encode()
        count = len(text.dictionary) + 1
        if kinds * count > _MOST_KINDS:
            row = np.unique(row, return_inverse=True)[1]
            kinds = size
        row = row * count + text.indices.fill_null(len(text.dictionary)).to_numpy()
        kinds *= count
    _, first, row = np.unique(row, return_index=True, return_inverse=True)
    return first, row
