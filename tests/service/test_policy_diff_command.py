"""`tapetum policy diff` as a pipeline runs it: over files and over a server, which say the same."""

import json
import time
from pathlib import Path
from typing import Any

import pytest

from tests.service.test_policy_command import MANIFESTS, flow
from tests.support.products import everywhere
from tests.support.served import Served, run

pytestmark = pytest.mark.server

OBJECTS, POLICY = MANIFESTS.rsplit("---\n", 1)
CLOSED = POLICY.replace("destination: {ports: [5432]}", "destination: {ports: [5433]}")
VAGUE = POLICY.replace("source: {selector: app == 'web'}", "http: {methods: [GET]}")
AT = int(time.time()) - 900


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "objects.yaml").write_text(OBJECTS)
    for name, text in (("before", POLICY), ("closed", CLOSED), ("vague", VAGUE)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "policy.yaml").write_text(text)
    flows = [flow(5432, at=AT), flow(80, at=AT + 60, action="deny"), flow(5432, at=AT + 300)]
    (tmp_path / "flows.ndjson").write_text("".join(json.dumps(each) + "\n" for each in flows) + "{\n")
    return tmp_path


def diffed(folder: Path, after: str, *more: str) -> Any:
    given = ("--with", folder / "objects.yaml", "--flows", folder / "flows.ndjson")
    return run("policy", "diff", folder / "before", folder / after, *given, *more)


def test_flips_are_told_and_fail_the_pipeline(folder: Path) -> None:
    done = diffed(folder, "closed")
    assert done.returncode == 1
    said = done.stderr.decode()
    assert (
        "Newly denied: shop/web to shop/db tcp 5432, 8 connections; "
        "allow by shop/db, rule 0 (ingress), then deny by shop/db, end of its tier (ingress)" in said
    )
    assert "Newly denied: 1 paths, 8 connections." in said
    assert "1 lines of the logs could not be read." in said
    answer = json.loads(diffed(folder, "closed", "--json").stdout)
    assert answer["changed"] == ["CalicoNetworkPolicy shop/db changed"]
    assert answer["totals"]["NEWLY_DENIED"] == {"paths": 1, "connections": 8, "records": 2}
    flip = answer["flips"][0]
    assert (flip["effect"], flip["port"], flip["connections"]) == ("NEWLY_DENIED", 5432, 8)


def test_markdown_for_a_pull_request(folder: Path) -> None:
    text = diffed(folder, "closed", "--markdown").stdout.decode()
    assert "| Newly denied | 1 | 8 |" in text
    assert "| Newly denied | shop/web | shop/db tcp 5432 | 8 |" in text
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert {row.count("|") - row.count("\\|") for row in rows} == {4, 8}


def test_what_changes_nothing_passes(folder: Path) -> None:
    done = diffed(folder, "before")
    assert done.returncode == 0
    assert b"The manifests say the same before and after." in done.stderr


def test_what_the_logs_do_not_tell_has_an_exit_of_its_own(folder: Path) -> None:
    done = diffed(folder, "vague")
    assert done.returncode == 3
    assert b"  ? CalicoNetworkPolicy db, rule 0: the HTTP request not known" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), b"Give either --flows or --url"),
        (("--flows", "x", "--url", "http://127.0.0.1:1"), b"Give either --flows or --url"),
        (("--url", "http://127.0.0.1:1"), b"does not answer"),
        (("--url", "nonsense"), b"does not answer"),
        (("--flows", "none.ndjson"), b"none.ndjson"),
        (("--flows", "none.ndjson", "--most", "0"), b"--most is 0"),
    ],
)
def test_refusals_are_one_sentence(folder: Path, arguments: tuple[str, ...], said: bytes) -> None:
    done = run("policy", "diff", folder / "before", folder / "closed", *arguments)
    assert (done.returncode, done.stdout) == (2, b"")
    assert said in done.stderr
    assert done.stderr.count(b"\n") == 1


@everywhere
def test_a_server_says_the_same(served: Served, folder: Path) -> None:
    cluster = "diffed"
    for path in ("objects.yaml", "before"):
        where = ("--cluster", cluster, "--url", served.url, "--at", "now-1h")
        assert run("policy", "import", folder / path, *where).returncode == 0
    lines = (folder / "flows.ndjson").read_bytes()
    served.ingest(lines, cluster)
    asked = ("--url", served.url, "--cluster", cluster, "--from", "now-1h", "--json")

    def told(after: str) -> tuple[int, dict[str, Any]]:
        done = run("policy", "diff", folder / "before", folder / after, *asked)
        assert done.stdout, done.stderr
        return done.returncode, json.loads(done.stdout)

    until = time.monotonic() + 60
    while sum(each["records"] for each in told("closed")[1]["totals"].values()) < 3:
        assert time.monotonic() < until
        time.sleep(0.5)
    for after in ("closed", "vague", "before"):
        here = diffed(folder, after, "--json")
        code, there = told(after)
        assert code == here.returncode
        wanted = json.loads(here.stdout)
        for flip in (*there["flips"], *wanted["flips"]):
            del flip["last_seen"]  # files tell when a record ended, stores when it began
        assert there | {"notes": []} == wanted | {"notes": []}


@everywhere
def test_a_servers_own_sentence_is_passed_on(served: Served, folder: Path) -> None:
    asked = ("--url", served.url, "--cluster", "nowhere")
    done = run("policy", "diff", folder / "before", folder / "closed", *asked)
    assert done.returncode == 2
    assert b"Neither records nor manifests of 'nowhere' are here" in done.stderr
