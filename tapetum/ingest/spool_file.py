"""The spool's database: its layout, its rows with their checksums, and the recount when it is opened."""

import sqlite3
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

import msgspec

from tapetum.bus.port import Delivery
from tapetum.domain.errors import BadInputError, DamagedStoreError, UnavailableError
from tapetum.ingest.spool_note import sync_directory

_NAME = "spool.sqlite"
_LAYOUT = 1
_SCHEMA = (
    "BEGIN",
    """CREATE TABLE delivery (
  place INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  head BLOB NOT NULL,
  body BLOB NOT NULL,
  checksum INTEGER NOT NULL
)""",
    "CREATE TABLE tally (changes INTEGER NOT NULL, count INTEGER NOT NULL, checksum INTEGER NOT NULL)",
    f"INSERT INTO tally VALUES (0, 0, {crc32(b'0 0 ')})",
    f"PRAGMA user_version = {_LAYOUT}",
    "COMMIT",
)


class Head(msgspec.Struct, frozen=True):
    """A delivery without its body; a newer version's fields are ignored."""

    cluster: str
    form: str
    source: str
    received_at: int


@dataclass(frozen=True, slots=True)
class Row:
    """A delivery as the file holds it; `body` is compressed."""

    id: str
    head: Head
    body: bytes

    @classmethod
    def of(cls, delivery: Delivery, body: bytes) -> "Row":
        return cls(
            delivery.id, Head(delivery.cluster, delivery.form, delivery.source, delivery.received_at), body
        )

    def delivery(self, body: bytes) -> Delivery:
        head = self.head
        return Delivery(self.id, head.cluster, head.form, head.source, head.received_at, body)


@contextmanager
def opened(directory: Path) -> Generator[sqlite3.Connection]:
    """The directory's database, made where there is none. Raises what Spool says it raises."""
    path = directory / _NAME
    try:
        database = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    except sqlite3.Error as error:
        raise BadInputError(f"The spool {path} cannot be opened ({error}); give another directory.") from None
    try:
        _prepare(database, directory)
        yield database
    except sqlite3.OperationalError as error:
        raise UnavailableError(
            f"The spool {path} cannot be used ({error}); free space there or mend the disk."
        ) from error
    except sqlite3.DatabaseError as error:
        raise _damaged(directory, str(error)) from error
    finally:
        database.close()


def _prepare(database: sqlite3.Connection, directory: Path) -> None:
    # Exclusive before WAL: its index is then in our memory, not in a mapped file that a full disk tears.
    database.execute("PRAGMA locking_mode = EXCLUSIVE")
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = FULL")
    database.execute("PRAGMA journal_size_limit = 16777216")
    # Or else what is removed is first overwritten, which takes room that a full disk does not have.
    database.execute("PRAGMA secure_delete = OFF")
    (layout,) = database.execute("PRAGMA user_version").fetchone()
    if layout == 0 and not database.execute("SELECT 1 FROM sqlite_master").fetchone():
        for statement in _SCHEMA:
            database.execute(statement)
        sync_directory(directory)
    elif layout != _LAYOUT:
        raise BadInputError(
            f"The spool {directory} was written by another version (layout {layout}); start that one, "
            "let it hand over what waits, then upgrade."
        )


def recounted(
    database: sqlite3.Connection, directory: Path, noted: int, take: Callable[[int, Row], None]
) -> int:
    """Read everything there is and give it to `take`; returns the number of the last change.

    Raises DamagedStoreError where anything is missing or other than it was written.
    """
    for (finding,) in database.execute("PRAGMA quick_check(1)"):
        if finding != "ok":
            raise _damaged(directory, str(finding).splitlines()[-1])
    tally = database.execute("SELECT changes, count, checksum FROM tally").fetchall()
    if len(tally) != 1 or tally[0][2] != _checksum(*tally[0][:2]):
        raise _damaged(directory, "its tally cannot be read")
    changes, count, _ = tally[0]
    if changes < noted:
        raise _damaged(directory, f"it ends at change {changes}, and {noted} was acknowledged")
    found = 0
    for place, *columns in database.execute(
        "SELECT place, id, head, body, checksum FROM delivery ORDER BY place"
    ):
        take(place, _row(columns, directory))
        found += 1
    if found != count:
        raise _damaged(directory, f"it holds {found} deliveries where it counted {count}")
    return changes


def insert(database: sqlite3.Connection, row: Row) -> int:
    """The new row's place."""
    head = msgspec.msgpack.encode(row.head)
    cursor = database.execute(
        "INSERT INTO delivery (id, head, body, checksum) VALUES (?, ?, ?, ?)",
        (row.id, head, row.body, _checksum(row.id, head, row.body)),
    )
    if cursor.lastrowid is None:
        raise AssertionError("an insert has a place")
    return cursor.lastrowid


def read(database: sqlite3.Connection, directory: Path, place: int) -> Row:
    try:
        columns = database.execute(
            "SELECT id, head, body, checksum FROM delivery WHERE place = ?", (place,)
        ).fetchone()
    except sqlite3.Error as error:
        raise _damaged(directory, str(error)) from error
    if columns is None:
        raise _damaged(directory, f"the delivery at {place} is gone")
    return _row(columns, directory)


def delete(database: sqlite3.Connection, places: Sequence[int]) -> None:
    database.executemany("DELETE FROM delivery WHERE place = ?", [(place,) for place in places])


def count(database: sqlite3.Connection, changes: int, count: int) -> None:
    """Part of every transaction."""
    database.execute(
        "UPDATE tally SET changes = ?, count = ?, checksum = ?", (changes, count, _checksum(changes, count))
    )


def _row(columns: Sequence[Any], directory: Path) -> Row:
    delivery_id, head, body, checksum = columns
    if checksum != _checksum(delivery_id, head, body):
        raise _damaged(directory, f"the delivery {delivery_id!r} is not as it was written")
    return Row(delivery_id, msgspec.msgpack.decode(head, type=Head), body)


def _checksum(*parts: object) -> int:
    found = 0
    for part in parts:
        found = crc32(part if isinstance(part, bytes) else f"{part} ".encode(), found)
    return found


def _damaged(directory: Path, what: str) -> DamagedStoreError:
    return DamagedStoreError(
        f"The spool {directory} is damaged: {what}. Restore it from a copy, or move it away and let the "
        "sources send again what they have."
    )
