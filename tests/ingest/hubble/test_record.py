"""Hubble: verdicts, directions, replies and identities."""

import json
import re
from typing import Any

import pytest

from tapetum.ingest.forms import Form
from tests.ingest.deliver import delivered, only, reason

POD = {
    "namespace": "shop",
    "pod_name": "web-6b687c8dcb-zn5s2",
    "labels": ["k8s:app=web", "k8s:io.kubernetes.pod.namespace=shop"],
    "workloads": [{"name": "web", "kind": "Deployment"}],
}
WORLD = {"identity": 2, "labels": ["reserved:world"]}
FLOW: dict[str, Any] = {
    "time": "2026-04-24T14:00:00.123456789Z",
    "verdict": "FORWARDED",
    "IP": {"source": "10.0.0.5", "destination": "8.8.8.8", "ipVersion": "IPv4"},
    "l4": {"TCP": {"source_port": 40000, "destination_port": 443, "flags": {"SYN": True}}},
    "source": POD,
    "destination": WORLD,
    "destination_names": ["dns.google."],
    "node_name": "node-1",
    "traffic_direction": "EGRESS",
    "is_reply": False,
}


def read(wrapped: bool = True, **fields: Any) -> dict[str, Any]:
    flow = {name: value for name, value in (FLOW | fields).items() if value is not ...}
    return only(
        json.dumps({"flow": flow, "time": flow.get("time")} if wrapped else flow).encode(), Form.HUBBLE
    )


def test_a_flow_to_the_world() -> None:
    row = read()
    assert {name: row[name] for name in row if name in EXPECTED} == EXPECTED
    assert read(wrapped=False) | {"id": ""} == row | {"id": ""}


EXPECTED = {
    "start_time": 1_777_039_200_123_456,
    "end_time": 1_777_039_200_123_456,
    "action": "allow",
    "reporter": "src",
    "proto": "tcp",
    "host": "node-1",
    "source_type": "wep",
    "source_namespace": "shop",
    "source_name": "web-6b687c8dcb-zn5s2",
    "source_name_aggr": "web",
    "source_ip": "10.0.0.5",
    "source_port": 40000,
    "source_labels": ["app=web", "io.kubernetes.pod.namespace=shop"],
    "dest_type": "net",
    "dest_namespace": None,
    "dest_name": None,
    "dest_name_aggr": "pub",
    "dest_network": "pub",
    "dest_ip": "8.8.8.8",
    "dest_port": 443,
    "dest_domains": ["dns.google"],
    "dest_domain": "dns.google",
    "bytes_in": None,
    "num_flows_started": None,
    "known": 0,
    "sampling": None,
}


def test_a_reply_belongs_to_the_connection_that_it_answers() -> None:
    reply = read(
        is_reply=True,
        source=WORLD,
        destination=POD,
        IP={"source": "8.8.8.8", "destination": "10.0.0.5"},
        l4={"TCP": {"source_port": 443, "destination_port": 40000}},
        source_names=["dns.google."],
        destination_names=...,
    )
    assert {name: reply[name] for name in EXPECTED} == EXPECTED


@pytest.mark.parametrize(
    ("verdict", "action"),
    [
        ("FORWARDED", "allow"), ("REDIRECTED", "allow"), ("TRANSLATED", "allow"), ("TRACED", "allow"),
        ("AUDIT", "allow"), ("DROPPED", "deny"), ("ERROR", "deny"),
    ],
)  # fmt: skip
def test_verdicts(verdict: str, action: str) -> None:
    assert read(verdict=verdict)["action"] == action


