"""Many Calico lines at once: screened, parsed and normalised in bulk, the doubtful ones exactly."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tapetum.ingest.calico import bulk_parse
from tapetum.ingest.calico.bulk_columns import Columns
from tapetum.ingest.calico.record import read_record, unwrapped
from tapetum.ingest.calico.screen import suspects
from tapetum.ingest.context import Context
from tapetum.ingest.flat import FLAT, Reading, flat_table
from tapetum.ingest.line_by_line import of_objects, read_lines
from tapetum.ingest.lines import Lines
from tapetum.ingest.refusals import UnreadableError
from tapetum.ingest.strict_json import parse_object

_CHUNK = 4 << 20  # bytes: smaller ones pay more for calls, larger ones for one bad line
_SAMPLED = 4
_THREADS = 2


@dataclass(frozen=True, slots=True)
class _Chunk:
    """The lines [first, first + len(lines)), the bytes that they are in, and where in these each ends."""

    first: int
    lines: Sequence[bytes]
    octets: memoryview
    ends: npt.NDArray[np.int64]


def read(lines: Lines, context: Context) -> Reading:
    as_text = _sampled(lines.items)
    chunks = list(_chunks(lines))

    def work(chunk: _Chunk) -> tuple[list[pa.Table], list[int]]:
        return _read_chunk(chunk, as_text, context)

    if len(chunks) > 1:  # pyarrow parses without Python's lock
        with ThreadPoolExecutor(_THREADS) as pool:
            done = list(pool.map(work, chunks))
    else:
        done = [work(chunk) for chunk in chunks]
    tables = [table for parts, _ in done for table in parts]
    doubtful = sorted(number for _, numbers in done for number in numbers)
    rows, refusals = read_lines(lines.items, doubtful, of_objects(read_record), context)
    flat = pa.concat_tables([FLAT.empty_table(), *tables])
    if rows:
        flat = pa.concat_tables([flat, flat_table(rows)])
    if (np.diff(flat.column("line_no").to_numpy()) < 0).any():
        flat = flat.sort_by("line_no")
    return Reading(flat.combine_chunks(), refusals)


def _chunks(lines: Lines) -> Iterator[_Chunk]:
    octets, ends = memoryview(lines.joined), lines.ends
    first = start = 0
    while first < len(ends):
        last = max(int(np.searchsorted(ends, start + _CHUNK)), first + 1)
        end = int(ends[last - 1])
        yield _Chunk(first, lines.items[first:last], octets[start : end - 1], ends[first:last] - start)
        first, start = last, end


def _read_chunk(chunk: _Chunk, as_text: frozenset[str], context: Context) -> tuple[list[pa.Table], list[int]]:
    """FLAT tables of a chunk, and the numbers of the lines that need the exact path."""
    lines, octets = chunk.lines, chunk.octets
    doubtful = suspects(lines, octets, chunk.ends, context.limits.max_line)
    numbers = np.arange(chunk.first, chunk.first + len(lines), dtype=np.int32)
    again = [chunk.first + index for index in doubtful]
    if doubtful:
        numbers = np.delete(numbers, list(doubtful))
        lines = [line for index, line in enumerate(lines) if index not in doubtful]
        octets = b"\n".join(lines)
    parts, left = bulk_parse.parse(lines, octets, as_text)
    again += numbers[left].tolist()
    tables: list[pa.Table] = []
    for block, table in parts:
        mine = numbers[block]
        columns = Columns(table, context.latest)
        flat = columns.flat(mine)
        if columns.broken.any():
            again += mine[columns.broken].tolist()
            flat = flat.filter(pa.array(~columns.broken))
        tables.append(flat)
    return tables, again


def _sampled(lines: Sequence[bytes]) -> frozenset[str]:
    for line in lines[:_SAMPLED]:
        try:
            return bulk_parse.texted(unwrapped(parse_object(line)))
        except UnreadableError:
            continue
    return frozenset()
