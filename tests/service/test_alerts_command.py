"""`tapetum alerts import`: into a directory, an `up` and a server, whole or not at all."""

import json
import subprocess
from pathlib import Path

import pytest

from tapetum.domain.errors import BadInputError
from tapetum.service.commands.alerts import import_
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


def test_a_directory_takes_rules_or_says_what_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Within this process: a start of the command takes seconds."""
    file, data = tmp_path / "a.yaml", tmp_path / "data"
    wrong = SSH.replace("dest_port", "prt").replace("{name: ssh}", "{name: b}")
    file.write_text(f"{SSH}---\n{wrong}")
    with pytest.raises(BadInputError, match="1 object is wrong, so nothing was imported; correct what is"):
        import_([file], data=data)
    told = capsys.readouterr().err
    assert told.startswith(f"{file}, line 6: GlobalAlert b: spec.query: ")
    assert len(told.splitlines()) == 1
    file.write_text(SSH)
    import_([file], check=True, data=data)
    assert capsys.readouterr().err == "1 alert rule can be imported.\n"
    assert not data.exists()
    import_([file], data=data, json=True)
    import_([file], data=data)
    found = capsys.readouterr()
    assert found.out == '{"added":1,"changed":0,"unchanged":0}\n'
    assert found.err == "Alert rules: 0 added, 0 changed, 1 unchanged.\n"
    with pytest.raises(BadInputError, match="name two places"):
        import_([file], data=data, url="http://127.0.0.1:1")


def test_a_running_up_takes_rules_by_its_directory_and_its_address(embedded: Served) -> None:
    assert counts(imported("-", "--json", "--data", embedded.data, stdin=SSH)) == (1, 0, 0)
    changed = SSH.replace("100", "40")
    assert counts(imported("-", "--json", "--url", embedded.url, stdin=changed)) == (0, 1, 0)
    found = [each for each in embedded.ask(LIST)["alertRules"] if each["title"] == "ssh"]
    assert found == [{"title": "ssh", "severity": 40, "builtin": False}]