@pytest.mark.parametrize(
    ("fields", "reporter"),
    [
        ({"traffic_direction": "INGRESS"}, "dst"),
        ({"traffic_direction": ...}, "src"),
        ({"traffic_direction": "TRAFFIC_DIRECTION_UNKNOWN"}, "src"),
        (
            {"traffic_direction": ..., "ingress_denied_by": [{"name": "x", "kind": "CiliumNetworkPolicy"}]},
            "dst",
        ),
        ({"traffic_direction": ..., "egress_allowed_by": [{"name": "x"}]}, "src"),
        ({"is_reply": None}, "src"),
    ],
)
def test_reporters(fields: dict[str, Any], reporter: str) -> None:
    assert read(**fields)["reporter"] == reporter


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ({"labels": ["reserved:host"]}, ("hep", None, "node-1")),
        ({"labels": ["reserved:remote-node"]}, ("hep", None, "remote-node")),
        ({"labels": ["reserved:kube-apiserver", "reserved:remote-node"]}, ("hep", None, "kube-apiserver")),
        ({"labels": ["reserved:health"]}, ("hep", None, "health")),
        ({"labels": ["reserved:world-ipv4", "cidr:8.8.8.8/32"]}, ("net", None, "pub")),
        ({"labels": ["reserved:unmanaged"]}, ("net", None, "pub")),
        ({}, ("net", None, "pub")),
        ({"namespace": "shop", "pod_name": "db-0"}, ("wep", "shop", "db-*")),
        ({"namespace": "shop", "pod_name": "web-6b687c8dcb-zn5s2"}, ("wep", "shop", "web-6b687c8dcb-*")),
        ({"namespace": "shop", "pod_name": "lonely"}, ("wep", "shop", "lonely")),
        ({"namespace": "shop", "labels": ["k8s:k8s-app=x", "k8s:app=web"]}, ("wep", "shop", "web")),
        ({"labels": ["k8s:io.kubernetes.pod.namespace=shop"]}, ("wep", "shop", None)),
        ({"namespace": "shop", "workloads": []}, ("wep", "shop", None)),
    ],
)
def test_identities(found: dict[str, Any], expected: tuple[str, str | None, str | None]) -> None:
    row = read(destination=found)
    assert (row["dest_type"], row["dest_namespace"], row["dest_name_aggr"]) == expected


def test_services_transport_and_missing_parts() -> None:
    row = read(
        destination_service={"name": "db", "namespace": "shop"},
        l4={"ICMPv4": {"type": 8}},
        IP=...,
        destination=...,
    )
    assert (row["dest_service_name"], row["dest_service_namespace"]) == ("db", "shop")
    assert (row["proto"], row["source_port"], row["dest_port"]) == ("icmp", None, None)
    assert (row["dest_type"], row["dest_name_aggr"], row["dest_ip"]) == (None, None, None)
    assert read(l4={"SCTP": {"destination_port": 36412}})["dest_port"] == 36412
    assert read(l4=...)["proto"] is None


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ({"lost_events": {"num_events_lost": "7"}, "node_name": "a"}, "not a flow but lost_events"),
        ({"node_status": {}}, "not a flow but node_status"),
        ({"agent_event": {}, "time": "2026-04-24T14:00:00Z"}, "not a flow but agent_event"),
        ({"hello": 1}, "not a flow: no verdict"),
        ({"flow": []}, "not a flow: no verdict"),
        ({"flow": FLOW | {"verdict": "VERDICT_UNKNOWN"}}, "verdict is missing; expected one of FORWARDED"),
        ({"flow": FLOW | {"verdict": 2}}, "verdict is 2; expected one of FORWARDED"),
        ({"flow": FLOW | {"time": None}}, "no time: time is missing"),
        ({"flow": FLOW | {"time": "soon"}}, 'time is "soon"; expected'),
        ({"flow": FLOW | {"l4": {"TCP": {"destination_port": 70000}}}}, "l4.destination_port is 70000"),
        ({"flow": FLOW | {"l4": {"TCP": {}, "UDP": {}}}}, "l4 is an object; expected one protocol"),
        ({"flow": FLOW | {"IP": {"source": "x"}}}, 'IP.source is "x"; expected an IP address'),
        ({"flow": FLOW | {"is_reply": "yes"}}, 'is_reply is "yes"; expected true or false'),
        ({"flow": FLOW | {"traffic_direction": "UP"}}, 'traffic_direction is "UP"; expected EGRESS or'),
        ({"flow": FLOW | {"source": "a"}}, 'source is "a"; expected an object'),
        (
            {"flow": FLOW | {"source": {"workloads": ["a"]}}},
            "source.workloads is a list; expected a list of work",
        ),
    ],
)
def test_reasons(record: dict[str, Any], said: str) -> None:
    assert reason(json.dumps(record).encode(), Form.HUBBLE).startswith(said)


