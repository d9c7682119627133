"""Many lines to one Arrow table by pyarrow's JSON reader, or the lines that it does not take.

The reader refuses a whole block for one bad line. Where it names the row, or the number that it
cannot take, those lines are set aside and the others read again; else the block is halved.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.json

from tapetum.domain.flows import POLICY_LISTS
from tapetum.ingest.calico.fields import COUNTS, LABELS, LISTS, PORTS, RULED, TEXTS
from tapetum.ingest.flat import FLAT
from tapetum.ingest.times import WINDOW

Chunk: TypeAlias = bytes | memoryview
Indexes: TypeAlias = npt.NDArray[np.intp]
Part: TypeAlias = tuple[Indexes, pa.Table]
"""The indexes of lines, and their rows."""

_ROW = re.compile(r"in row ([0-9]+)\s*\Z")
_NUMBER = re.compile(r"couldn't parse:(\S+)\Z")
# A call costs 0.4 ms whatever the block's size: for a few lines, and behind many refusals, the exact
# path is cheaper.
_FEWEST = 8
_MOST_REFUSALS = 100
_MOST_ASIDE = 16
_texts = pa.list_(pa.string())
_SHAPED: dict[str, pa.DataType] = {
    **dict.fromkeys(WINDOW, pa.int64()),
    **dict.fromkeys(LABELS, pa.struct([("labels", _texts)])),
    "policies": pa.struct([(name, _texts) for name in POLICY_LISTS]),
    **{name: FLAT.field(name).type for name in LISTS},
}
"""Fields that logs also write as a text: a time in ISO 8601, `-` where a list is switched off."""


def texted(sample: Mapping[str, Any]) -> frozenset[str]:
    """Which of those fields are texts in this record, and so, likely, in its neighbours."""
    return frozenset(name for name in _SHAPED if isinstance(sample.get(name), str))


def parse(lines: Sequence[bytes], chunk: Chunk, as_text: frozenset[str]) -> tuple[list[Part], list[int]]:
    """Tables of the lines that could be read, and the indexes of the others.

    The lines must have passed the screen: each holds exactly one object. The chunk joins them.
    """
    schema = _schema(as_text)
    parts: list[Part] = []
    left: list[int] = []
    heads: list[Indexes] = []
    refusals = 0
    work = [np.arange(len(lines))]
    while work:
        block = work.pop()
        if refusals >= _MOST_REFUSALS or len(block) < _FEWEST:
            left.extend(block.tolist())
        else:
            try:
                table = _read(chunk if len(block) == len(lines) else _joined(lines, block), schema)
            except pa.ArrowInvalid as error:
                refusals += 1
                _divide(str(error), lines, block, left, heads, work)
            else:
                if table.num_rows == len(block):
                    parts.append((block, table))
                else:  # the screen should not let this through; the exact path knows
                    left.extend(block.tolist())
        if not work and heads:  # what stood before named rows is read in one go
            work.append(np.concatenate(heads))
            heads.clear()
    return parts, left


def _divide(
    error: str,
    lines: Sequence[bytes],
    block: Indexes,
    left: list[int],
    heads: list[Indexes],
    work: list[Indexes],
) -> None:
    """Set the culprits of a refused block aside and the rest of it up for reading."""
    named = _ROW.search(error)
    if named is not None and int(named[1]) < len(block):
        row = int(named[1])
        left.append(int(block[row]))
        heads.append(block[:row])
        work.append(block[row + 1 :])
        return
    number = _NUMBER.search(error)
    if number is not None:
        culprits = _holding(number[1].encode(), lines, block)
        if 0 < len(culprits) <= _MOST_ASIDE:
            left.extend(block[culprits].tolist())
            work.append(np.delete(block, culprits))
            return
    middle = len(block) // 2
    work.extend((block[:middle], block[middle:]))


def _holding(number: bytes, lines: Sequence[bytes], block: Indexes) -> list[int]:
    """Places of the lines that seem to have the number as a value."""
    value = re.compile(rb"[:\[, ]" + re.escape(number) + rb"[,}\] ]")
    return [
        place
        for place, index in enumerate(block.tolist())
        if number in lines[index] and value.search(lines[index])
    ]


def _joined(lines: Sequence[bytes], block: Indexes) -> bytes:
    return b"\n".join([lines[index] for index in block.tolist()])


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
