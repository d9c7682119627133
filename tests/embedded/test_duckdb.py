"""The engine below the embedded stores: whole transactions, and reads that end when they are told to."""

import asyncio
import threading
import time
from collections.abc import Callable, Generator
from pathlib import Path

import pytest

from tapetum.domain.errors import BadInputError, DamagedStoreError, TooLargeError, UnavailableError
from tapetum.embedded.duckdb import Connection, Engine, first_row

ENDLESS = "SELECT count(*) FROM range(1_000_000_000_000) t(n) WHERE n % 7 = 3"


@pytest.fixture
def engine(tmp_path: Path) -> Generator[Engine]:
    engine = Engine(tmp_path / "test.duckdb", memory_limit="300MB")
    with engine.transaction() as transaction:
        transaction.connection.execute("CREATE TABLE t (n INTEGER)")
    yield engine
    engine.close()


def count(engine: Engine) -> int:
    return int(engine.read_now(lambda connection: first_row(connection, "SELECT count(*) FROM t"))[0])


def insert(engine: Engine, *, fail: bool = False, follow: Callable[[], None] = lambda: None) -> None:
    with engine.transaction() as transaction:
        transaction.connection.execute("INSERT INTO t VALUES (1)")
        transaction.after_commit(follow)
        if fail:
            raise BadInputError("no")


def test_followers_run_after_the_commit_alone(engine: Engine) -> None:
    seen: list[int] = []
    insert(engine, follow=lambda: seen.append(count(engine)))
    with pytest.raises(BadInputError):
        insert(engine, fail=True, follow=lambda: seen.append(-1))
    assert seen == [1]
    assert count(engine) == 1