def test_repeated_keys() -> None:
    text = json.dumps({"flow": FLOW}).encode()
    assert reason(text.replace(b'"verdict"', b'"verdict":"DROPPED","verdict"'), Form.HUBBLE) == (
        "verdict is given more than once"
    )
    assert reason(text.replace(b'"pod_name"', b'"pod_name":"x","pod_name"'), Form.HUBBLE) == (
        "source.pod_name is given more than once"
    )


def named(name: str, kind: str | None = "CiliumNetworkPolicy", **parts: Any) -> dict[str, Any]:
    found = {"name": name, "namespace": "shop", "kind": kind, "labels": ["k8s:x=y"], "revision": "3"} | parts
    return {part: value for part, value in found.items() if value is not None}


def trace(**fields: Any) -> dict[str, Any]:
    """The policy trace of the one record."""
    batch = delivered(json.dumps({"flow": FLOW | fields}).encode(), Form.HUBBLE)
    assert not batch.rejections
    (found,) = batch.traces.to_pylist()
    return found


def hits(row: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [
        (hit["set"], hit["kind"], hit["namespace"], hit["name"], hit["action"], hit["rule_index"])
        for hit in row["policy_hits"]
    ]


def test_policies_that_decided_are_named_without_a_tier_or_a_rule() -> None:
    wide = named("baseline", "CiliumClusterwideNetworkPolicy", namespace=None)
    row = trace(egress_allowed_by=[named("web"), wide], ingress_allowed_by=[named("not-ours")])
    assert row["enforced_policies"] == ["0||cnp:shop/web|allow|-2", "1||ccnp:baseline|allow|-2"]
    assert hits(row) == [
        ("enforced", "CiliumNetworkPolicy", "shop", "web", "allow", -2),
        ("enforced", "CiliumClusterwideNetworkPolicy", None, "baseline", "allow", -2),
    ]
    assert not any(hit["end_of_tier"] or hit["tier"] for hit in row["policy_hits"])


def test_the_destination_names_its_own() -> None:
    row = trace(
        verdict="DROPPED",
        traffic_direction="INGRESS",
        ingress_denied_by=[named("closed", "NetworkPolicy")],
        egress_allowed_by=[named("not-ours")],
    )
    assert hits(row) == [("enforced", "NetworkPolicy", "shop", "closed", "deny", -2)]


def test_what_was_only_audited_is_pending() -> None:
    row = trace(verdict="AUDIT", egress_denied_by=[named("closed")], egress_allowed_by=[named("web")])
    assert read(verdict="AUDIT")["action"] == "allow"
    assert sorted(hits(row)) == [
        ("enforced", "CiliumNetworkPolicy", "shop", "web", "allow", -2),
        ("pending", "CiliumNetworkPolicy", "shop", "closed", "deny", -2),
    ]


def test_older_versions_name_policies_in_labels() -> None:
    labels = [
        "k8s:io.cilium.k8s.policy.derived-from=CiliumNetworkPolicy",
        "k8s:io.cilium.k8s.policy.name=web",
        "k8s:io.cilium.k8s.policy.namespace=shop",
        "k8s:io.cilium.k8s.policy.uid=5",
    ]
    row = trace(egress_allowed_by=[{"labels": labels, "revision": 3}])
    assert row["enforced_policies"] == ["0||cnp:shop/web|allow|-2"]


def test_policies_without_a_name_or_of_another_kind_are_left_out() -> None:
    row = trace(egress_allowed_by=[{"labels": ["reserved:x"]}, named("x", "Other"), named("web")])
    assert row["enforced_policies"] == ["0||cnp:shop/web|allow|-2"]
    assert trace()["policy_hits"] == []


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("web", "egress_allowed_by"),
        (["web"], r"egress_allowed_by\[0\]"),
        ([named("a|b")], r"egress_allowed_by\[0\]"),
        ([named("a", namespace=7)], r"egress_allowed_by\[0\]\.namespace"),
        ([named("a", labels="x")], r"egress_allowed_by\[0\]\.labels"),
    ],
)
def test_policies_that_are_none(value: Any, told: str) -> None:
    line = json.dumps({"flow": FLOW | {"egress_allowed_by": value}}).encode()
    assert re.search(told, reason(line, Form.HUBBLE))
