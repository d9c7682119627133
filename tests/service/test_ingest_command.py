"""`tapetum ingest` interrupted, cut off and run again: nothing is lost, nothing is there twice."""

import gzip
import json
import signal
import subprocess
import time
from pathlib import Path
from random import Random

import pytest

from tests.faults.deliveries import assert_stored, deliveries
from tests.support import raw_flows
from tests.support.served import COMMAND, Served, clean_environment, run

pytestmark = pytest.mark.server

SMALL = {"TAPETUM_BATCH_BYTES": "65536"}
"""So that a file is many batches."""


@pytest.mark.fault
def test_an_import_that_is_ended_anywhere_is_completed_by_running_it_again(
    tmp_path: Path, fault_seed: int
) -> None:
    """Ended at a random moment, by a signal that it may heed or not; each batch is whole or absent."""
    chance = Random(fault_seed)
    data, file = tmp_path / "data", tmp_path / "flows.ndjson"
    (batch,) = deliveries(chance, int(time.time()) // 3600 * 3600 - 10_800, count=1, most=9000)
    file.write_bytes(batch.body)
    arguments = [COMMAND, "ingest", file, "--data", data, "--json"]
    first = subprocess.Popen(
        arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=clean_environment(**SMALL)
    )
    try:
        first.wait(chance.uniform(0.5, 5.0))
    except subprocess.TimeoutExpired:
        first.send_signal(chance.choice((signal.SIGKILL, signal.SIGINT, signal.SIGTERM)))
    _, told = first.communicate(timeout=60)
    assert b"Traceback" not in told
    done = run("ingest", file, "--data", data, "--json", **SMALL)
    assert done.returncode == 0, done.stderr
    counts = json.loads(done.stdout)
    assert counts["lines"] == len(batch.lines)
    with Served(data) as served:
        assert_stored(served, "default", [batch])


def test_an_archive_that_is_cut_off_says_so_and_keeps_what_it_held(served: Served, tmp_path: Path) -> None:
    start = int(time.time()) - 3600
    lines = [raw_flows.line(start + at % 3000, host=str(at), bytes_in=at) for at in range(4000)]
    packed = gzip.compress(b"\n".join(lines))
    whole, cut = tmp_path / "whole.gz", tmp_path / "cut.gz"
    whole.write_bytes(packed)
    cut.write_bytes(packed[: len(packed) * 3 // 4])
    arguments = ("--cluster", "cut", "--data", served.data, "--json")
    done = run("ingest", cut, *arguments, **SMALL)
    assert done.returncode == 2
    assert done.stdout == b""
    (sentence,) = done.stderr.decode().splitlines()
    assert f"{cut}: The gzip data is cut off" in sentence
    assert "reading it again" in sentence
    kept, _ = served.counts("cut")
    assert 0 < kept < len(lines)
    again = run("ingest", whole, *arguments, **SMALL)
    counts = json.loads(again.stdout)
    assert counts["accepted"] + counts["duplicates"] == len(lines)
    assert counts["rejected"] == 0
    assert served.counts("cut") == (len(lines), 0)


def test_a_directory_is_read_whatever_its_files_are_packed_in(served: Served, tmp_path: Path) -> None:
    start = int(time.time()) - 3600
    folder = tmp_path / "logs" / "deep"
    folder.mkdir(parents=True)
    for name in ("a.log", "b.ndjson.gz", "c.jsonl", "notes.md"):
        lines = b"\n".join(raw_flows.line(start + place, host=f"{name}{place}") for place in range(50))
        (folder / name).write_bytes(gzip.compress(lines) if name.endswith(".gz") else lines)
    done = run("ingest", tmp_path / "logs", "--cluster", "folder", "--data", served.data)
    assert done.returncode == 0, done.stderr
    told = done.stderr.decode()
    hosts = {flow["host"] for flow in served.pages("flows", "host", "folder")}
    assert hosts == {f"{name}{place}" for name in ("a.log", "b.ndjson.gz", "c.jsonl") for place in range(50)}
    assert told == "150 lines: 150 accepted, 0 duplicates, 0 rejected.\n"
