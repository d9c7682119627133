"""`tapetum demo` feeds a running server as any source would, with its token, and goes on where it stopped."""

import json
import time
from pathlib import Path

import pytest

from tests.support.feeding import feeding
from tests.support.served import Served, run

pytestmark = pytest.mark.server


def test_it_feeds_a_server_and_goes_on_where_it_stopped(tmp_path: Path) -> None:
    with Served(tmp_path / "data", TAPETUM_REQUIRE_TOKEN="true") as served:
        made = served.command("token", "create", "feeder", "--ingest")
        secret = made.stdout.decode().strip()
        refused = run("demo", "--url", served.url, "--data", tmp_path / "x", TAPETUM_TOKEN="tpt_wrong")
        assert refused.returncode == 2
        assert "The token is not valid" in refused.stderr.decode()
        told = [json.loads(fed(served, tmp_path / "demo", secret)) for _ in range(2)]
    assert told[1]["until"] > told[0]["until"]
    assert told[1]["epoch"] == told[0]["epoch"]
    assert served.command("verify").stderr.decode().endswith("The stores agree.\n")


def fed(served: Served, folder: Path, secret: str) -> bytes:
    """The plan after some seconds of it."""
    with feeding(served.url, folder, TAPETUM_TOKEN=secret):
        time.sleep(6)
    return (folder / "demo.json").read_bytes()


def test_a_server_that_is_not_there_is_named(tmp_path: Path) -> None:
    done = run("demo", "--url", "http://127.0.0.1:1", "--data", tmp_path)
    assert done.returncode == 2
    assert "http://127.0.0.1:1 does not answer" in done.stderr.decode()
    assert len(done.stderr.splitlines()) == 1
