"""Hours kept in memory answer as the records do, whatever is committed or removed meanwhile."""

import asyncio
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from tapetum.domain.moments import HOUR, MINUTE, SECOND, TimeRange
from tapetum.domain.scope import EVERYTHING, Scope
from tapetum.embedded.duckdb import Engine
from tapetum.kql import parse
from tapetum.logstore.duckdb import DuckDBLogStore
from tapetum.logstore.duckdb_hours import HourCounts
from tapetum.logstore.port import Histogram, RecordKind, Search
from tests.support.factory import DAY, NOW, Flow, batch, wep

RANGE = TimeRange(NOW - 3 * DAY + 17 * MINUTE, NOW - 11 * MINUTE)


@pytest.fixture
def logs(tmp_path: Path) -> Generator[tuple[Engine, DuckDBLogStore]]:
    engine = Engine(tmp_path / "logs.duckdb")
    yield engine, DuckDBLogStore(engine, lambda: NOW)
    engine.close()


def flows(seed: int, count: int = 120) -> list[Flow]:
    dice = Random(seed)
    return [
        Flow(
            source=wep(dice.choice("ab"), f"w-{seed}-{place}"),
            at=NOW - dice.randrange(4 * DAY // SECOND) * SECOND,
            action=dice.choice(("allow", "deny")),
        )
        for place in range(count)
    ]


def put(logs: tuple[Engine, DuckDBLogStore], seed: int) -> None:
    engine, store = logs
    with engine.transaction() as transaction:
        store.append(transaction, batch(flows(seed)))


def asked(store: DuckDBLogStore, search: Search, seconds: int, scope: Scope = EVERYTHING) -> Histogram:
    return asyncio.run(store.histogram(scope, search, seconds, "action"))


def total(histogram: Histogram) -> dict[str, int]:
    return {series: sum(counts) for series, counts in histogram.counts.items() if any(counts)}


@pytest.mark.parametrize("text", ["", 'source_namespace : "a"'])
@pytest.mark.parametrize("hours", [1, 6])
def test_a_long_histogram_is_that_of_the_records(
    logs: tuple[Engine, DuckDBLogStore], text: str, hours: int
) -> None:
    search = Search(RecordKind.FLOWS, RANGE, filter=parse(text) if text else None)
    for seed in range(3):  # the second and third find hours that are kept, some of them touched since
        put(logs, seed)
        long, fine = asked(logs[1], search, hours * 3600), asked(logs[1], search, 300)
        by_bucket: dict[tuple[str, int], int] = {}
        for series, counts in fine.counts.items():
            for start, count in zip(fine.starts, counts, strict=True):
                key = series, start // (hours * HOUR)
                by_bucket[key] = by_bucket.get(key, 0) + count
        told = {
            (series, start // (hours * HOUR)): count
            for series, counts in long.counts.items()
            for start, count in zip(long.starts, counts, strict=True)
        }
        assert {key: count for key, count in told.items() if count} == {
            key: count for key, count in by_bucket.items() if count
        }


def test_what_one_scope_sees_is_not_told_to_another(logs: tuple[Engine, DuckDBLogStore]) -> None:
    put(logs, 1)
    search = Search(RecordKind.FLOWS, RANGE)
    everything = total(asked(logs[1], search, 3600))
    nobody = Scope(clusters=frozenset({"elsewhere"}))
    assert everything
    assert total(asked(logs[1], search, 3600, nobody)) == {}
    assert total(asked(logs[1], search, 3600)) == everything


def test_what_upkeep_removed_is_counted_no_more(logs: tuple[Engine, DuckDBLogStore]) -> None:
    engine, store = logs
    put(logs, 1)
    search = Search(RecordKind.FLOWS, RANGE)
    assert total(asked(store, search, 3600))
    with engine.transaction() as transaction:
        transaction.connection.execute("DELETE FROM flows")
    store.forget()
    assert total(asked(store, search, 3600)) == {}
    assert total(asked(store, replace(search, range=TimeRange(NOW - DAY, NOW)), 60)) == {}


def test_an_hour_that_is_committed_to_while_it_is_counted_is_not_kept() -> None:
    hours, day = HourCounts(), TimeRange(0, 3 * HOUR)
    runs: list[TimeRange] = []

    def count(within: TimeRange) -> dict[int, dict[str, int]]:
        runs.append(within)
        if len(runs) == 1:
            hours.commit({1})
        return {1: {"allow": len(runs)}}

    assert hours.of("q", day, count)[1] == {"allow": 1}
    assert hours.of("q", day, count)[1] == {"allow": 2}
    assert hours.of("q", day, count) == {0: {}, 1: {"allow": 2}, 2: {}}
    assert runs == [day, TimeRange(HOUR, 2 * HOUR)]


def test_nothing_is_kept_of_what_was_removed_while_it_was_counted() -> None:
    hours = HourCounts()

    def count(_: TimeRange) -> dict[int, dict[str, int]]:
        hours.forget()
        return {0: {"allow": 1}}

    hours.of("q", TimeRange(0, HOUR), count)
    assert hours.of("q", TimeRange(0, HOUR), lambda _: {}) == {0: {}}


def test_an_hour_of_many_series_is_counted_each_time() -> None:
    hours = HourCounts()
    many = {0: {str(place): 1 for place in range(100)}}
    hours.of("q", TimeRange(0, HOUR), lambda _: many)
    assert hours.of("q", TimeRange(0, HOUR), lambda _: {}) == {0: {}}
