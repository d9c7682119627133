"""Who owns a data directory: one process at a time, found by the others through a note it leaves.

The operating system drops the lock when its holder dies, however it dies.
"""

import fcntl
import os
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from tapetum.domain.errors import BadInputError, UnavailableError

_PATIENCE = 600.0
"""Seconds that a command waits for another one that is not a server."""


@dataclass(frozen=True, slots=True)
class Owner:
    """The note of a running `up`: where it listens, and the secret that only its user may read."""

    url: str
    secret: str
    pid: int


@contextmanager
def owned(data: Path, say: Callable[[str], None]) -> Generator[Owner | None]:
    """Hold the directory for the block, or give the Owner of a running `up` to talk to instead.

    Waits for a command that holds it without serving; raises UnavailableError after ten minutes.
    """
    try:
        data.mkdir(parents=True, exist_ok=True)
        lock = (data / "owner.lock").open("a+")
    except OSError as error:
        raise BadInputError(
            f"The data directory {data} cannot be used ({error.strerror}); give another with --data."
        ) from None
    with lock:
        told = False
        until = time.monotonic() + _PATIENCE
        while not _locked(lock.fileno()):
            owner = read_note(data)
            if owner is not None:
                yield owner
                return
            if not told:
                say(f"Waiting for another tapetum command that uses {data}.")
                told = True
            if time.monotonic() > until:
                raise UnavailableError(
                    f"{data} stayed in use for ten minutes; end the command that holds it."
                )
            time.sleep(0.2)
        _note(data).unlink(missing_ok=True)  # left by an owner that was killed
        yield None


def leave_note(data: Path, owner: Owner) -> None:
    """Tell other commands where this process listens; readable by the directory's user only."""
    fresh = _note(data).with_suffix(".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(msgspec.json.encode(owner))
    fresh.replace(_note(data))


def remove_note(data: Path) -> None:
    _note(data).unlink(missing_ok=True)


def read_note(data: Path) -> Owner | None:
    try:
        return msgspec.json.decode(_note(data).read_bytes(), type=Owner)
    except (OSError, msgspec.DecodeError):
        return None


def _note(data: Path) -> Path:
    return data / "owner.json"


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
