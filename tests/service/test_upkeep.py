"""Upkeep changes what is kept, never what is answered about the rest."""

import asyncio
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tapetum.domain.moments import TimeRange
from tapetum.domain.scope import EVERYTHING
from tapetum.service import duckdb_upkeep
from tapetum.service.embedded import Embedded
from tapetum.service.upkeep import Upkeep
from tests.contract.graphs import WORKLOADS, assert_graph, edges, query
from tests.support import oracle
from tests.support.factory import DAY, HOUR, MINUTE, NOW, Bad, Flow, Hit, batch, wep
from tests.support.stores import Clock, store

LAST_DAY = TimeRange(NOW - DAY, NOW)
EVER = TimeRange(NOW - 500 * DAY, NOW + DAY)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def embedded(tmp_path: Path, clock: Clock) -> Generator[Embedded]:
    with store(tmp_path, clock) as opened:
        yield opened


def graph(embedded: Embedded, within: TimeRange = LAST_DAY) -> Any:
    return asyncio.run(embedded.graph.service_graph(EVERYTHING, query(within), WORKLOADS))


def rows(embedded: Embedded, table: str) -> int:
    return embedded.engine.read_now(lambda c: c.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0])


def retain(embedded: Embedded, days: int) -> int:
    gone = duckdb_upkeep.retain(embedded.engine, days * DAY, embedded.clock())
    embedded.graph.forget()
    assert embedded.engine.read_now(embedded.differences) == []
    return gone


def test_folding_leaves_one_row_a_key_and_bucket(embedded: Embedded) -> None:
    for mark in range(6):
        embedded.commit(batch([Flow(mark=mark), Flow(at=NOW - 3 * HOUR, port=81, mark=mark)]))
    assert rows(embedded, "edge_minutes") == rows(embedded, "edge_hours") == 12
    before = edges(graph(embedded))
    duckdb_upkeep.fold(embedded.engine, NOW)
    assert rows(embedded, "edge_minutes") == rows(embedded, "edge_hours") == 2
    assert embedded.engine.read_now(embedded.differences) == []
    assert edges(graph(embedded)) == before
    embedded.graph.forget()
    assert edges(graph(embedded)) == before
    duckdb_upkeep.fold(embedded.engine, NOW)
    assert rows(embedded, "edge_hours") == 2


def test_folding_every_minute_leaves_the_old_to_the_hour(embedded: Embedded) -> None:
    duckdb_upkeep.fold(embedded.engine, NOW)
    for mark in range(3):
        embedded.commit(batch([Flow(at=NOW - 40 * DAY, mark=mark), Flow(at=NOW - mark * HOUR)]))
    before = rows(embedded, "edge_hours")
    duckdb_upkeep.fold(embedded.engine, NOW)
    assert rows(embedded, "edge_hours") == before == 6
    duckdb_upkeep.fold(embedded.engine, NOW, everything=True)
    assert rows(embedded, "edge_hours") == 4
    assert embedded.engine.read_now(embedded.differences) == []


def test_an_archive_is_folded_portion_by_portion(embedded: Embedded) -> None:
    flows = [Flow(at=NOW - 40 * DAY + hour * HOUR, port=port) for hour in range(60) for port in (1, 2)]
    for mark in range(3):
        embedded.commit(batch([replace(flow, mark=mark) for flow in flows]))
    before = edges(graph(embedded, EVER))
    duckdb_upkeep.fold(embedded.engine, NOW, everything=True)
    assert rows(embedded, "edge_hours") == 120
    embedded.graph.forget()
    assert edges(graph(embedded, EVER)) == before
    assert embedded.engine.read_now(embedded.differences) == []


def test_retention_counts_from_the_newest_record_of_a_cluster(embedded: Embedded, clock: Clock) -> None:
    live = [Flow(at=NOW - day * DAY - 5 * MINUTE, mark=day) for day in range(12)]
    silent = [Flow(at=NOW - (20 + day) * DAY, cluster="west", mark=day) for day in range(12)]
    embedded.commit(batch([*live, *silent]))
    clock.now += 8 * DAY  # long enough since they arrived
    assert retain(embedded, 7) == 8
    kept = [flow for flow in [*live, *silent] if flow.mark <= 7]
    assert_graph(graph(embedded, EVER), kept, WORKLOADS)
    assert rows(embedded, "flows") == 16
    east, west = asyncio.run(embedded.logs.census(EVERYTHING))
    assert (east.first_seen, west.first_seen) == (live[7].at, silent[7].at)
    assert retain(embedded, 7) == 0


