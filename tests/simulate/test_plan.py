import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from tapetum.domain.errors import BadInputError
from tapetum.simulate import Plan, RecordKind, build, write

START = 1_789_999_980


def run(plan: Plan, out: Path) -> tuple[Counter[RecordKind], Counter[RecordKind]]:
    counts, sizes = Counter(), Counter()
    for step in write(build(plan.spec), plan, out):
        counts[step.kind] += step.lines
        sizes[step.kind] += step.bytes
    return counts, sizes


def test_a_run_writes_what_it_counts(tmp_path: Path) -> None:
    counts, sizes = run(Plan(start=START, lines=3_000, minutes=10, attack=True), tmp_path)
    assert counts[RecordKind.FLOWS] == 3_000
    assert counts.keys() == set(RecordKind)
    for kind in RecordKind:
        body = (tmp_path / f"{kind}.ndjson").read_bytes()
        assert len(body) == sizes[kind]
        assert len([json.loads(line) for line in body.splitlines()]) == counts[kind]
    documents = list(yaml.load_all((tmp_path / "manifests.yaml").read_text(), Loader=yaml.CSafeLoader))
    assert Counter(each["kind"] for each in documents)["Namespace"] == 8
    assert {path.name for path in tmp_path.iterdir()} == {"manifests.yaml"} | {
        f"{kind}.ndjson" for kind in counts
    }
    assert b"kworkerd" in (tmp_path / "flows.ndjson").read_bytes()


def test_the_same_plan_writes_the_same_bytes(tmp_path: Path) -> None:
    plan = Plan(start=START, workloads=50, namespaces=9, minutes=5, rate=8, seed=11)
    assert run(plan, tmp_path / "one") == run(plan, tmp_path / "two")
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


def test_another_process_writes_the_same_bytes() -> None:
    """Python salts the order of sets anew in every process; none may reach the output."""
    program = (
        "import hashlib, pathlib, sys, tempfile\n"
        "from tapetum.simulate import Plan, build, write\n"
        f"plan = Plan(start={START}, workloads=60, namespaces=12, minutes=5, attack=True)\n"
        "with tempfile.TemporaryDirectory() as out:\n"
        "    list(write(build(plan.spec), plan, pathlib.Path(out)))\n"
        "    for path in sorted(pathlib.Path(out).iterdir()):\n"
        "        print(path.name, hashlib.sha256(path.read_bytes()).hexdigest())\n"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": salt},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for salt in ("1", "2")
    }
    assert len(runs) == 1
    assert runs.pop().count("\n") == 1 + len(RecordKind)


@pytest.mark.parametrize(
    ("asked", "seconds", "lines"),
    [
        ({}, 1_800, None),
        ({"minutes": 4}, 240, None),
        ({"lines": 900}, 1_800, 900),
        ({"lines": 901, "rate": 10}, 91, 901),
        ({"minutes": 2, "rate": 2.5}, 120, 300),
    ],
)
def test_two_of_lines_minutes_and_rate_say_the_third(
    asked: dict[str, Any], seconds: int, lines: int | None
) -> None:
    plan = Plan(start=START, **asked)
    assert plan.end - plan.start == seconds
    assert plan.per_second is None if lines is None else plan.per_second * seconds == lines


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"lines": 1, "minutes": 1, "rate": 1}, "give at most two"),
        ({"lines": 0}, "--lines is a number above 0, not 0"),
        ({"minutes": -3}, "--minutes is a number above 0, not -3"),
        ({"rate": 0.0}, "--rate is a number above 0"),
    ],
)
def test_a_plan_that_contradicts_itself_says_so(asked: dict[str, Any], said: str) -> None:
    with pytest.raises(BadInputError, match=said):
        Plan(start=START, **asked)
