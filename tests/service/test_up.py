"""`tapetum up` beside other commands on its directory: nobody sees a lock, nobody is in the way."""

import json
import signal
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.support import raw_flows
from tests.support.served import COMMAND, Refused, Served, clean_environment, run

pytestmark = pytest.mark.server


def lines(mark: str, count: int = 200) -> list[bytes]:
    start = int(time.time()) - 3600
    return [raw_flows.line(start + number, host=f"{mark}-{number}") for number in range(count)]


def written(folder: Path, mark: str) -> Path:
    file = folder / f"{mark}.ndjson"
    file.write_bytes(b"\n".join(lines(mark)))
    return file


def said(done: subprocess.CompletedProcess[bytes]) -> str:
    return done.stderr.decode()


def test_a_second_one_names_the_first(served: Served) -> None:
    with pytest.raises(Refused) as refused:
        Served(served.data).start()
    assert refused.value.code == 2
    assert f"already serves {served.data} at {served.url} (process {served.pid})" in refused.value.said
    assert len(refused.value.said.splitlines()) == 1
    assert served.http.get("/readyz").status_code == 200


def test_a_port_that_is_taken_is_named(served: Served, tmp_path: Path) -> None:
    port = served.url.rpartition(":")[2]
    done = run("up", "--data", tmp_path / "data", "--port", port)
    assert done.returncode == 2
    assert f"127.0.0.1:{port} cannot be listened on" in said(done)
    assert "Traceback" not in said(done)


def test_others_can_be_served_only_with_a_token(tmp_path: Path) -> None:
    done = run("up", "--data", tmp_path / "data", "--host", "0.0.0.0", "--port", "0")
    assert done.returncode == 2
    assert "needs at least one token" in said(done)
    assert "tapetum token create NAME" in said(done)


def test_commands_go_through_it(served: Served, tmp_path: Path) -> None:
    file = written(tmp_path, "through")
    done = run("ingest", file, "--cluster", "through", "--data", served.data, "--json")
    assert json.loads(done.stdout) == {"lines": 200, "accepted": 200, "duplicates": 0, "rejected": 0}
    assert served.counts("through") == (200, 0)
    verified = run("verify", "--data", served.data)
    assert (verified.returncode, said(verified)) == (0, "The stores agree.\n")
    assert run("migrate", "--data", served.data).returncode == 0
    made = run("token", "create", "through", "--cluster", "through", "--data", served.data)
    secret = made.stdout.decode().strip()
    assert served.ask("{ clusters { name } }", token=secret) == {"clusters": [{"name": "through"}]}
    listed = run("token", "list", "--data", served.data).stdout.decode()
    assert secret not in listed
    token_id = next(line.split()[0] for line in listed.splitlines() if "  through  " in line)
    assert run("token", "revoke", token_id, "--data", served.data).returncode == 0
    assert served.post("{ clusters { name } }", token=secret).status_code == 401
    gone = run("token", "revoke", token_id, "--data", served.data)
    assert gone.returncode == 2
    assert "There is no token" in said(gone)


def test_a_command_sends_to_an_address(served: Served, tmp_path: Path) -> None:
    file = written(tmp_path, "sent")
    for _ in range(2):
        done = run("ingest", file, "--cluster", "sent", "--url", served.url, "--json")
        assert done.returncode == 0, said(done)
    assert json.loads(done.stdout) == {"lines": 200, "accepted": 0, "duplicates": 200, "rejected": 0}
    denied = run("ingest", file, "--cluster", "sent", "--url", served.url, TAPETUM_TOKEN="tpt_wrong")
    assert denied.returncode == 2
    assert "The token is not valid" in said(denied)


def test_two_commands_at_once_take_turns(tmp_path: Path) -> None:
    """No `up` here: each holds the file itself, one after the other."""
    data = tmp_path / "data"
    files = [written(tmp_path, mark) for mark in ("a", "b", "c")]

    def ingest(file: Path) -> subprocess.CompletedProcess[bytes]:
        return run("ingest", file, "--data", data, "--json")

    with ThreadPoolExecutor(4) as pool:
        waiting = [pool.submit(ingest, file) for file in files]
        token = pool.submit(run, "token", "create", "turn", "--data", data)
        done = [each.result() for each in waiting]
    for each in (*done, token.result()):
        assert each.returncode == 0, said(each)
        assert "lock" not in said(each).lower()
    with Served(data) as served:
        assert served.counts("default") == (600, 0)


def test_commands_while_it_starts_and_after_it_was_killed(tmp_path: Path) -> None:
    data = tmp_path / "data"
    served = Served(data)
    with ThreadPoolExecutor(2) as pool:
        starting = pool.submit(served.start)
        file = written(tmp_path, "early")
        done = run("ingest", file, "--data", data, "--json")
        starting.result()
    assert done.returncode == 0, said(done)
    served.kill()
    assert (data / "owner.json").exists(), "a killed one leaves its note"
    again = run("ingest", file, "--data", data, "--json")
    assert json.loads(again.stdout)["duplicates"] == 200, said(again)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_when_told_to(tmp_path: Path, how: signal.Signals) -> None:
    data = tmp_path / "data"
    process = subprocess.Popen(
        [COMMAND, "up", "--data", data, "--port", "0"], stderr=subprocess.PIPE, env=clean_environment()
    )
    assert process.stderr is not None
    until = time.monotonic() + 60
    while not (data / "owner.json").exists():
        assert time.monotonic() < until
        time.sleep(0.05)
    time.sleep(0.5)
    process.send_signal(how)
    assert process.wait(20) == 0
    told = process.stderr.read().decode()
    process.stderr.close()
    assert "Traceback" not in told
    assert not (data / "owner.json").exists()
