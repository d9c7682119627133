"""`tapetum alerts import`: into a directory, an `up` and a server, whole or not at all."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.support.served import COMMAND, Served, clean_environment

pytestmark = pytest.mark.server

SSH = """apiVersion: projectcalico.org/v3
kind: GlobalAlert
metadata: {name: ssh}
spec: {description: ssh, severity: 100, dataSet: flows, query: dest_port = 22}
"""
LIST = "{ alertRules(limit: 1000) { title severity builtin } }"


def imported(*arguments: object, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [COMMAND, "alerts", "import", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        text=True,
        timeout=300,
        env=clean_environment(),
        check=False,
    )


def counts(done: subprocess.CompletedProcess[str]) -> tuple[int, ...]:
    assert done.returncode == 0, done.stderr
    return tuple(json.loads(done.stdout).values())


def test_a_directory_takes_rules_or_says_what_is_wrong(tmp_path: Path) -> None:
    wrong = SSH.replace("dest_port", "prt").replace("{name: ssh}", "{name: b}")
    (tmp_path / "a.yaml").write_text(f"{SSH}---\n{wrong}")
    done = imported(tmp_path / "a.yaml", "--data", tmp_path / "data")
    assert done.returncode == 2
    first, last = done.stderr.splitlines()
    assert first.startswith(f"{tmp_path}/a.yaml, line 6: GlobalAlert b: spec.query: ")
    assert last == "tapetum: 1 object is wrong, so nothing was imported; correct what is said above."
    (tmp_path / "a.yaml").write_text(SSH)
    done = imported(tmp_path / "a.yaml", "--check", "--data", tmp_path / "data")
    assert (done.returncode, done.stderr) == (0, "1 alert rules can be imported.\n")
    assert not (tmp_path / "data").exists()
    assert counts(imported("-", "--json", "--data", tmp_path / "data", stdin=SSH)) == (1, 0, 0)


def test_a_running_up_takes_rules_by_its_directory_and_its_address(embedded: Served) -> None:
    assert counts(imported("-", "--json", "--data", embedded.data, stdin=SSH)) == (1, 0, 0)
    changed = SSH.replace("100", "40")
    assert counts(imported("-", "--json", "--url", embedded.url, stdin=changed)) == (0, 1, 0)
    found = [each for each in embedded.ask(LIST)["alertRules"] if not each["builtin"]]
    assert found == [{"title": "ssh", "severity": 40, "builtin": False}]
