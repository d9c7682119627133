"""One Neo4j database: written in transactions on the caller's thread, read on an event loop of its own.

A read ends in the server too when the task that awaits it is cancelled. Knows nothing of what is stored.
"""

import asyncio
import random
import threading
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, LiteralString, TypeVar, cast

import neo4j
from neo4j.exceptions import DriverError, Neo4jError

from tapetum.domain.errors import DeadlineError, UnavailableError
from tapetum.graphdb.loop import Loop
from tapetum.graphdb.told import passes, told

T = TypeVar("T")
Row = list[Any]
Values = Mapping[str, Any]

_CONNECT = 2.0
"""Seconds to wait for a connection; a server that is there answers in milliseconds."""
_REMEMBER = 5.0
"""Seconds for which readers take a database that was away to be away still, rather than wait again."""
_LONGEST = 60.0
"""Seconds after which the server ends a read, whatever became of who asked."""
_LONGEST_WRITE = 120.0
"""The same for a write: a worker that was cut off lets the others have their turn."""
_TRIES = 6
_PAUSE = 0.05


@dataclass(slots=True)
class Transaction:
    """An open write. What adapters keep in memory follows in `after_commit`, never before."""

    _open: neo4j.Transaction
    _followers: list[Callable[[], None]] = field(default_factory=list[Callable[[], None]])

    def run(self, statement: str, values: Values | None = None) -> list[Row]:
        return self._open.run(cast("LiteralString", statement), dict(values or {})).values()

    def after_commit(self, follow: Callable[[], None]) -> None:
        self._followers.append(follow)

    def followers(self) -> list[Callable[[], None]]:
        return self._followers


class Neo4j:
    """Connects when first used. Raises UnavailableError where the database is away."""

    def __init__(
        self, url: str, *, user: str | None = None, password: str | None = None, database: str | None = None
    ) -> None:
        self._url = url
        self._options: dict[str, Any] = {
            "auth": None if password is None else (user or "neo4j", password),
            "connection_timeout": _CONNECT,
            "connection_acquisition_timeout": 2 * _CONNECT,
            "max_transaction_retry_time": 0,
            "notifications_min_severity": "OFF",
        }
        self._session: dict[str, Any] = {"database": database, "fetch_size": -1}
        self._loop = Loop("neo4j")
        self._making = threading.Lock()
        self._writer: neo4j.Driver | None = None
        self._reader: neo4j.AsyncDriver | None = None
        self._away_until = 0.0

    @contextmanager
    def transaction(self) -> Generator[Transaction]:
        """All or nothing; raises our errors."""
        try:
            with self._transaction() as transaction:
                yield transaction
        except (Neo4jError, DriverError) as error:
            raise self._told(error) from error

    def write(self, work: Callable[[Transaction], T]) -> T:
        """`work` in a transaction, anew where the database asks for that: a deadlock, a lost connection.

        It must bear being repeated after a commit whose outcome nobody learnt.
        """
        for attempt in range(1, _TRIES):
            try:
                with self._transaction() as transaction:
                    return work(transaction)
            except (Neo4jError, DriverError) as error:
                if not passes(error):
                    raise self._told(error) from error
            time.sleep(_PAUSE * 2**attempt * random.random())  # noqa: S311 - only so that rivals part
        with self.transaction() as transaction:
            return work(transaction)

    async def read(self, statement: str, values: Values | None = None, within: float = _LONGEST) -> list[Row]:
        """All rows, or UnavailableError soon: a database that was away a moment ago is not asked again."""
        if time.monotonic() < self._away_until:
            raise UnavailableError("Neo4j was away a moment ago; ask again in some seconds.")
        return await self._asked(neo4j.READ_ACCESS, statement, values, within)

    async def change(self, statement: str, values: Values | None = None) -> list[Row]:
        """One statement that writes, in a transaction of its own."""
        return await self._asked(neo4j.WRITE_ACCESS, statement, values, _LONGEST)

    def close(self) -> None:
        self._loop.close(self._close_reader)
        if self._writer is not None:
            self._writer.close()

    async def _close_reader(self) -> None:
        if self._reader is not None:
            await self._reader.close()

    @contextmanager
    def _transaction(self) -> Generator[Transaction]:
        with (
            self._driver().session(**self._session) as session,
            session.begin_transaction(timeout=_LONGEST_WRITE) as opened,
        ):
            transaction = Transaction(opened)
            yield transaction
            opened.commit()
            self._away_until = 0.0
            for follow in transaction.followers():
                follow()

    def _told(self, error: Neo4jError | DriverError) -> BaseException:
        """Of a write: one that took too long mostly waited for its turn."""
        raised = told(error, self._url)
        if isinstance(raised, DeadlineError):
            return UnavailableError(
                f"Neo4j at {self._url} did not finish the write in time; try again later."
            )
        return raised

    def _driver(self) -> neo4j.Driver:
        with self._making:
            if self._writer is None:
                self._writer = neo4j.GraphDatabase.driver(self._url, **self._options)
            return self._writer

    async def _asked(self, access: str, statement: str, values: Values | None, within: float) -> list[Row]:
        query = neo4j.Query(cast("LiteralString", statement), timeout=within)
        try:
            found = await self._loop.run(lambda: self._rows(access, query, dict(values or {}), within))
        except (Neo4jError, DriverError) as error:
            raised = told(error, self._url)
            if isinstance(raised, UnavailableError):
                self._away_until = time.monotonic() + _REMEMBER
            raise raised from error
        except TimeoutError:
            self._away_until = time.monotonic() + _REMEMBER
            raise UnavailableError(
                f"Neo4j at {self._url} did not answer within {within:g} s; ask again later."
            ) from None
        self._away_until = 0.0
        return found

    async def _rows(
        self, access: str, query: neo4j.Query, values: dict[str, Any], within: float
    ) -> list[Row]:
        """On our own loop. A pooled connection may have died unnoticed, so a read is tried again at once."""
        async with asyncio.timeout(within):
            try:
                return await self._once(access, query, values)
            except (Neo4jError, DriverError) as error:
                if access != neo4j.READ_ACCESS or not passes(error):
                    raise
            return await self._once(access, query, values)

    async def _once(self, access: str, query: neo4j.Query, values: dict[str, Any]) -> list[Row]:
        """Cancelled once it has a connection: the driver leaves one that is cut off midway open."""
        begun = asyncio.get_running_loop().create_future()
        asking = asyncio.ensure_future(self._in_session(begun, access, query, values))
        try:
            return await asyncio.shield(asking)
        except asyncio.CancelledError:
            begun.add_done_callback(lambda _: asking.cancel())
            raise

    async def _in_session(
        self, begun: "asyncio.Future[None]", access: str, query: neo4j.Query, values: dict[str, Any]
    ) -> list[Row]:
        """Tells as soon as the server has begun, or cannot."""
        if self._reader is None:
            self._reader = neo4j.AsyncGraphDatabase.driver(self._url, **self._options)
        async with self._reader.session(**self._session, default_access_mode=access) as session:
            try:
                result = await session.run(query, values)
            finally:
                begun.set_result(None)
            return await result.values()
