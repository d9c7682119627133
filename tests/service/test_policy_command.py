"""`tapetum policy` as a person runs it: sentences, answers and exit codes."""

import json
from pathlib import Path

import pytest

from tests.support.served import run

pytestmark = pytest.mark.server

MANIFESTS = """
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
status: {podIP: 10.1.0.1}
---
apiVersion: v1
kind: Pod
metadata: {name: db, namespace: shop, labels: {app: db}}
status: {podIP: 10.1.0.2}
---
apiVersion: projectcalico.org/v3
kind: NetworkPolicy
metadata: {name: db, namespace: shop}
spec:
  selector: app == 'db'
  ingress:
  - {action: Allow, protocol: TCP, source: {selector: app == 'web'}, destination: {ports: [5432]}}
  - {action: Allow, protocol: TCP, http: {methods: [GET]}, destination: {ports: [80]}}
"""


def test_check_says_what_is_wrong_and_exits_one(tmp_path: Path) -> None:
    (tmp_path / "good.yaml").write_text(MANIFESTS)
    done = run("policy", "check", tmp_path)
    assert (done.returncode, done.stdout) == (0, b"")
    assert b"4 objects read, 0 passed over, 0 wrong." in done.stderr
    (tmp_path / "bad.yaml").write_text(MANIFESTS.replace("selector: app == 'db'", "selektor: x"))
    done = run("policy", "check", tmp_path / "bad.yaml", "--json")
    assert done.returncode == 1
    answer = json.loads(done.stdout)
    assert answer["objects"] == {"Namespace": 1, "Pod": 2}
    (problem,) = answer["problems"]
    place, _, said = problem.partition(", ")
    assert place.endswith("bad.yaml")
    assert said == (
        "line 16: NetworkPolicy shop/db: spec.selektor: there is no such field; did you mean selector?"
    )


def test_eval_prints_the_trace_and_exits_by_the_verdict(tmp_path: Path) -> None:
    file = tmp_path / "all.yaml"
    file.write_text(MANIFESTS)
    ends = ("--from", "shop/web", "--to", "shop/db")
    allowed = run("policy", "eval", file, *ends, "--port", "5432")
    assert allowed.returncode == 0
    assert allowed.stdout.decode() == (
        "allow (allow with staged policies in force)\n"
        "egress: allow\n  0|__PROFILE__|pro:kns.shop|allow|0\n"
        "ingress: allow\n  0|default|np:shop/db|allow|0\n"
    )
    denied = run("policy", "eval", file, "--from", "192.0.2.1", "--to", "shop/db", "--port", "1", "--json")
    assert denied.returncode == 1
    answer = json.loads(denied.stdout)
    assert answer["egress"] is None
    assert answer["ingress"]["enforced"]["policies"] == ["0|default|np:shop/db|deny|-1"]
    unclear = run("policy", "eval", file, *ends, "--port", "80")
    assert unclear.returncode == 3
    assert b"? CalicoNetworkPolicy db, rule 1: the HTTP request not known" in unclear.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--from", "shop/none", "--to", "shop/db"), b"No pod is called 'shop/none'"),
        (("--from", "somewhere", "--to", "shop/db"), b"write NAMESPACE/POD"),
        (("--from", "shop/web", "--to", "shop/db", "--protocol", "tpc"), b"is not a protocol"),
    ],
)
def test_eval_refuses_in_one_sentence(tmp_path: Path, arguments: tuple[str, ...], said: bytes) -> None:
    file = tmp_path / "all.yaml"
    file.write_text(MANIFESTS)
    done = run("policy", "eval", file, *arguments)
    assert (done.returncode, done.stdout) == (2, b"")
    assert said in done.stderr
    assert done.stderr.count(b"\n") == 1
