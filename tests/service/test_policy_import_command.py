"""`tapetum policy import`: files, directories and standard input, into a directory, an `up` and a server."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.support.products import everywhere
from tests.support.served import COMMAND, Served, clean_environment

pytestmark = pytest.mark.server

TIER = "apiVersion: projectcalico.org/v3\nkind: Tier\nmetadata: {name: security}\nspec: {order: 100}\n"
POLICY = """apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec: {podSelector: {}}
"""
NODE = "apiVersion: v1\nkind: Node\nmetadata: {name: n1}\n"
LIST = """query($cluster: String!) { manifests(cluster: $cluster, first: 10) {
  nodes { kind namespace name version { origin } } } }"""

IMPORT = """mutation($cluster: String!, $manifests: [String!]!) {
  importManifests(cluster: $cluster, manifests: $manifests) {
    manifests { added } problems { code message path } } }"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    below = tmp_path / "manifests" / "deep"
    below.mkdir(parents=True)
    (below / "a.yaml").write_text(f"{TIER}---\n{NODE}")
    (below.parent / "b.json").write_text(
        json.dumps({"kind": "List", "apiVersion": "v1", "items": [{
            "apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
            "metadata": {"name": "db", "namespace": "data"}, "spec": {"podSelector": {}}}]})
    )  # fmt: skip
    (below.parent / "notes.txt").write_text("no manifest")
    return below.parent


def imported(*arguments: object, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [COMMAND, "policy", "import", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        text=True,
        timeout=300,
        env=clean_environment(),
        check=False,
    )


def counts(done: subprocess.CompletedProcess[str]) -> dict[str, int]:
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_directory_is_brought_in_and_replaced(tmp_path: Path, folder: Path) -> None:
    where = ("--cluster", "east", "--data", tmp_path / "data", "--json")
    told = {"added": 2, "changed": 0, "unchanged": 0, "removed": 0, "passedOver": 1}
    assert counts(imported(folder, *where)) == told
    again = {"added": 1, "changed": 0, "unchanged": 1, "removed": 1, "passedOver": 0}
    assert counts(imported("-", "--replace", *where, stdin=f"{TIER}---\n{POLICY}")) == again


def test_wrong_objects_are_told_with_their_places_and_nothing_is_brought_in(
    tmp_path: Path, folder: Path
) -> None:
    (folder / "c.yml").write_text(f"{TIER.replace('100', 'high')}---\nkind: Wolf\napiVersion: v1\n")
    where = ("--cluster", "east", "--data", tmp_path / "data")
    done = imported(folder, *where)
    assert done.returncode == 2
    first, second, last = done.stderr.splitlines()
    assert first.startswith(f"{folder}/c.yml, line 1: Tier security: spec.order: ")
    assert second.startswith(f"{folder}/c.yml, line 6: Wolf: kind: ")
    assert last == "tapetum: 2 objects are wrong, so nothing was imported; correct what is said above."
    done = imported(folder / "deep", *where, "--json")
    assert counts(done)["added"] == 1, "nothing of it was there"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nix"], "nix does not exist"),
        (["-x"], "There is no option -x"),
        (["."], "There is no manifest below ."),
        (["a.yaml", "--at", "now+1h"], "is in the future"),
        (["a.yaml", "--at", "soon"], "'soon' is not a time"),
        (["a.yaml", "--cluster", "a/b"], "is not a cluster's name"),
        (["a.yaml", "--data", "d", "--url", "http://127.0.0.1:1"], "name two places"),
        (["a.yaml", "--url", "http://127.0.0.1:1"], "does not answer"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], told: str
) -> None:
    monkeypatch.chdir(tmp_path)
    if arguments[0] != ".":
        Path("a.yaml").write_text(TIER)
    done = imported(*arguments)
    assert done.returncode == 2
    assert told in done.stderr
    assert len(done.stderr.splitlines()) == 1


@everywhere
def test_a_server_takes_manifests(served: Served, folder: Path) -> None:
    where = ("--cluster", "by-url", "--url", served.url, "--json")
    assert counts(imported(folder, *where))["added"] == 2
    again = {"added": 1, "changed": 0, "unchanged": 1, "removed": 1, "passedOver": 0}
    assert counts(imported("-", "--replace", *where, stdin=f"{TIER}---\n{POLICY}")) == again
    assert listed(served, "by-url") == [
        ("NetworkPolicy", "shop", "web", "IMPORT"),
        ("Tier", None, "security", "IMPORT"),
    ]
    refused = imported("-", "--at", "1971-01-01", *where[:4], stdin="a: 1\na: 2\n")
    assert refused.returncode == 2
    assert 'the key "a" is there twice' in refused.stderr


@everywhere
def test_hostile_manifests_leave_a_server_as_it_was(served: Served) -> None:
    bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "\n".join(
        f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]"
        for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    )
    texts = [TIER, bomb, "x" * (11 << 20), "kind: Wolf\napiVersion: v1\n", "[" * 100_000, "a: 1\na: 2"]
    found = served.ask(IMPORT, {"cluster": "hostile", "manifests": texts})["importManifests"]
    assert found["manifests"] is None
    assert [each["path"].split(".")[0] for each in found["problems"]] == [
        f"manifests[{place}]" for place in range(1, 6)
    ]
    assert listed(served, "hostile") == []


def test_a_running_up_takes_manifests_for_its_directory(embedded: Served, folder: Path) -> None:
    where = ("--cluster", "by-data", "--data", embedded.data, "--json")
    assert counts(imported(folder, *where))["added"] == 2
    assert [each[0] for each in listed(embedded, "by-data")] == ["NetworkPolicy", "Tier"]


def listed(served: Served, cluster: str) -> list[tuple[Any, ...]]:
    found = served.ask(LIST, {"cluster": cluster})["manifests"]["nodes"]
    return [(each["kind"], each["namespace"], each["name"], each["version"]["origin"]) for each in found]
