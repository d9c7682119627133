"""What only the embedded log store promises: its file, its limits, its order of writing."""

import asyncio
from collections.abc import Generator
from pathlib import Path

import pytest

from tapetum.domain.batches import RecordKind
from tapetum.domain.errors import UnavailableError
from tapetum.domain.moments import TimeRange
from tapetum.domain.scope import EVERYTHING
from tapetum.embedded.duckdb import Engine
from tapetum.kql import parse
from tapetum.logstore.duckdb import DuckDBLogStore
from tapetum.logstore.duckdb_where import TABLE, TIME, Where
from tapetum.logstore.port import Order, Search
from tests.contract.logs import alert
from tests.support.factory import DAY, HOUR, MINUTE, NOW, Bad, Flow, Hit, batch
from tests.support.records import entry, record_batch

LAST_DAY = TimeRange(NOW - DAY, NOW)
FLOWS = Search(RecordKind.FLOWS, LAST_DAY)


@pytest.fixture
def engine(tmp_path: Path) -> Generator[Engine]:
    engine = Engine(tmp_path / "logs.duckdb")
    yield engine
    engine.close()


def test_tables_are_made_once_and_kept(tmp_path: Path) -> None:
    flow = Flow()
    for opening in range(3):
        engine = Engine(tmp_path / "logs.duckdb")
        logs = DuckDBLogStore(engine, lambda: NOW)
        if not opening:
            with engine.transaction() as transaction:
                logs.append(transaction, batch([flow]))
        assert asyncio.run(logs.count(EVERYTHING, FLOWS)) == 1
        engine.close()


def test_a_table_of_an_earlier_version_gets_the_columns_that_came_later(engine: Engine) -> None:
    DuckDBLogStore(engine, lambda: NOW)
    with engine.transaction() as transaction:
        transaction.connection.execute("ALTER TABLE l7 DROP COLUMN reporter")
        transaction.connection.execute("ALTER TABLE dns DROP COLUMN servers")
        transaction.connection.execute("ALTER TABLE dead_letters DROP COLUMN kind")
    logs = DuckDBLogStore(engine, lambda: NOW)
    for one in (entry(RecordKind.L7, reporter="dst"), entry(RecordKind.DNS, servers=[{"ip": "10.0.0.1"}])):
        with engine.transaction() as transaction:
            assert logs.append(transaction, record_batch([one])).receipt.accepted == 1
    with engine.transaction() as transaction:
        assert logs.append(transaction, batch([Bad(b"x")])).receipt.rejected == 1


async def test_an_alert_of_an_earlier_version_is_about_flows(engine: Engine) -> None:
    logs = DuckDBLogStore(engine, lambda: NOW)
    old = alert("a")
    with engine.transaction() as transaction:
        logs.append_alerts(transaction, [old])
        for column in ("evidence_kind", "mitigations", "category"):
            transaction.connection.execute(f"ALTER TABLE alerts DROP COLUMN {column}")
    logs = DuckDBLogStore(engine, lambda: NOW)
    assert [one.alert for one in await logs.alerts_after(EVERYTHING, 0, 9)] == [old]


def test_what_failed_is_told_rather_than_what_failed_after_it(engine: Engine) -> None:
    logs = DuckDBLogStore(engine, lambda: NOW)
    with engine.transaction() as transaction:
        transaction.connection.execute("ALTER TABLE flows DROP COLUMN proto")
    with pytest.raises(UnavailableError, match="proto"), engine.transaction() as transaction:
        logs.append(transaction, batch([Flow()]))


def test_every_kind_has_a_table_and_a_time() -> None:
    assert set(TABLE) == set(TIME) == set(RecordKind)


def test_conditions_keep_their_parameters_in_order() -> None:
    where = Where().and_("a = ?", 1).and_("b IN (?, ?)", 2, 3).and_("c")
    assert where.sql == "(a = ?) AND (b IN (?, ?)) AND (c)"
    assert where.parameters == [1, 2, 3]
    assert Where().sql == "true"


async def test_now_is_the_clock_of_the_store(engine: Engine) -> None:
    logs = DuckDBLogStore(engine, lambda: NOW - HOUR)
    with engine.transaction() as transaction:
        logs.append(transaction, batch([Flow(at=NOW - 2 * HOUR), Flow(at=NOW - MINUTE)]))
    search = Search(RecordKind.FLOWS, LAST_DAY, filter=parse("start_time < now-30m"))
    page = await logs.search(EVERYTHING, search, Order(), 5, None)
    assert [record["start_time"] for record in page.records] == [NOW - 2 * HOUR]


async def test_a_trace_is_stored_once_for_all_its_records(engine: Engine) -> None:
    logs = DuckDBLogStore(engine, lambda: NOW)
    hits = (Hit(0, "t", "n", "allow"),)
    for start in (0, 5, 10):
        with engine.transaction() as transaction:
            logs.append(
                transaction, batch([Flow(mark=start + place, hits=hits[: place % 2]) for place in range(5)])
            )
    assert engine.read_now(lambda c: c.execute("SELECT count(*) FROM traces").fetchall()) == [(2,)]
    top = await logs.top_values(EVERYTHING, FLOWS, "policy_hits.name", 3)
    assert (top.values, top.missing) == ((("n", 6),), 9)


async def test_a_batch_of_duplicates_keeps_no_lines(engine: Engine) -> None:
    logs = DuckDBLogStore(engine, lambda: NOW)
    for name in ("one", "two"):
        with engine.transaction() as transaction:
            logs.append(transaction, batch([Flow()], id=name))
    assert engine.read_now(lambda c: c.execute("SELECT batch FROM raw_lines").fetchall()) == [(1,)]
