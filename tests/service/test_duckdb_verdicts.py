"""A data directory of an earlier version opens with verdict keys of what it holds."""

import asyncio
from pathlib import Path

import pytest

from tapetum.domain.batches import RecordKind
from tapetum.domain.moments import TimeRange
from tapetum.domain.networks import Networks
from tapetum.domain.scope import EVERYTHING
from tapetum.ingest.context import Limits
from tapetum.ingest.forms import Form
from tapetum.ingest.pipeline import Pipeline
from tapetum.logstore.port import Search, VerdictKeys
from tapetum.service import duckdb_verdicts
from tapetum.service.embedded import Embedded
from tapetum.simulate import WorldSpec, build, flow_lines
from tests.support.factory import NOW, SECOND
from tests.support.stores import store

EPOCH = NOW // SECOND // 300 * 300 - 600


def keys(embedded: Embedded) -> VerdictKeys:
    search = Search(RecordKind.FLOWS, TimeRange(0, 2 * NOW))
    return asyncio.run(embedded.logs.verdict_keys(EVERYTHING, search))


def filled(directory: Path) -> VerdictKeys:
    world = build(WorldSpec(seed=3, epoch=EPOCH, workloads=60, namespaces=8, edges=200))
    with store(directory) as embedded:
        intake = Pipeline(embedded, clock=embedded.clock, networks=Networks(), limits=Limits())
        for chunk in flow_lines(world, EPOCH, EPOCH + 600):
            intake.submit(chunk, Form.CALICO, "east", "test")
        told = keys(embedded)
        assert told.rows.num_rows > 200
        return told


@pytest.mark.parametrize("earlier", ["ALTER TABLE flows DROP COLUMN verdict_key", "DROP TABLE verdict_keys"])
def test_keys_are_given_at_start(tmp_path: Path, earlier: str) -> None:
    expected = filled(tmp_path)
    with store(tmp_path) as embedded, embedded.engine.transaction() as tx:
        tx.connection.execute("UPDATE flows SET verdict_key = NULL; DELETE FROM verdict_keys")
        tx.connection.execute(earlier)
    for _ in range(2):  # the second time they are there
        with store(tmp_path) as embedded:
            assert keys(embedded).keyless == 0
            assert keys(embedded).rows.sort_by("verdict_key") == expected.rows.sort_by("verdict_key")
            assert embedded.engine.read_now(embedded.differences) == []


def test_an_interrupted_start_is_gone_on_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = filled(tmp_path)
    said: list[str] = []
    with store(tmp_path) as embedded:
        with embedded.engine.transaction() as tx:
            tx.connection.execute("UPDATE flows SET verdict_key = NULL; DELETE FROM verdict_keys")
        give, given = duckdb_verdicts.give, iter([True, True, False])

        def interrupted(*told: object) -> None:
            if not next(given):
                raise KeyboardInterrupt
            give(*told)

        monkeypatch.setattr(duckdb_verdicts, "give", interrupted)
        with pytest.raises(KeyboardInterrupt):
            duckdb_verdicts.learn(embedded.engine, said.append, at_once=40)
        total = sum(expected.rows["records"].to_pylist())
        assert keys(embedded).keyless == total - 80
        monkeypatch.undo()
        duckdb_verdicts.learn(embedded.engine, said.append, at_once=40)
        assert said == [
            f"Giving {many} records of an earlier version their verdict keys." for many in (total, total - 80)
        ]
        assert keys(embedded).rows.sort_by("verdict_key") == expected.rows.sort_by("verdict_key")
