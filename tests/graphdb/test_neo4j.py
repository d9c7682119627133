"""The connection: what is cancelled ends in the server too (F21), deadlocks are repeated."""

import asyncio
import gc
import socket
import threading
import time
import warnings
from collections.abc import Generator

import pytest

from tapetum.domain.errors import DeadlineError, UnavailableError
from tapetum.graphdb.neo4j import Neo4j, Transaction
from tests import engines
from tests.support.on_neo4j import where

pytestmark = pytest.mark.engine
ENDLESS = "UNWIND range(1, 1000000000000) AS one WITH one WHERE one % 7 = 8 RETURN count(one) AS endless"


@pytest.fixture
def database() -> Generator[Neo4j]:
    opened = Neo4j(**where(engines.neo4j()))
    yield opened
    opened.close()


def running(database: Neo4j) -> int:
    shown = "SHOW TRANSACTIONS YIELD currentQuery WHERE currentQuery CONTAINS 'endless' AND NOT currentQuery CONTAINS 'SHOW' RETURN count(*)"  # noqa: E501 - a statement reads better unbroken
    return database.write(lambda tx: tx.run(shown))[0][0]


def until(database: Neo4j, count: int) -> None:
    ends = time.monotonic() + 10
    while running(database) != count:
        assert time.monotonic() < ends, "the server still has it otherwise"
        time.sleep(0.02)


def test_who_cancels_a_question_cancels_it_in_the_server(database: Neo4j) -> None:
    async def cancelled() -> None:
        asked = asyncio.create_task(database.read(ENDLESS))
        await asyncio.to_thread(until, database, 1)
        asked.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asked

    asyncio.run(cancelled())
    until(database, 0)
    assert asyncio.run(database.read("RETURN 1")) == [[1]]


async def test_a_connection_whose_opening_is_cancelled_is_closed() -> None:
    """Midway, as nobody takes what comes after the first to a listener that has room for one."""
    with (
        socket.create_server(("127.0.0.1", 0), backlog=0) as deaf,
        socket.create_connection(deaf.getsockname()),
    ):
        database = Neo4j(f"bolt://127.0.0.1:{deaf.getsockname()[1]}")
        asked = asyncio.create_task(database.read("RETURN 1"))
        await asyncio.sleep(0.2)
        asked.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asked
        await asyncio.to_thread(database.close)
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always", ResourceWarning)
        gc.collect()
    assert [str(each.message) for each in told] == []


def test_a_deadline_ends_it_in_the_server_too(database: Neo4j) -> None:
    with pytest.raises((UnavailableError, DeadlineError)):
        asyncio.run(database.read(ENDLESS, within=0.5))
    until(database, 0)


def test_a_closed_connection_says_so(database: Neo4j) -> None:
    assert asyncio.run(database.read("RETURN 1")) == [[1]]
    database.close()
    with pytest.raises(UnavailableError, match="closed"):
        asyncio.run(database.read("RETURN 1"))


def test_a_deadlock_is_repeated(database: Neo4j) -> None:
    database.write(lambda tx: tx.run("MATCH (n:Crossing) DELETE n"))
    database.write(lambda tx: tx.run("UNWIND [0, 1] AS n CREATE (:Crossing {n: n, sum: 0})"))
    meet = threading.Barrier(2, timeout=10)
    tries: list[int] = []

    def work(tx: Transaction, first: int) -> None:
        tries.append(first)
        take = "MATCH (c:Crossing {n: $n}) SET c.sum = c.sum + 1"
        tx.run(take, {"n": first})
        if len(tries) <= 2:
            meet.wait()
        tx.run(take, {"n": 1 - first})

    threads = [
        threading.Thread(target=database.write, args=(lambda tx, first=first: work(tx, first),))
        for first in (0, 1)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert database.write(lambda tx: tx.run("MATCH (c:Crossing) RETURN c.sum")) == [[2], [2]]
    assert len(tries) > 2
    database.write(lambda tx: tx.run("MATCH (n:Crossing) DELETE n"))


def test_followers_run_after_the_commit_only(database: Neo4j) -> None:
    told: list[str] = []

    def fail() -> None:
        with database.transaction() as tx:
            tx.after_commit(lambda: told.append("never"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with database.transaction() as tx:
        tx.after_commit(lambda: told.append("once"))
        assert told == []
    assert told == ["once"]


def test_a_wrong_address_is_told_soon() -> None:
    nobody = Neo4j("bolt://127.0.0.1:1")
    try:
        began = time.monotonic()
        for _ in range(3):
            with pytest.raises(UnavailableError, match="Neo4j"):
                asyncio.run(nobody.read("RETURN 1"))
        assert time.monotonic() - began < 3
    finally:
        nobody.close()
