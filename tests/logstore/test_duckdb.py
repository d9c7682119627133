"""What only the embedded log store promises: its file, its limits, its order of writing."""

import asyncio
import time
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from tapetum.domain.alerts import NumberedAlert
from tapetum.domain.batches import RecordKind
from tapetum.domain.errors import UnavailableError
from tapetum.domain.moments import TimeRange
from tapetum.domain.scope import EVERYTHING
from tapetum.embedded.duckdb import Engine
from tapetum.kql import parse
from tapetum.logstore import duckdb_alerts
from tapetum.logstore.alert_rows import alert_row
from tapetum.logstore.columns import ALERT
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
    old = replace(alert("a"), evidence=("one", "two"))
    with engine.transaction() as transaction:
        logs.append_alerts(transaction, [old])
        connection = transaction.connection
        connection.execute("DROP VIEW alerts")
        connection.execute("UPDATE alert_rows SET evidence = evidence[2:]")
        connection.execute("ALTER TABLE alert_rows RENAME TO alerts")
        for column in ("evidence_kind", "mitigations", "category"):
            connection.execute(f"ALTER TABLE alerts DROP COLUMN {column}")
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


def test_reads_go_on_while_alerts_with_rare_mitigations_are_written() -> None:
    """See duckdb_alerts.VIEW: without leads the engine gives the file up in two of three runs."""
    engine = Engine(None)
    DuckDBLogStore(engine, lambda: NOW)
    row = alert_row(NumberedAlert(0, replace(alert("a"), evidence=("x" * 40,) * 5)))
    until, written = time.monotonic() + 6, 0

    def write() -> None:
        nonlocal written
        chance = Random(0)
        plain = pa.Table.from_pylist([row], ALERT).take([0] * 2500)
        while time.monotonic() < until and not engine.gave_up:
            count = chance.choice([1, 3, 60, 600, 2048, 2500])
            numbers = np.arange(written, written + count)
            ends = np.cumsum(np.append(0, numbers % 2000 == 0)).astype(np.int32)
            told: dict[str, Any] = {
                "number": pa.array(numbers),
                "id": pa.array(numbers).cast(pa.string()),
                "mitigations": pa.ListArray.from_arrays(pa.array(ends), pa.array(["look"] * int(ends[-1]))),
            }
            rows = plain.slice(0, count)
            for name, values in told.items():
                field = ALERT.field(name)
                rows = rows.set_column(ALERT.names.index(name), field, values.cast(field.type))
            with engine.transaction() as transaction:
                duckdb_alerts.write(transaction.connection, rows)
            written += count

    def read() -> None:
        while time.monotonic() < until and not engine.gave_up:
            after = written - Random(written).choice([-1, 1, 10, 500, 2500])
            engine.read_now(lambda c, after=after: duckdb_alerts.after(c, EVERYTHING, after, 1))

    with ThreadPoolExecutor(5) as pool:
        for work in [pool.submit(write), *(pool.submit(read) for _ in range(4))]:
            work.result()
    assert not engine.gave_up
    assert written > 10_000
    engine.close()
