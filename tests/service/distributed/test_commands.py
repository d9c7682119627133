"""Commands on running engines, beside replicas and workers: what they do shows at every replica."""

import json
import time
from pathlib import Path

import pytest

from tapetum.service.settings import Settings
from tests.support import raw_flows
from tests.support.fleet import Fleet
from tests.support.refusals import answered

pytestmark = [pytest.mark.engine, pytest.mark.server]


@pytest.fixture(autouse=True)
def on_the_engines(fleet: Fleet, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CONFIG", "TOKEN", *Settings.model_fields):
        monkeypatch.delenv(f"TAPETUM_{name.upper()}", raising=False)
    for name, value in fleet.engines.settings().items():
        monkeypatch.setenv(name, value)


def test_tokens(fleet: Fleet, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    out, err = answered(capfd, monkeypatch, "token", "create", "commands", "--cluster", "commands")
    secret = out.strip()
    token_id = err.split()[1]
    for replica in fleet.apis:
        assert replica.ask("{ clusters { name } }", token=secret) == {"clusters": []}
        assert replica.post("{ clusters { name } }", token=f"{secret}x").status_code == 401
    listed, _ = answered(capfd, monkeypatch, "token", "list")
    (line,) = [line for line in listed.splitlines() if token_id in line]
    assert "commands  until" in line
    assert line.endswith("reads only; commands; all namespaces")
    assert secret not in listed
    assert answered(capfd, monkeypatch, "token", "revoke", token_id)[1] == f"Token {token_id} is revoked.\n"
    for replica in fleet.apis:
        assert replica.post("{ clusters { name } }", token=secret).status_code == 401
    _, again = answered(capfd, monkeypatch, "token", "revoke", token_id, code=2)
    assert again == f"tapetum: There is no token {token_id!r}; `tapetum token list` shows them.\n"


def test_files_are_read_and_the_stores_agree(
    fleet: Fleet, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    cluster, start = "commands", int(time.time()) - 20 * 86_400
    lines = [raw_flows.line(start + number, host=str(number)) for number in range(300)]
    file = tmp_path / "flows.json"
    file.write_bytes(b"\n".join([*lines, *lines[:10], b"{"]))
    counts: list[dict[str, int]] = []
    for _ in range(2):
        out, _ = answered(capfd, monkeypatch, "ingest", str(file), "--cluster", cluster, "--json")
        counts.append(json.loads(out))
    assert counts == [
        {"lines": 311, "accepted": 300, "duplicates": 10, "rejected": 1},
        {"lines": 311, "accepted": 0, "duplicates": 311, "rejected": 0},
    ]
    for replica in fleet.apis:
        assert replica.counts(cluster) == (300, 1), "what an import brought shows when it ends"
    assert answered(capfd, monkeypatch, "migrate")[1] == "Each engine is at this version's tables.\n"
    fleet.drained()
    assert answered(capfd, monkeypatch, "verify")[1] == "The stores agree.\n"


def test_a_directory_on_the_command_line_wins(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _, err = answered(capfd, monkeypatch, "verify", "--data", str(tmp_path / "nix"), code=2)
    assert "There is no data in" in err
