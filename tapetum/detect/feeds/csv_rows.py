"""A feed in CSV: one indicator a line, in the column that the feed names.

Each line is read by itself: else a stray quote would make one cell of all lines after it.

The header is the first row without a `#`, or one behind it, as some feeds write theirs.
"""

import csv
from collections.abc import Iterator

from tapetum.detect.feeds.plain import Candidate
from tapetum.domain.errors import BadInputError

_DELIMITERS = (",", ";", "\t", "|")


def candidates(text: str, column: str) -> Iterator[Candidate]:
    """Raises BadInputError where no header has the column."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    start, delimiter, index = _header(lines, column)
    data = (line for line in lines[start:] if not line.startswith("#"))
    for place, line in enumerate(data, 1):
        try:
            row = next(csv.reader([line], delimiter=delimiter, skipinitialspace=True), [])
        except csv.Error as error:
            yield place, f"({error})"
            continue
        if row:
            yield place, row[index].strip() if index < len(row) else ""


def _header(lines: list[str], column: str) -> tuple[int, str, int]:
    """Where rows begin, what parts their cells, and which cell it is."""
    for number, line in enumerate(lines):
        remark = line.startswith("#")
        for delimiter in _DELIMITERS:
            names = _cells(line.lstrip("#").strip(), delimiter)
            if column in names:
                return number + 1, delimiter, names.index(column)
        if line.strip() and not remark:
            raise BadInputError(
                f"The feed has no column {column!r}; its first row is {line.strip()[:120]!r}.", path="column"
            )
    raise BadInputError(f"The feed has no row with the column {column!r}.", path="column")


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return [name.strip() for row in csv.reader([line], delimiter=delimiter) for name in row]
    except csv.Error:
        return []
