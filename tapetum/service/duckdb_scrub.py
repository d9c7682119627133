"""Whether the data file still holds what was written into it, block by block.

DuckDB checks a block when it reads it, which for an old line may be weeks after the damage; at start
all are checked, at the speed of the disk. Whether a damaged one is in use shows by reading everything.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from tapetum.embedded.duckdb import Connection

Words: TypeAlias = npt.NDArray[np.uint64]

_HEADER = 4096
_HEADERS = 3 * _HEADER
_ITERATION, _COUNT = 1, 4  # words of a header; of the last two the newer one counts
_BLOCK = 256 * 1024
_AT_ONCE = 64
_FACTOR = np.uint64(0xBF58476D1CE4E5B9)
_FIRST = np.uint64(5381)


def suspicious(path: Path) -> bool:
    """Whether a block is missing or lacks the engine's checksum. It may be a free one that a killed process
    left half written. Should a release of the engine change its checksum, all are suspicious, and
    starting only takes longer.
    """
    if not path.exists():
        return False
    whole = 0
    for block in _blocks(path):
        if not _holds(block):
            return True
        whole += 1
    return whole < _expected(path)


def read_everything(connection: Connection) -> None:
    """Reads every row and every key of an index; the engine raises where a block of theirs is damaged."""
    tables = connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()
    for (name,) in tables:
        connection.execute(f"SELECT bit_xor(hash(t)) FROM {name} t").fetchall()
    keys = connection.execute(
        "SELECT table_name, constraint_column_names[1] FROM duckdb_constraints() "
        "WHERE constraint_type IN ('PRIMARY KEY', 'UNIQUE')"
    ).fetchall()
    for name, key in keys:
        connection.execute("BEGIN")
        connection.execute(f"UPDATE {name} SET {key} = {key}")  # looking keys up does not read all
        connection.execute("ROLLBACK")


def _blocks(path: Path) -> Iterator[Words]:
    """All but what is no whole block at the end: where it matters, there are fewer than expected."""
    with path.open("rb") as file:
        file.seek(_HEADERS)
        while data := file.read(_AT_ONCE * _BLOCK):
            whole = len(data) // _BLOCK
            yield from np.frombuffer(data, np.uint64, whole * _BLOCK // 8).reshape(whole, -1)


def _expected(path: Path) -> int:
    """How many blocks the file should have at least."""
    with path.open("rb") as file:
        words = np.frombuffer(file.read(_HEADERS).ljust(_HEADERS, b"\0"), np.uint64).reshape(3, -1)
    valid = [header for header in words[1:] if _holds(header)]
    newest = max(valid, key=lambda header: header[_ITERATION], default=None)
    return int(newest[_COUNT]) if newest is not None else 1


def _holds(words: Words) -> bool:
    """A block, or a header, begins with the checksum of what follows."""
    return bool(np.bitwise_xor.reduce(words[1:] * _FACTOR) ^ _FIRST == words[0])
