"""Folded hours of verdict keys answer as the records do, whatever comes late, goes or is asked for."""

import asyncio
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tapetum.domain.batches import RecordKind
from tapetum.domain.moments import TimeRange
from tapetum.domain.scope import EVERYTHING, Scope
from tapetum.logstore import duckdb_verdict_hours
from tapetum.logstore.port import Search, VerdictKeys
from tapetum.service import duckdb_upkeep
from tapetum.service.embedded import Embedded
from tapetum.service.upkeep import Upkeep
from tests.contract.graphs import a_flow
from tests.support.factory import DAY, HOUR, MINUTE, NOW, Flow, batch
from tests.support.stores import Clock, store

EAST = frozenset({"east"})
SHOP = Scope(None, frozenset({("east", "shop"), ("west", "pay")}))


@pytest.fixture
def embedded(tmp_path: Path) -> Generator[Embedded]:
    with store(tmp_path) as opened:
        yield opened


def keys(embedded: Embedded, search: Search, scope: Scope = EVERYTHING) -> VerdictKeys:
    found = asyncio.run(embedded.logs.verdict_keys(scope, search))
    return replace(found, rows=found.rows.sort_by("verdict_key"))


def hours(embedded: Embedded) -> list[tuple[Any, ...]]:
    statement = "SELECT cluster, hour FROM folded_hours ORDER BY ALL"
    return embedded.engine.read_now(lambda c: c.execute(statement).fetchall())


def commit(embedded: Embedded, *flows: Flow) -> None:
    for cluster in dict.fromkeys(flow.cluster for flow in flows):
        embedded.commit(batch([flow for flow in flows if flow.cluster == cluster], cluster=cluster))


@pytest.mark.parametrize("seed", range(2))
def test_folded_hours_answer_as_records_do(embedded: Embedded, seed: int) -> None:
    chance = Random(seed)
    for wave in range(4):
        flows = [a_flow(chance, 3) for _ in range(25)]
        commit(
            embedded,
            *(
                replace(
                    flow,
                    cluster=chance.choice(("east", "west")),
                    at=NOW - chance.randrange(6 * HOUR),
                    mark=wave,
                )
                for flow in flows
            ),
        )
        if wave != 2:  # the third comes late: what was folded is no longer all
            duckdb_upkeep.fold_verdicts(embedded.engine, NOW)
        for _ in range(3):
            start, end = sorted(chance.sample(range(NOW - 7 * HOUR, NOW + 1, MINUTE), 2))
            within = chance.choice((TimeRange(start, end), TimeRange(NOW - DAY, NOW)))
            folded = Search(RecordKind.FLOWS, within, EAST)
            raw = replace(folded, clusters=frozenset({"east", "nowhere"}))
            for scope in (EVERYTHING, SHOP):
                told = keys(embedded, folded, scope)
                assert told == keys(embedded, raw, scope)
    assert hours(embedded)
    assert embedded.engine.read_now(embedded.differences) == []


def test_only_hours_that_are_over_are_folded_and_late_records_unfold_theirs(embedded: Embedded) -> None:
    old, now = Flow(at=NOW - 3 * HOUR), Flow(at=NOW)
    commit(embedded, old, now)
    Upkeep(embedded, retention_days=30).fold_verdicts()
    marked = [("east", (NOW - 3 * HOUR) // HOUR)]
    assert hours(embedded) == marked
    commit(embedded, replace(now, mark=1))
    assert hours(embedded) == marked
    commit(embedded, old)  # it is known, and changes nothing
    assert hours(embedded) == marked
    commit(embedded, replace(old, mark=1))
    assert hours(embedded) == []


def test_an_hour_is_folded_once_late_records_are_in(embedded: Embedded) -> None:
    over = NOW // HOUR * HOUR
    commit(embedded, Flow(at=over - MINUTE))
    for minutes, folded in ((14, 0), (15, 1)):
        duckdb_upkeep.fold_verdicts(embedded.engine, over + minutes * MINUTE)
        assert len(hours(embedded)) == folded


def test_what_comes_while_an_hour_is_folded_leaves_it_for_the_next_time(
    embedded: Embedded, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = Flow(at=NOW - 3 * HOUR)
    commit(embedded, late)
    grouped = duckdb_verdict_hours.grouped

    def slow(*asked: Any, **named: Any) -> Any:
        rows = grouped(*asked, **named)
        commit(embedded, replace(late, mark=1))
        return rows

    with monkeypatch.context() as patch:
        patch.setattr(duckdb_verdict_hours, "grouped", slow)
        duckdb_upkeep.fold_verdicts(embedded.engine, NOW)
    assert hours(embedded) == []
    duckdb_upkeep.fold_verdicts(embedded.engine, NOW)
    assert len(hours(embedded)) == 1
    assert embedded.engine.read_now(embedded.differences) == []


def test_retention_takes_folded_hours_along(embedded: Embedded) -> None:
    commit(embedded, Flow(at=NOW - 3 * DAY), Flow(at=NOW - 2 * HOUR))
    duckdb_upkeep.fold_verdicts(embedded.engine, NOW)
    assert len(hours(embedded)) == 2
    embedded.clock.now = NOW + 2 * DAY  # type: ignore[attr-defined]
    commit(embedded, Flow(at=NOW + 2 * DAY))
    assert duckdb_upkeep.retain(embedded.engine, DAY, NOW + 2 * DAY) == 2
    assert hours(embedded) == []


def test_what_an_earlier_version_wrote_since_is_noticed_at_start(tmp_path: Path) -> None:
    with store(tmp_path) as embedded:
        commit(embedded, Flow(at=NOW - 3 * HOUR), Flow(at=NOW - 2 * HOUR))
        duckdb_upkeep.fold_verdicts(embedded.engine, NOW)
        with embedded.engine.transaction() as tx:
            tx.connection.execute(
                f"UPDATE folded_hours SET records = 7 WHERE hour = {(NOW - 2 * HOUR) // HOUR}"
            )
    with store(tmp_path, Clock()) as embedded:
        assert hours(embedded) == [("east", (NOW - 3 * HOUR) // HOUR)]