def test_followers_run_in_the_order_of_commits(engine: Engine) -> None:
    seen: list[int] = []

    def write(times: int) -> None:
        for _ in range(times):
            with engine.transaction() as transaction:
                transaction.connection.execute("INSERT INTO t VALUES (1)")
                place = int(first_row(transaction.connection, "SELECT count(*) FROM t")[0])
                transaction.after_commit(lambda place=place: seen.append(place))

    writers = [threading.Thread(target=write, args=(10,)) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert seen == list(range(1, 41))


def test_what_is_settled_has_no_commit_ahead_of_memory(engine: Engine) -> None:
    memory = 0
    wrong: list[tuple[int, int]] = []
    ended = threading.Event()

    def follow() -> None:
        nonlocal memory
        time.sleep(0.001)
        memory += 1

    def compare() -> None:
        while not ended.is_set():
            with engine.settled():
                if (stored := count(engine)) != memory:
                    wrong.append((stored, memory))

    reader = threading.Thread(target=compare)
    reader.start()
    for _ in range(50):
        insert(engine, follow=follow)
    ended.set()
    reader.join()
    assert not wrong


def test_a_refused_statement_is_an_unavailable_store(engine: Engine) -> None:
    def fail() -> None:
        with engine.transaction() as transaction:
            transaction.connection.execute("INSERT INTO t VALUES ('text')")

    with pytest.raises(UnavailableError, match="did not take the write"):
        fail()
    insert(engine)
    assert count(engine) == 1


async def test_an_error_of_the_reader_comes_out_as_it_is(engine: Engine) -> None:
    def fail(_: Connection) -> None:
        raise BadInputError("no such field")

    with pytest.raises(BadInputError, match="no such field"):
        await engine.read(fail)


async def test_a_question_beyond_the_memory_says_so(engine: Engine) -> None:
    with pytest.raises(TooLargeError, match="narrow"):
        await engine.read(
            lambda c: c.execute(
                "SELECT list(n::VARCHAR || repeat('x', 1000)) FROM range(1000000) t(n)"
            ).fetchall()
        )


async def test_cancelling_ends_every_statement_of_a_read(engine: Engine) -> None:
    started, ended = threading.Event(), threading.Event()
    failed: list[int] = []

    def work(connection: Connection) -> None:
        started.set()
        try:
            for place in range(3):  # an interrupt between two statements must not be lost
                try:
                    connection.execute(ENDLESS).fetchall()
                except Exception:  # noqa: BLE001 - whatever the driver raises when it is interrupted
                    failed.append(place)
                    time.sleep(0.03)
        finally:
            ended.set()

    asked = asyncio.create_task(engine.read(work))
    assert await asyncio.to_thread(started.wait, 5)
    began = time.monotonic()
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    assert time.monotonic() - began < 1, "the caller waits for the engine"
    assert await asyncio.to_thread(ended.wait, 5)
    assert failed == [0, 1, 2]
    assert await asyncio.wait_for(engine.read(lambda c: first_row(c, "SELECT 1")), 5) == (1,)


async def test_a_deadline_frees_the_engine_for_others(engine: Engine) -> None:
    for _ in range(3):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await asyncio.gather(
                    *(engine.read(lambda c: c.execute(ENDLESS).fetchall()) for _ in range(6))
                )
    async with asyncio.timeout(5):
        assert await engine.read(lambda c: first_row(c, "SELECT 1")) == (1,)


def test_readers_of_two_loops_do_not_wait_for_each_other(engine: Engine) -> None:
    """As those of the API and of the alert rules, which have a thread of their own."""

    def work(_: Connection) -> None:
        time.sleep(0.002)

    async def main() -> None:
        async with asyncio.timeout(60):
            await asyncio.gather(*(engine.read(work) for _ in range(200)))

    loops = [threading.Thread(target=asyncio.run, args=(main(),)) for _ in range(2)]
    for each in loops:
        each.start()
    for each in loops:
        each.join(30)
    assert not any(each.is_alive() for each in loops)


async def test_closing_ends_what_is_still_read(tmp_path: Path) -> None:
    engine = Engine(tmp_path / "closing.duckdb")
    started = threading.Event()

    def work(connection: Connection) -> None:
        started.set()
        connection.execute(ENDLESS).fetchall()

    asked = asyncio.create_task(engine.read(work))
    assert await asyncio.to_thread(started.wait, 5)
    await asyncio.to_thread(engine.close)
    with pytest.raises(UnavailableError, match="cancelled"):
        await asked
    with pytest.raises(UnavailableError, match="closed"):
        engine.read_now(lambda c: c.execute("SELECT 1"))
    with pytest.raises(UnavailableError, match="closed"), engine.transaction():
        pass


@pytest.mark.parametrize("content", [b"not a database at all" * 1000, b"\x00" * 5000, b"x"])
def test_a_file_that_is_no_database_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.duckdb"
    path.write_bytes(content)
    with pytest.raises(DamagedStoreError, match=r"broken\.duckdb"):
        Engine(path)


def test_a_checkpoint_folds_the_log_of_changes(engine: Engine, tmp_path: Path) -> None:
    insert(engine)
    log = tmp_path / "test.duckdb.wal"
    assert log.stat().st_size > 0
    engine.checkpoint()
    assert not log.exists() or log.stat().st_size == 0
    assert count(engine) == 1


def give_up(engine: Engine) -> None:
    """A checkpoint that fails, after which DuckDB refuses everything."""
    insert(engine)
    with engine.transaction() as transaction:
        transaction.connection.execute("PRAGMA debug_checkpoint_abort='before_truncate'")
    engine.read_now(lambda connection: connection.execute("FORCE CHECKPOINT"))


def test_who_opens_a_file_that_was_given_up_is_told_once(engine: Engine, tmp_path: Path) -> None:
    told: list[bool] = []
    engine.when_given_up(lambda: told.append(engine.gave_up))
    with pytest.raises(UnavailableError, match="being opened anew"):
        give_up(engine)
    with pytest.raises(UnavailableError, match="being opened anew"):
        count(engine)
    with pytest.raises(UnavailableError, match="being opened anew"):
        insert(engine)
    assert told == [True]
    engine.close()
    again = Engine(tmp_path / "test.duckdb")
    assert count(again) == 1
    insert(again)
    assert not again.gave_up
    again.close()


def test_who_comes_late_is_told_at_once_that_it_was_given_up(engine: Engine) -> None:
    with pytest.raises(DamagedStoreError):  # nobody would open it anew
        give_up(engine)
    told: list[bool] = []
    engine.when_given_up(lambda: told.append(engine.gave_up))
    assert told == [True]
