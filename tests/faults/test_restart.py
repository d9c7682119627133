"""F27: a restart changes no answer, and cursors of before go on where they were."""

from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.faults.deliveries import deliveries
from tests.support.served import EVER, Served

pytestmark = [pytest.mark.fault, pytest.mark.server]

QUESTIONS = """
query($r: TimeRangeInput!, $after: String) {
  clusters { name records rejected firstSeen lastSeen }
  namespaces { id name workloads }
  namespaceLevel: serviceGraph(range: $r) { range { from to } columns }
  workloadLevel: serviceGraph(range: $r, level: WORKLOAD) { columns }
  filtered: serviceGraph(range: $r, filter: "process_name: * or dest_port >= 1") { columns }
  flows(range: $r, first: 20, after: $after) { nodes { id raw policyHits { name action } } pageInfo { endCursor } }
  histogram(range: $r, by: "action") { interval starts series { key counts } }
  topValues(range: $r, field: "source_namespace") { values { value count } other missing }
  alerts(range: $r, first: 100) { nodes { id title time evidence } }
  rejectedLines(range: $r, first: 100) { nodes { id reason line } totalCount }
}
"""


def answers(served: Served, after: str | None) -> dict[str, Any]:
    return served.ask(QUESTIONS, {"r": EVER, "after": after})


def changed(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Names of the roots that differ; the whole answers are too large to be compared in a message.

    Rules over time judge when their period is round, so alerts may have come meanwhile; none may have gone.
    """
    there = after["alerts"]["nodes"]
    kept = {"nodes": [each for each in before["alerts"]["nodes"] if each in there]}
    return [name for name in before if (kept if name == "alerts" else after[name]) != before[name]]


@pytest.mark.parametrize("how", ["stopped", "killed"])
def test_answers_are_the_same_before_and_after(tmp_path: Path, fault_seed: int, how: str) -> None:
    chance = Random(fault_seed)
    with Served(tmp_path / "data") as served:
        start = 1_795_000_000
        for delivery in deliveries(chance, start, count=5, most=200):
            served.ingest(delivery.body, "before")
        first = answers(served, None)
        second = answers(served, first["flows"]["pageInfo"]["endCursor"])
        if how == "stopped":
            assert served.stop() == 0
        else:
            served.kill()
        served.start()
        assert changed(first, answers(served, None)) == []
        assert changed(second, answers(served, first["flows"]["pageInfo"]["endCursor"])) == []
