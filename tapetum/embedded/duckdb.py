"""One DuckDB file: opened once, written by one transaction at a time, read on worker threads.

Knows nothing of what the tables mean; each adapter brings its own statements.
"""

import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import anyio
import anyio.to_thread
import duckdb
import structlog
from anyio.lowlevel import RunVar

from tapetum.domain.errors import DamagedStoreError, TapetumError, TooLargeError, UnavailableError
from tapetum.embedded.duckdb_reading import Connection, Reading, cancelled, cursor_of

T = TypeVar("T")

log = structlog.get_logger()

_READERS = 4
"""Concurrent reads of an event loop; DuckDB parallelises inside each, so more only adds memory."""
_FAREWELL = 10.0
"""Seconds that closing waits for a read that does not heed its interrupts."""


@dataclass(slots=True)
class Transaction:
    """An open write. What adapters keep in memory follows in `after_commit`, never before."""

    connection: Connection
    _followers: list[Callable[[], None]] = field(default_factory=list[Callable[[], None]])

    def after_commit(self, follow: Callable[[], None]) -> None:
        """Followers run in the order of commits, also across transactions."""
        self._followers.append(follow)

    def followers(self) -> list[Callable[[], None]]:
        return self._followers


class Engine:
    """Owns the file. Raises DamagedStoreError where DuckDB finds it unreadable."""

    def __init__(self, path: Path | None, *, memory_limit: str = "1GB", threads: int = 2) -> None:
        config: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": memory_limit,
            "threads": threads,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "enable_external_access": True,
            # The log of changes is folded into the file when it passes this; a crash replays at most so much.
            "checkpoint_threshold": "256MB",
            "preserve_insertion_order": False,
        }
        try:
            self._root = duckdb.connect(str(path) if path else ":memory:", config=config)
        except duckdb.Error as error:
            if "Could not set lock" in str(error):
                raise UnavailableError(
                    f"The data file {path} is open in another program; close that one."
                ) from error
            raise DamagedStoreError(
                f"The data file {path} cannot be opened ({_sentence(error)}); "
                "restore it from a copy, or start with an empty directory."
            ) from error
        self._root.execute("SET TimeZone = 'UTC'")
        self._writing = threading.Lock()
        self._settling = threading.Lock()
        self._readings: set[Reading] = set()
        self._telling = threading.Lock()
        self._gave_up = threading.Event()
        self._reopen: Callable[[], None] | None = None
        # A limiter wakes those who wait on the loop that it belongs to, so each loop has its own.
        self._limiter: RunVar[anyio.CapacityLimiter] = RunVar("readers")

    @property
    def gave_up(self) -> bool:
        """Whether DuckDB refuses everything from now on, as it does after an error of its own or a checkpoint
        that failed; what was committed is in the file.
        """
        return self._gave_up.is_set()

    def when_given_up(self, reopen: Callable[[], None]) -> None:
        """`reopen` is called on the thread that met it, once, and has the file opened by another Engine."""
        self._reopen = reopen
        if self.gave_up:
            reopen()

    @contextmanager
    def transaction(self) -> Generator[Transaction]:
        """All or nothing, durable when the block ends; one at a time, from any thread."""
        with self._writing:
            cursor = cursor_of(self._root)
            transaction = Transaction(cursor)
            try:
                cursor.execute("BEGIN")
                yield transaction
                with self._settling:
                    cursor.execute("COMMIT")
                    for follow in transaction.followers():
                        follow()
            except duckdb.Error as error:
                _roll_back(cursor)
                raise self._fatal(error) or UnavailableError(
                    f"The data file did not take the write ({_sentence(error)}); "
                    "free space or memory, then send the batch again."
                ) from error
            except BaseException:
                _roll_back(cursor)
                raise
            finally:
                cursor.close()

    async def write(self, work: Callable[[Connection], T]) -> T:
        """`work` in a transaction of its own, on a worker thread: one under way may take its time."""

        def run() -> T:
            with self.transaction() as transaction:
                return work(transaction.connection)

        return await anyio.to_thread.run_sync(run)

    @contextmanager
    def settled(self) -> Generator[None]:
        """No commit falls between the file and its followers: what is read here goes with memory."""
        with self._settling:
            yield

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run `work` on a worker thread with its own cursor; cancelling interrupts its statements."""
        limiter = self._limiter.get(None)
        if limiter is None:
            limiter = anyio.CapacityLimiter(_READERS)
            self._limiter.set(limiter)
        reading = Reading(self._root, self._readings, self._told)
        try:
            return await anyio.to_thread.run_sync(reading.run, work, limiter=limiter, abandon_on_cancel=True)
        except anyio.get_cancelled_exc_class():
            reading.cancel()
            raise

    def read_now(self, work: Callable[[Connection], T]) -> T:
        """The same on the caller's thread; for start-up, upkeep and commands."""
        return Reading(self._root, self._readings, self._told).run(work)

    def checkpoint(self) -> None:
        """Fold the log of changes into the file."""
        with self._writing:
            self._root.execute("CHECKPOINT")

    def _told(self, error: duckdb.Error) -> TapetumError | None:
        """What a reader can do something about; other errors are ours."""
        match error:
            case duckdb.InterruptException():
                return cancelled()
            case duckdb.OutOfMemoryException():
                return TooLargeError(
                    "The question needs more memory than the engine may use; narrow its range or filter, "
                    "or raise TAPETUM_MEMORY_LIMIT."
                )
            case duckdb.FatalException() | duckdb.InternalException():
                return self._fatal(error) or _unreadable(error)
            case duckdb.IOException() | duckdb.SerializationException():
                return _unreadable(error)
            case duckdb.Error() if str(error).startswith("Corrupt"):  # it has no class of its own
                return _unreadable(error)
            case _:
                return None

    def _fatal(self, error: duckdb.Error) -> UnavailableError | None:
        """Have the file opened anew where DuckDB gave it up; None where it did not, or nobody would."""
        if not isinstance(error, duckdb.FatalException | duckdb.InternalException):
            return None
        with self._telling:
            first = not self.gave_up
            self._gave_up.set()
        if first:
            log.error("the data engine gave up", error=str(error))
            if self._reopen is not None:
                self._reopen()
        if self._reopen is None:
            return None
        return UnavailableError(
            "The data file is being opened anew after a failure; try again in some seconds."
        )

    def close(self) -> None:
        """Ends reads, waits for an open write; what comes later is told that the store is closed."""
        with self._writing:
            for reading in list(self._readings):
                reading.cancel()
                reading.wait(_FAREWELL)
            self._root.close()


def _unreadable(error: duckdb.Error) -> DamagedStoreError:
    return DamagedStoreError(
        f"The data file cannot be read ({_sentence(error)}); if its disk is not full, restore the directory "
        "from a copy, or start with an empty one and send the logs again."
    )


def _sentence(error: duckdb.Error) -> str:
    return str(error).split("\n", 1)[0]


def _roll_back(cursor: Connection) -> None:
    try:
        cursor.execute("ROLLBACK")
    except duckdb.Error:  # the failed statement, or the commit, ended the transaction itself
        return


def first_row(connection: Connection, statement: str, values: list[Any] | None = None) -> tuple[Any, ...]:
    """The only row of a statement that always gives one; fetches to the end, as the driver wants it."""
    return connection.execute(statement, values or []).fetchall()[0]
