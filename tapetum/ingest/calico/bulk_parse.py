"""Many lines to one Arrow table by pyarrow's JSON reader, or the lines that it does not take.

The reader refuses a whole block for one bad line; where it names the row, that line is set aside
and the parts before and behind are read again, else the block is halved.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.json

from tapetum.domain.flows import POLICY_LISTS
from tapetum.ingest.calico.fields import COUNTS, LABELS, LISTS, PORTS, RULED, TEXTS, TIMES
from tapetum.ingest.flat import FLAT

Chunk: TypeAlias = bytes | memoryview
Part: TypeAlias = tuple[int, pa.Table]
"""Rows of consecutive lines, and the index of the first."""

_ROW = re.compile(r"in row ([0-9]+)\s*\Z")
# A call costs 0.4 ms whatever the block's size: for a few lines, and behind many refusals, the exact
# path is cheaper.
_FEWEST = 8
_MOST_REFUSALS = 24
_texts = pa.list_(pa.string())
_SHAPED: dict[str, pa.DataType] = {
    **dict.fromkeys(TIMES, pa.int64()),
    **dict.fromkeys(LABELS, pa.struct([("labels", _texts)])),
    "policies": pa.struct([(name, _texts) for name in POLICY_LISTS]),
    **{name: FLAT.field(name).type for name in LISTS},
}
"""Fields that logs also write as a text: a time in ISO 8601, `-` where a list is switched off."""


def texted(sample: Mapping[str, Any]) -> frozenset[str]:
    """Which of those fields are texts in this record, and so, likely, in its neighbours."""
    return frozenset(name for name in _SHAPED if isinstance(sample.get(name), str))


def parse(lines: Sequence[bytes], chunk: Chunk, as_text: frozenset[str]) -> tuple[list[Part], list[int]]:
    """Tables of the lines that could be read, in order, and the indexes of the others.

    The lines must have passed the screen: each holds exactly one object. The chunk joins them.
    """
    parts: list[Part] = []
    left: list[int] = []
    refusals = 0
    work = [(0, len(lines))]
    while work:
        start, end = work.pop()
        if refusals >= _MOST_REFUSALS or end - start < _FEWEST:
            left.extend(range(start, end))
            continue
        try:
            whole = end - start == len(lines)
            table = _read(chunk if whole else b"\n".join(lines[start:end]), _schema(as_text))
        except pa.ArrowInvalid as error:
            refusals += 1
            work.extend(_rest(start, end, _ROW.search(str(error)), left))
            continue
        if table.num_rows == end - start:
            parts.append((start, table))
        else:  # the screen should not let this through; the exact path knows
            left.extend(range(start, end))
    return parts, left


def _rest(start: int, end: int, named: re.Match[str] | None, left: list[int]) -> list[tuple[int, int]]:
    """What is still to be read of a refused block, last part first."""
    if named is not None and start + int(named[1]) < end:
        bad = start + int(named[1])
        left.append(bad)
        parts = [(bad + 1, end), (start, bad)]
    else:
        middle = (start + end) // 2
        parts = [(middle, end), (start, middle)]
    return parts


def _read(block: Chunk, schema: pa.Schema) -> pa.Table:
    return pyarrow.json.read_json(
        pa.BufferReader(block),
        read_options=pyarrow.json.ReadOptions(use_threads=False, block_size=len(block) + 1),
        parse_options=pyarrow.json.ParseOptions(explicit_schema=schema, unexpected_field_behavior="ignore"),
    )


@lru_cache(maxsize=64)
def _schema(as_text: frozenset[str]) -> pa.Schema:
    fields: dict[str, pa.DataType] = {
        **dict.fromkeys((*RULED, *TEXTS), pa.string()),
        **dict.fromkeys((*PORTS, *COUNTS), pa.int64()),
        **_SHAPED,
        **dict.fromkeys(as_text, pa.string()),
    }
    return pa.schema(list(fields.items()))
