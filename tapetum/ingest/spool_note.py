"""What a spool keeps beside its database: the lock of its directory, and the note how far it must reach."""

import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager
from errno import EIO
from pathlib import Path
from typing import Self
from zlib import crc32

from tapetum.domain.errors import BadInputError, UnavailableError

_SLOT = 32
_SLOTS = 2


class InUseError(UnavailableError):
    """Another process holds the directory."""


@contextmanager
def locked(directory: Path) -> Generator[None]:
    """Hold the directory, or raise at once; the operating system lets go when the process dies."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
        lock = (directory / "spool.lock").open("a")
    except OSError as error:
        raise BadInputError(
            f"The spool directory {directory} cannot be used ({error.strerror}); give another."
        ) from None
    with lock:
        try:
            fcntl.flock(lock.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InUseError(
                f"The spool directory {directory} is in use by another process; give each receiver its own."
            ) from None
        yield


class Note:
    """The number of the last change that was acknowledged, synced at each.

    Two slots are written in turn, in place: a torn one was never acknowledged, a full disk does not matter.
    """

    def __init__(self, path: Path) -> None:
        fresh = not path.exists()
        self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        slots = [_read(os.pread(self._file, _SLOT, place * _SLOT)) for place in range(_SLOTS)]
        self.last = max(slots)
        self._next = slots.index(min(slots))
        if fresh:
            try:
                os.pwrite(self._file, _slot(0) * _SLOTS, 0)
                os.fsync(self._file)
                sync_directory(path.parent)
            except OSError as error:
                os.close(self._file)
                path.unlink()
                raise UnavailableError(
                    f"The spool's note {path} cannot be written ({error.strerror}); free space there."
                ) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._file)

    def enter(self, change: int) -> None:
        """Make a change binding; raises OSError where it cannot be noted."""
        if os.pwrite(self._file, _slot(change), self._next * _SLOT) != _SLOT:
            raise OSError(EIO, os.strerror(EIO))
        os.fdatasync(self._file)
        self._next = 1 - self._next
        self.last = change


def sync_directory(directory: Path) -> None:
    """Make the names of new files in it durable."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _slot(change: int) -> bytes:
    text = b"%022d" % change
    return text + b" %08x\n" % crc32(text)


def _read(slot: bytes) -> int:
    text, _, check = slot.rstrip(b"\n").partition(b" ")
    return int(text) if text.isdigit() and check == b"%08x" % crc32(text) else 0
