"""Records as the bytes of a table, piece by piece: newline JSON, or CSV that a spreadsheet may open."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import Any, Protocol

import msgspec

from tapetum.api.use.export import Column
from tapetum.logstore.port import Record

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Table(Protocol):
    media: str

    def head(self, columns: Sequence[Column]) -> bytes: ...

    def rows(self, columns: Sequence[Column], records: Iterable[Record]) -> bytes: ...


class NewlineJson(Table):
    """An object a line; a record without a value has no such member."""

    media = "application/x-ndjson"

    def head(self, columns: Sequence[Column]) -> bytes:  # noqa: ARG002 - each line names its columns
        return b""

    def rows(self, columns: Sequence[Column], records: Iterable[Record]) -> bytes:
        named = [(column.name, column.read) for column in columns]
        return _JSON.encode_lines(
            {name: value for name, read in named if (value := read(record)) is not None} for record in records
        )


class Csv(Table):
    """RFC 4180 with a header. Lists and objects are JSON, a missing value is empty.

    A spreadsheet takes a text that begins with =, +, -, @, a tab or a carriage return for a formula, so
    that one is written behind an apostrophe.
    """

    media = "text/csv; charset=utf-8; header=present"

    def head(self, columns: Sequence[Column]) -> bytes:
        return _written([[column.name for column in columns]])

    def rows(self, columns: Sequence[Column], records: Iterable[Record]) -> bytes:
        reads = [column.read for column in columns]
        return _written([_cell(read(record)) for read in reads] for record in records)


TABLES: dict[str, Table] = {"ndjson": NewlineJson(), "csv": Csv()}

_JSON = msgspec.json.Encoder()


def _written(rows: Iterable[Iterable[Any]]) -> bytes:
    text = StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA) else value
    if isinstance(value, bool):
        return "true" if value else "false"
    return _JSON.encode(value).decode() if isinstance(value, list | dict) else value
