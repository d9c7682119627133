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


def test_a_directory_of_mixed_kinds_goes_in_whole(tmp_path: Path) -> None:
    """What the simulator writes, with lines of proxies and of BIRD beside it; each file is told by itself."""
    folder, data = tmp_path / "logs", tmp_path / "data"
    assert run("simulate", "--out", folder, "--minutes", "5", "--attack").returncode == 0
    (folder / "bird.log").write_bytes(b"2026-11-23 14:00:00 <TRACE> Mesh_10_0_0_2: State changed to up\n")
    (folder / "envoy.log").write_bytes(
        b'[2026-11-23T14:00:00.000Z] "GET / HTTP/1.1" 200 - 1 2 3 2 "-" "curl" "id" "web" "10.0.0.1:80"\n' * 2
    )
    count = sum(len(path.read_bytes().splitlines()) for path in folder.iterdir() if path.suffix != ".yaml")
    assert {path.stem for path in folder.glob("*.ndjson")} >= {"dns", "l7", "audit", "bgp", "events"}
    done = run("ingest", folder, "--data", data, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "lines": count,
        "accepted": count - 1,
        "duplicates": 1,
        "rejected": 0,
    }
    assert run("verify", "--data", data).stderr.decode().endswith("The stores agree.\n")


def test_the_kind_that_is_asked_for_is_the_kind_that_is_read(tmp_path: Path) -> None:
    """Also by a server; a file of another kind is refused before anything is written."""
    dns, odd = tmp_path / "dns.ndjson", tmp_path / "odd.log"
    now = int(time.time())
    dns.write_text(json.dumps({"start_time": now, "type": "LOG", "count": 1, "qname": "a.example"}) + "\n")
    odd.write_text('{"message":"hello"}\n')
    data = tmp_path / "data"

    def sentence(*arguments: object) -> str:
        done = run("ingest", *arguments, "--data", data)
        assert done.returncode == 2
        (told,) = done.stderr.decode().splitlines()
        return told

    assert f"{dns} holds dns logs, not flows; leave --kind away" in sentence(dns, "--kind", "flows")
    assert "--format hubble is one of flow logs, not of dns" in sentence(
        dns, "--kind", "dns", "--format", "hubble"
    )
    told = sentence(odd)
    assert "cannot be told from its first lines; give --kind dns, l7, audit, bgp, events, or --format" in told
    assert json.loads(run("ingest", odd, "--kind", "l7", "--data", data, "--json").stdout)["rejected"] == 1
    with Served(data) as served:
        sent = run("ingest", dns, "--kind", "dns", "--url", served.url, "--json")
        assert json.loads(sent.stdout) == {"lines": 1, "accepted": 1, "duplicates": 0, "rejected": 0}
        again = run("ingest", dns, "--data", data, "--json")
        assert json.loads(again.stdout)["duplicates"] == 1
