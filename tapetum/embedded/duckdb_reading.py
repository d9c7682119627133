"""One piece of reading in a DuckDB file, on a worker thread, which another thread may end early."""

import threading
from collections.abc import Callable
from typing import TypeVar

import duckdb

from tapetum.domain.errors import TapetumError, UnavailableError

T = TypeVar("T")
Connection = duckdb.DuckDBPyConnection

_INSIST = 0.02
"""Seconds between interrupts of a cancelled read: one that falls between two statements is lost."""


class Reading:
    """One piece of work with a cursor of its own, which another thread may end early."""

    def __init__(
        self,
        root: Connection,
        live: "set[Reading]",
        told: Callable[[duckdb.Error], TapetumError | None],
    ) -> None:
        self._root = root
        self._live = live
        self._told = told
        self._lock = threading.Lock()  # a cursor is not interrupted while it is closed
        self._cursor: Connection | None = None
        self._ended = threading.Event()
        self._cancelled = False

    def run(self, work: Callable[[Connection], T]) -> T:
        with self._lock:
            if self._cancelled:
                raise cancelled()
            cursor = self._cursor = cursor_of(self._root)
            self._live.add(self)
        try:
            return work(cursor)
        except duckdb.Error as error:
            told = self._told(error)
            if told is None:
                raise
            raise told from error
        finally:
            with self._lock:
                cursor.close()
                self._live.discard(self)
                self._ended.set()

    def cancel(self) -> None:
        with self._lock:
            self._cancelled = True
            if self._cursor is None or self._ended.is_set():
                return
        threading.Thread(target=self._insist, args=(self._cursor,), name="interrupt", daemon=True).start()

    def wait(self, seconds: float) -> None:
        self._ended.wait(seconds)

    def _insist(self, cursor: Connection) -> None:
        while True:
            with self._lock:
                if self._ended.is_set():
                    return
                cursor.interrupt()
            self._ended.wait(_INSIST)


def cursor_of(root: Connection) -> Connection:
    try:
        return root.cursor()
    except duckdb.ConnectionException:
        raise UnavailableError("The data file is closed just now; ask again later.") from None


def cancelled() -> UnavailableError:
    return UnavailableError("The question was cancelled; ask it again.")
