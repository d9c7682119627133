"""The spool: what a receiver acknowledged and the engines may not have yet, on a volume of its own.

SQLite drops the damaged end of its log of changes silently; a note beside it knows how far it must reach.
It knows no queue: a receiver joins the two.
"""

import os
import sqlite3
import threading
from collections.abc import Container, Generator, Iterable
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import zstandard

from tapetum.bus.port import Delivery
from tapetum.domain.errors import UnavailableError
from tapetum.domain.moments import Micros
from tapetum.ingest import spool_file
from tapetum.ingest.spool_file import Row
from tapetum.ingest.spool_note import Note, locked

_LEVEL = 3
_OVERHEAD = 256
"""Bytes that a delivery takes beside its body, roughly."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A delivery in the spool; `offered_at` is None until it was offered by this process."""

    id: str
    received_at: Micros
    size: int
    place: int  # in the file
    offered_at: Micros | None = None


class Spool:
    """Safe from any thread. One process holds a directory at a time.

    `most_bytes` bounds what it holds, compressed; `reserve` bytes of the volume stay free, so that SQLite
    can always move its log into the file and remove what is settled (it needs 8 MiB). Raises
    BadInputError or UnavailableError where the directory cannot be used, DamagedStoreError where it
    holds less, or other, than was acknowledged.
    """

    def __init__(self, directory: Path, most_bytes: int, reserve: int = 16 << 20) -> None:
        self.directory = directory
        self._most_bytes = most_bytes
        self._reserve = reserve
        self._lock = threading.Lock()
        self._waiting: dict[str, Waiting] = {}
        self._bytes = 0
        with ExitStack() as stack:
            stack.enter_context(locked(directory))
            self._note = stack.enter_context(Note(directory / "spool.note"))
            self._database = stack.enter_context(spool_file.opened(directory))
            self._changes = spool_file.recounted(self._database, directory, self._note.last, self._add)
            self._closing = stack.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        with self._lock:
            self._closing.close()

    def put(self, delivery: Delivery) -> None:
        """The delivery is durable when this returns; one that is there already changes nothing.

        Raises UnavailableError where there is no room or the disk refuses; it left no trace then.
        """
        row = Row.of(delivery, zstandard.ZstdCompressor(level=_LEVEL).compress(delivery.body))
        with self._lock:
            if delivery.id in self._waiting:
                return
            self._check_room(_size(row))
            with self._writing("keep a delivery", +1):
                place = spool_file.insert(self._database, row)
            self._add(place, row)
            try:
                self._note.enter(self._changes)
            except OSError as error:
                with suppress(UnavailableError):  # where even that fails, it is handed over like others
                    self._take_out([delivery.id])
                raise self._refused("keep a delivery", error.strerror) from error

    def get(self, delivery_id: str) -> Delivery | None:
        """None where it is not there. Raises DamagedStoreError where its bytes changed since."""
        with self._lock:
            found = self._waiting.get(delivery_id)
            if found is None:
                return None
            row = spool_file.read(self._database, self.directory, found.place)
        return row.delivery(zstandard.ZstdDecompressor().decompress(row.body))

    def remove(self, delivery_ids: Iterable[str]) -> None:
        """Forget deliveries; others than those it holds change nothing. Raises UnavailableError."""
        with self._lock:
            known = [each for each in dict.fromkeys(delivery_ids) if each in self._waiting]
            if not known:
                return
            self._take_out(known)

    def pending(self, limit: int, not_offered_since: Micros, besides: Container[str] = ()) -> list[Waiting]:
        """The oldest deliveries, besides some, that were not offered, or not since that instant."""
        found: list[Waiting] = []
        with self._lock:
            for each in self._waiting.values():
                if len(found) == limit:
                    break
                late = each.offered_at is None or each.offered_at < not_offered_since
                if late and each.id not in besides:
                    found.append(each)
        return found

    def offered(self, delivery_id: str, at: Micros) -> None:
        """Noted in memory only: after a start, everything is offered again."""
        with self._lock:
            if (found := self._waiting.get(delivery_id)) is not None:
                self._waiting[delivery_id] = replace(found, offered_at=at)

    def find(self, delivery_id: str) -> Waiting | None:
        return self._waiting.get(delivery_id)

    @property
    def count(self) -> int:
        return len(self._waiting)

    @property
    def bytes(self) -> int:
        """As they are held: compressed."""
        return self._bytes

    @property
    def oldest(self) -> Micros | None:
        """When the delivery that waits longest came in."""
        with self._lock:
            return next((each.received_at for each in self._waiting.values()), None)

    def _add(self, place: int, row: Row) -> None:
        self._waiting[row.id] = Waiting(row.id, row.head.received_at, _size(row), place)
        self._bytes += _size(row)

    def _take_out(self, delivery_ids: list[str]) -> None:
        with self._writing("remove what is settled", -len(delivery_ids)):
            spool_file.delete(self._database, [self._waiting[each].place for each in delivery_ids])
        for each in delivery_ids:
            self._bytes -= self._waiting.pop(each).size

    def _check_room(self, size: int) -> None:
        if self._bytes + size > self._most_bytes:
            raise UnavailableError(
                f"The spool {self.directory} is full ({self._bytes} of {self._most_bytes} bytes wait to be "
                "stored); send again later."
            )
        volume = os.statvfs(self.directory)
        free = volume.f_bavail * volume.f_frsize
        if free < 2 * size + self._reserve:  # once in the log of changes, once in the file
            raise UnavailableError(
                f"The volume of the spool {self.directory} is nearly full ({free} bytes are free); "
                "free space there, then send again."
            )

    @contextmanager
    def _writing(self, doing: str, added: int) -> Generator[None]:
        """One transaction, and a change that the note can be made of."""
        database = self._database
        try:
            database.execute("BEGIN IMMEDIATE")
            yield
            spool_file.count(database, self._changes + 1, len(self._waiting) + added)
            database.execute("COMMIT")
        except sqlite3.Error as error:
            with suppress(sqlite3.Error):
                if database.in_transaction:
                    database.execute("ROLLBACK")
            raise self._refused(doing, str(error)) from error
        self._changes += 1

    def _refused(self, doing: str, why: str | None) -> UnavailableError:
        return UnavailableError(
            f"The spool {self.directory} cannot {doing} ({why}); "
            "free space or mend the disk, then send again."
        )


def _size(row: Row) -> int:
    return len(row.body) + _OVERHEAD
