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

_HEADERS = 3 * 4096
_BLOCK = 256 * 1024
_AT_ONCE = 64
_FACTOR = np.uint64(0xBF58476D1CE4E5B9)
_FIRST = np.uint64(5381)


def suspicious(path: Path) -> bool:
    """Whether a block lacks the engine's checksum. It may be a free one that a killed process left half
    written. Should a release of the engine change its checksum, all are suspicious, and starting only
    takes longer.
    """
    return any(_checksum(block[1:]) != block[0] for block in _blocks(path))


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
    """What is no whole block at the end was never finished, so nothing refers to it."""
    if not path.exists():
        return
    with path.open("rb") as file:
        file.seek(_HEADERS)
        while data := file.read(_AT_ONCE * _BLOCK):
            whole = len(data) // _BLOCK
            yield from np.frombuffer(data, np.uint64, whole * _BLOCK // 8).reshape(whole, -1)


def _checksum(words: Words) -> np.uint64:
    return np.bitwise_xor.reduce(words * _FACTOR) ^ _FIRST
