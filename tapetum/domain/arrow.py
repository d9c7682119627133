"""Arrow's compute functions, which are made at import where no type checker can see them; texts of lists."""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute

compute: Any = pyarrow.compute

_SEPARATOR = "\x1f"


def list_texts(column: pa.Array) -> pa.Array:
    """Each list of texts as one text, which is another for every other list of the column; null for null."""
    items = column.flatten()
    if not items.null_count and not _ambiguous(items):
        return compute.binary_join(column, _SEPARATOR)
    lengths = compute.binary_length(items).cast(pa.string())
    written = compute.fill_null(compute.binary_join_element_wise(lengths, items, ":"), "-")
    ends = np.cumsum([0, *compute.fill_null(column.value_lengths(), 0).to_pylist()])
    joined = compute.binary_join(pa.ListArray.from_arrays(pa.array(ends, pa.int32()), written), "")
    return compute.if_else(column.is_valid(), joined, None)


def _ambiguous(items: pa.Array) -> bool:
    """Whether an item holds the separator, or is empty, so that joined it looks like no item."""
    data = np.frombuffer(items.buffers()[2] or b"", np.uint8)
    return bool(np.any(data == ord(_SEPARATOR)) or compute.min(compute.binary_length(items)).as_py() == 0)
