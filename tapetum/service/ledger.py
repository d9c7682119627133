"""The ledger: what was acknowledged, kept apart from the data file so that a short one shows.

DuckDB opens a damaged log of changes silently at its last good entry; the ledger knows how far it
must reach. One line a batch, fsynced before the acknowledgement; a torn last line was never acknowledged.
"""

import os
import threading
from dataclasses import dataclass
from errno import ENOSPC
from pathlib import Path
from zlib import crc32

from tapetum.domain.errors import UnavailableError


@dataclass(frozen=True, slots=True)
class Totals:
    """Running totals over all batches ever acknowledged."""

    batches: int = 0
    accepted: int = 0
    rejected: int = 0


class Ledger:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self.totals = self._noted = _last(path)
        self._file = path.open("ab", buffering=0)

    def enter(self, accepted: int, rejected: int) -> None:
        """Make an acknowledgement binding; raises UnavailableError where it cannot be kept."""
        with self._lock:
            self.totals = Totals(
                self.totals.batches + 1, self.totals.accepted + accepted, self.totals.rejected + rejected
            )
            self._note()

    def settle(self) -> None:
        """Note what once could not be: its batch is stored, and is acknowledged when it comes again."""
        with self._lock:
            if self._noted != self.totals:
                self._note()

    def _note(self) -> None:
        line = _line(self.totals)
        try:
            written = self._file.write(line)
            if written != len(line):
                raise OSError(ENOSPC, os.strerror(ENOSPC))  # noqa: TRY301 - a full disk shows either way
            os.fdatasync(self._file.fileno())
        except OSError as error:
            raise UnavailableError(
                f"The ledger {self._path} cannot be written ({error.strerror}); "
                "free space, then send the batch again."
            ) from error
        self._noted = self.totals

    def restart(self, totals: Totals) -> None:
        """Begin anew from a state that was verified; used at start, so the file stays one line long."""
        with self._lock:
            fresh = self._path.with_suffix(".new")
            with fresh.open("wb") as file:
                file.write(_line(totals))
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(self._path)
            self._file.close()
            self._file = self._path.open("ab", buffering=0)
            self.totals = self._noted = totals

    def close(self) -> None:
        self._file.close()


def _line(totals: Totals) -> bytes:
    text = f"\n{totals.batches} {totals.accepted} {totals.rejected}".encode()
    return text + b" %08x" % crc32(text[1:])


def _last(path: Path) -> Totals:
    """The newest entry that is whole."""
    if not path.exists():
        return Totals()
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 4096))
        lines = file.read().split(b"\n")
    for line in reversed(lines):
        text, _, check = line.rpartition(b" ")
        if text and check == b"%08x" % crc32(text):
            try:
                return Totals(*map(int, text.split()))
            except (TypeError, ValueError):
                continue
    return Totals()
