"""One DuckDB file: opened once, written by one transaction at a time, read on worker threads.

Knows nothing of what the tables mean; each adapter brings its own statements.
"""

import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import anyio
import anyio.to_thread
import duckdb

from tapetum.domain.errors import DamagedStoreError, UnavailableError

T = TypeVar("T")
Connection = duckdb.DuckDBPyConnection

_READERS = 4
"""Concurrent reads; DuckDB parallelises inside each, so more only adds memory."""


@dataclass(slots=True)
class Transaction:
    """An open write. What adapters keep in memory follows in `after_commit`, never before."""

    connection: Connection
    _followers: list[Callable[[], None]] = field(default_factory=list[Callable[[], None]])

    def after_commit(self, follow: Callable[[], None]) -> None:
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
            # The log of changes is folded into the file past this size: seldom enough that a bulk load does not
            # rewrite its last row groups each time (measured: 64 MB costs a quarter more), soon enough to replay.
            "checkpoint_threshold": "256MB",
            "preserve_insertion_order": False,
        }
        try:
            self._root = duckdb.connect(str(path) if path else ":memory:", config=config)
        except duckdb.Error as error:
            sentence = str(error).split("\n", 1)[0]
            raise DamagedStoreError(
                f"The data file {path} cannot be opened ({sentence}); "
                "restore it from a copy, or start with an empty directory."
            ) from error
        self._root.execute("SET TimeZone = 'UTC'")
        self._writing = threading.Lock()
        self._limiter: anyio.CapacityLimiter | None = None

    @contextmanager
    def transaction(self) -> Generator[Transaction]:
        """All or nothing, durable when the block ends; one at a time, from any thread."""
        with self._writing:
            cursor = self._root.cursor()
            transaction = Transaction(cursor)
            try:
                cursor.execute("BEGIN")
                yield transaction
                cursor.execute("COMMIT")
            except duckdb.Error as error:
                _roll_back(cursor)
                raise UnavailableError(
                    f"The data file did not take the write ({str(error).splitlines()[0]}); "
                    "free space or memory, then send the batch again."
                ) from error
            except BaseException:
                _roll_back(cursor)
                raise
            finally:
                cursor.close()
            for follow in transaction.followers():
                follow()

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run `work` on a worker thread with its own cursor; cancelling interrupts the query."""
        if self._limiter is None:
            self._limiter = anyio.CapacityLimiter(_READERS)
        cursor = self._root.cursor()
        try:
            return await anyio.to_thread.run_sync(
                self._guarded, work, cursor, limiter=self._limiter, abandon_on_cancel=True
            )
        except anyio.get_cancelled_exc_class():
            with suppress(duckdb.ConnectionException):  # the work had just ended and closed it
                cursor.interrupt()
            raise

    def read_now(self, work: Callable[[Connection], T]) -> T:
        """The same on the caller's thread; for start-up, upkeep and commands."""
        return self._guarded(work, self._root.cursor())

    @staticmethod
    def _guarded(work: Callable[[Connection], T], cursor: Connection) -> T:
        try:
            return work(cursor)
        except duckdb.IOException as error:
            raise DamagedStoreError(
                f"The data file cannot be read ({str(error).splitlines()[0]}); "
                "run `tapetum verify`, and restore it from a copy if that fails too."
            ) from error
        finally:
            cursor.close()

    def checkpoint(self) -> None:
        """Fold the log of changes into the file."""
        with self._writing:
            self._root.execute("CHECKPOINT")

    def close(self) -> None:
        self._root.close()


def _roll_back(cursor: Connection) -> None:
    try:
        cursor.execute("ROLLBACK")
    except duckdb.Error:  # the failed statement ended the transaction itself
        return


def first_row(connection: Connection, statement: str, values: list[Any] | None = None) -> tuple[Any, ...]:
    """The only row of a statement that always gives one; fetches to the end, as the driver wants it."""
    return connection.execute(statement, values or []).fetchall()[0]
