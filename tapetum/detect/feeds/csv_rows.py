"""A feed in CSV: one indicator a row, in the column that the feed names.

The header is the first row without a `#`, or one behind it, as some feeds write theirs.
"""

import csv
from collections.abc import Iterable, Iterator

from tapetum.detect.feeds.plain import Candidate
from tapetum.domain.errors import BadInputError

_DELIMITERS = (",", ";", "\t", "|")


def candidates(text: str, column: str) -> Iterator[Candidate]:
    """Raises BadInputError where no header has the column."""
    lines = text.splitlines()
    start, delimiter, index = _header(lines, column)
    rows = csv.reader(_data(lines[start:]), delimiter=delimiter, skipinitialspace=True)
    place = 0
    while True:
        place += 1
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield place, f"({error})"
            continue
        if row:
            yield place, row[index].strip() if index < len(row) else ""


def _data(lines: Iterable[str]) -> Iterator[str]:
    return (line for line in lines if not line.startswith("#"))


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