def test_retention_goes_by_whole_hours(embedded: Embedded, clock: Clock) -> None:
    newest = Flow(at=NOW // HOUR * HOUR + 30 * MINUTE)
    edge = newest.at // HOUR * HOUR - 2 * DAY
    flows = [Flow(at=edge + beside, mark=beside % 97) for beside in (-HOUR - 1, -1, 0, 1, HOUR)]
    embedded.commit(batch([newest, *flows]))
    clock.now += 3 * DAY
    assert retain(embedded, 2) == 2
    whole = oracle.effective(EVER.start, EVER.end, clock.now)
    assert_graph(graph(embedded, EVER), oracle.chosen([newest, *flows], edge, whole[1]), WORKLOADS)


def test_a_future_stamp_does_not_expire_the_present(embedded: Embedded, clock: Clock) -> None:
    embedded.commit(batch([Flow(at=NOW), Flow(at=NOW + 300 * DAY)]))
    clock.now += 3 * DAY
    assert retain(embedded, 4) == 0
    clock.now += 5 * DAY
    assert retain(embedded, 4) == 1


def test_an_imported_archive_stays_as_long_as_anything_else(embedded: Embedded, clock: Clock) -> None:
    embedded.commit(batch([Flow(at=NOW)]))
    clock.now += DAY
    embedded.commit(batch([Flow(at=NOW - 300 * DAY)], received_at=clock.now))
    assert retain(embedded, 7) == 0
    clock.now += 8 * DAY
    assert retain(embedded, 7) == 1


def test_what_belongs_to_removed_records_goes_with_them(embedded: Embedded, clock: Clock) -> None:
    old, new = Hit(0, "t", "old", "allow"), Hit(0, "t", "new", "allow")
    embedded.commit(batch([Flow(at=NOW - 9 * DAY, port=81, hits=(old,)), Bad(b"old")]))
    embedded.commit(batch([Flow(at=NOW - 9 * DAY, hits=(new,), mark=1), Flow(hits=(new,)), Bad(b"new")]))
    clock.now += 6 * DAY
    embedded.commit(batch([Bad(b"late")], received_at=clock.now))
    clock.now += 2 * DAY
    assert retain(embedded, 7) == 2
    expected = {"traces": 1, "verdict_keys": 1, "raw_lines": 1, "batches": 2, "dead_letters": 1}
    assert {name: rows(embedded, name) for name in expected} == expected
    kept = Flow(hits=(new,))
    assert asyncio.run(embedded.logs.raw(EVERYTHING, [kept.id])) == {kept.id: kept.line.decode()}


def test_removed_batches_do_not_open_short(tmp_path: Path) -> None:
    clock = Clock()
    with store(tmp_path, clock) as embedded:
        embedded.commit(batch([Flow(at=NOW - 9 * DAY), Flow(), Bad(b"x")]))
        clock.now += 8 * DAY
        assert retain(embedded, 7) == 1
    with store(tmp_path, clock) as embedded:
        assert rows(embedded, "flows") == 1
        assert embedded.engine.read_now(embedded.differences) == []
        assert_graph(graph(embedded, EVER), [Flow()], WORKLOADS)


def test_minutes_are_dropped_after_a_day(embedded: Embedded, clock: Clock) -> None:
    embedded.commit(batch([Flow(at=NOW - hour * HOUR) for hour in range(24)]))
    assert rows(embedded, "edge_minutes") == 24
    clock.now += 12 * HOUR
    assert retain(embedded, 30) == 0
    assert rows(embedded, "edge_minutes") == 14
    assert rows(embedded, "edge_hours") == 24


def test_records_and_minutes_of_an_expired_hour_go_together(embedded: Embedded, clock: Clock) -> None:
    clock.now = NOW // HOUR * HOUR
    old, new = Flow(at=clock.now - DAY - MINUTE), Flow(at=clock.now + HOUR - 1)
    embedded.commit(batch([old, new], received_at=clock.now - 2 * DAY))
    clock.now += HOUR - MINUTE
    duckdb_upkeep.retain(embedded.engine, DAY - HOUR, clock.now)
    assert embedded.engine.read_now(embedded.differences) == []
    assert rows(embedded, "edge_minutes") == 1


def test_a_batch_may_come_in_between(embedded: Embedded, clock: Clock) -> None:
    """Codes of flow keys stay what they are, whatever is removed."""
    for day in range(10):
        clock.now = NOW + day * DAY
        flows = [Flow(source=wep("shop", f"w{day + step}"), at=clock.now - step * HOUR) for step in range(3)]
        embedded.commit(batch(flows, received_at=clock.now))
        duckdb_upkeep.fold(embedded.engine, clock.now)
        retain(embedded, 2)
    told = graph(embedded, TimeRange(NOW - DAY, NOW + 20 * DAY))
    assert int(told.allowed.counts[:, 0].sum()) == rows(embedded, "flows")
    assert 6 <= rows(embedded, "flows") <= 12


def test_the_job_folds_and_retains(embedded: Embedded, clock: Clock) -> None:
    upkeep = Upkeep(embedded, retention_days=7)
    for mark in range(4):
        embedded.commit(batch([Flow(mark=mark), Flow(at=NOW - 9 * DAY, mark=mark)]))
    graph(embedded, EVER)
    upkeep.fold()
    assert (rows(embedded, "edge_hours"), rows(embedded, "flows")) == (5, 8)
    upkeep.retain()
    upkeep.fold(everything=True)
    assert (rows(embedded, "edge_hours"), rows(embedded, "flows")) == (2, 8)
    clock.now += 8 * DAY
    upkeep.retain()
    assert rows(embedded, "flows") == 4
    assert_graph(graph(embedded, EVER), [Flow(mark=mark) for mark in range(4)], WORKLOADS)
    upkeep.start()
    upkeep.stop()
