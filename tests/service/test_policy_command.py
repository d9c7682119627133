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


def flow(port: int, *, at: int, action: str = "allow", started: int = 4) -> dict[str, object]:
    ends = {
        f"{side}_{key}": value
        for side, name in (("source", "web"), ("dest", "db"))
        for key, value in (("type", "wep"), ("namespace", "shop"), ("name_aggr", name), ("name", "-"))
    }
    return {
        "start_time": at, "end_time": at + 300, "action": action, "reporter": "src", "proto": "tcp", **ends,
        "dest_port": port, "num_flows": started, "num_flows_started": started, "num_flows_completed": started,
        "bytes_in": 1, "bytes_out": 1, "packets_in": 1, "packets_out": 1,
        "policies": {"all_policies": ["0|__PROFILE__|__PROFILE__.kns.shop|allow|0"]},
    }  # fmt: skip


def test_recommend_learns_tests_and_leaves_out(tmp_path: Path) -> None:
    (tmp_path / "all.yaml").write_text(MANIFESTS.split("---\napiVersion: projectcalico", maxsplit=1)[0])
    start = 1_795_000_000
    lines = [flow(5432, at=start), flow(22, at=start), flow(5432, at=start + 9000), flow(80, at=start + 9000)]
    (tmp_path / "flows.ndjson").write_text("".join(json.dumps(each) + "\n" for each in lines) + "{\n")
    asked = ("policy", "recommend", tmp_path / "all.yaml", "--flows", tmp_path / "flows.ndjson")
    until = ("--learn-until", "2026-11-18T13:00:00Z", "--unwanted", "dest_port: 22")
    done = run(*asked, *until)
    assert done.returncode == 0, done.stderr
    said = done.stderr.decode()
    assert "2 policies from 4 connections." in said
    assert "1 lines of the logs could not be read." in said
    assert "Not learnt (marked as unwanted): shop/web to shop/db, tcp 22, 4 connections." in said
    assert "Tested on 8 later connections: 4 would be denied (50.000%), 0 are uncertain." in said
    assert "Would be denied: shop/web to shop/db, tcp 80, 4 connections, by 0|default|np:shop/" in said
    assert b"# 4 connections, 100.00% of those learnt, on 1 day" in done.stdout
    (tmp_path / "new.yaml").write_bytes(done.stdout)
    assert run("policy", "check", tmp_path / "new.yaml").returncode == 0
    again = run(*asked, *until)
    assert again.stdout == done.stdout
    answer = json.loads(run(*asked, *until, "--style", "kubernetes", "--json").stdout)
    assert answer["heldOut"]["legitimate"] == {"total": 8, "denied": 4, "uncertain": 0, "shareDenied": 0.5}
    (web,) = [each for each in answer["policies"] if each["workload"] == "shop/web"]
    assert web["egress"][0]["evidence"]["connections"] == 4


def test_recommend_takes_names_from_dns_logs_among_the_files(tmp_path: Path) -> None:
    """Of what the client itself had asked for; another address stays one."""
    (tmp_path / "all.yaml").write_text(MANIFESTS)
    outside = {"dest_type": "net", "dest_namespace": "-", "dest_name": "-", "dest_name_aggr": "pub"}
    (tmp_path / "logs").mkdir()
    flows = [
        {**flow(port, at=1_795_000_000), **outside, "dest_ip": address}
        for port, address in ((443, "203.0.113.7"), (8443, "203.0.113.9"))
    ]
    write(tmp_path / "logs" / "flows.log", flows)
    asked = ("policy", "recommend", tmp_path / "all.yaml", "--flows", tmp_path / "logs", "--json")
    assert peers(json.loads(run(*asked).stdout)) == {"203.0.113.7/32", "203.0.113.9/32"}
    answers = [("web", "203.0.113.7", "cdn.example.net"), ("db", "203.0.113.9", "other.example.net")]
    write(tmp_path / "logs" / "dns.log", [looked_up(*each) for each in answers])
    assert peers(json.loads(run(*asked).stdout)) == {"cdn.example.net", "203.0.113.9/32"}


def looked_up(client: str, address: str, name: str) -> dict[str, object]:
    return {
        "start_time": 1_794_999_000, "end_time": 1_794_999_300, "type": "LOG", "count": 1,
        "client_namespace": "shop", "client_name_aggr": client, "client_name": "-", "client_ip": "10.1.0.1",
        "qname": name, "qtype": "A", "qclass": "IN", "rcode": "NoError",
        "rrsets": [{"name": name, "type": "A", "class": "IN", "rdata": [address]}],
        "servers": [], "latency_count": 1, "latency_mean": 1, "latency_max": 1,
    }  # fmt: skip


def peers(answer: dict[str, list[dict[str, list[dict[str, str]]]]]) -> set[str]:
    return {rule["peer"] for policy in answer["policies"] for rule in policy["egress"]}


def write(file: Path, records: list[dict[str, object]]) -> None:
    file.write_text("".join(json.dumps(each) + "\n" for each in records))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--learn-until", "2020-01-01"), b"The files hold no flow before --learn-until to learn from"),
        (("--unwanted", "process_name: x"), b"--unwanted cannot ask for process_name"),
        (("--selector", "app =="), b"--selector: The selector ends at column 7"),
    ],
)
def test_recommend_refuses_in_one_sentence(tmp_path: Path, arguments: tuple[str, ...], said: bytes) -> None:
    (tmp_path / "all.yaml").write_text(MANIFESTS)
    (tmp_path / "flows.ndjson").write_text(json.dumps(flow(1, at=1_795_000_000)) + "\n")
    asked = ("policy", "recommend", tmp_path / "all.yaml", "--flows", tmp_path / "flows.ndjson")
    done = run(*asked, *arguments)
    assert (done.returncode, done.stdout) == (2, b"")
    assert said in done.stderr
    assert done.stderr.count(b"\n") == 1
