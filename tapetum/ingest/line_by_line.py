"""Reading lines one at a time: slow, exact, and the place where every reason comes from."""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from tapetum.ingest.context import Context
from tapetum.ingest.flat import Row
from tapetum.ingest.refusals import Cause, Refusal, UnreadableError
from tapetum.ingest.strict_json import parse_object


class RecordReader(Protocol):
    """One decoder: a row from a parsed record; raises UnreadableError."""

    def __call__(self, record: dict[str, Any], context: Context) -> Row: ...


class LineReader(Protocol):
    """One decoder of lines that need not be JSON: a row from a line; raises UnreadableError."""

    def __call__(self, line: bytes, context: Context) -> Row: ...


def of_objects(read: RecordReader) -> LineReader:
    """Reads lines that each are one JSON object."""

    def read_line(line: bytes, context: Context) -> Row:
        return read(parse_object(line), context)

    return read_line


def read_lines(
    lines: Sequence[bytes], numbers: Iterable[int], read: LineReader, context: Context
) -> tuple[list[Row], list[Refusal]]:
    """Rows and refusals of the lines with these numbers."""
    rows: list[Row] = []
    refusals: list[Refusal] = []
    for number in numbers:
        try:
            row = read(_measured(lines[number], context), context)
        except UnreadableError as error:
            refusals.append(Refusal(number, error.reason, error.cause))
            continue
        row["line_no"] = number
        rows.append(row)
    return rows, refusals


def _measured(line: bytes, context: Context) -> bytes:
    if len(line) > context.limits.max_line:
        raise UnreadableError(Cause.SIZE, f"longer than {context.limits.max_line} bytes")
    return line
