"""Goldmane: one flow in the spellings of the emitter and of gRPC is one record with one id."""

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tapetum.ingest.forms import Form
from tests.ingest.calico_lines import NOW_SECONDS
from tests.ingest.deliver import delivered, only, reason, rows

START = NOW_SECONDS - 300
KINDS = {
    "CalicoNetworkPolicy": 1, "GlobalNetworkPolicy": 2, "StagedNetworkPolicy": 3,
    "StagedGlobalNetworkPolicy": 4, "StagedKubernetesNetworkPolicy": 5, "NetworkPolicy": 6, "Profile": 9,
    "ClusterNetworkPolicy": 11,
}  # fmt: skip
PREFIXES = {1: "np", 2: "gnp", 3: "snp", 4: "sgnp", 5: "sknp", 6: "knp", 9: "pro", 11: "kcnp"}
ACTIONS = {"Allow": 1, "Deny": 2, "Pass": 3}
TYPES = {
    "EndpointTypeUnspecified": 0, "WorkloadEndpoint": 1, "HostEndpoint": 2, "NetworkSet": 3, "Network": 4,
}  # fmt: skip
SPELLED = {
    "source_type": TYPES,
    "dest_type": TYPES,
    "action": ACTIONS,
    "kind": KINDS,
    "reporter": {"Src": 1, "Dst": 2},
}

name = st.sampled_from(["", "web-*", "shop", "pub", "-"])
hit = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(sorted(KINDS.values())),
        "namespace": st.sampled_from(["", "shop"]),
        "name": st.sampled_from(["web", "db"]),
        "tier": st.sampled_from(["", "default"]),
        "action": st.integers(1, 3),
        "policy_index": st.integers(0, 3),
        "rule_index": st.integers(-2, 3),
    }
)
flow = st.fixed_dictionaries(
    {
        "Key": st.fixed_dictionaries(
            {
                **dict.fromkeys(("source_name", "source_namespace", "dest_name", "dest_namespace"), name),
                **dict.fromkeys(("dest_service_name", "dest_service_namespace"), name),
                "source_type": st.integers(0, 4),
                "dest_type": st.integers(0, 4),
                "dest_port": st.sampled_from([0, 80, 65535]),
                "dest_service_port_name": st.sampled_from(["", "http"]),
                "dest_service_port": st.sampled_from([0, 443]),
                "proto": st.sampled_from(["TCP", "udp", "47"]),
                "reporter": st.integers(1, 2),
                "action": st.integers(1, 2),
                "policies": st.fixed_dictionaries(
                    {
                        "enforced_policies": st.lists(hit, max_size=2),
                        "pending_policies": st.lists(hit, max_size=2),
                    }
                ),
            }
        ),
        "start_time": st.integers(START - 9, START),
        "end_time": st.integers(START, START + 9),
        "source_labels": st.lists(st.sampled_from(["a = b", "c = d = e"]), max_size=2),
        "dest_labels": st.just([]),
        **dict.fromkeys(("packets_in", "packets_out", "bytes_in", "bytes_out"), st.integers(0, 99)),
        **dict.fromkeys(("num_connections_started", "num_connections_completed"), st.integers(0, 9)),
    }
)


def emitted(value: Any) -> Any:
    """Go's encoding/json: numbers as numbers, zero values left out."""
    if isinstance(value, dict):
        inner = {key: emitted(item) for key, item in value.items()}
        return {key: item for key, item in inner.items() if item not in (0, "", [], {})}
    return [emitted(item) for item in value] if isinstance(value, list) else value


def protojson(value: Any, field: str = "") -> Any:
    """gRPC's spelling: enums by name, 64 bits as text, everything written."""
    if isinstance(value, dict):
        return {key: protojson(item, key) for key, item in value.items()}
    if isinstance(value, list):
        return [protojson(item, field) for item in value]
    if field in SPELLED:
        return next(text for text, number in SPELLED[field].items() if number == value)
    return str(value) if isinstance(value, int) else value


def in_camel_case(value: Any) -> Any:
    """protojson's own names, as grpcurl prints them."""
    if isinstance(value, dict):
        return {re.sub("_([a-z])", lambda low: low[1].upper(), key): in_camel_case(item)
                for key, item in value.items()}  # fmt: skip
    return [in_camel_case(item) for item in value] if isinstance(value, list) else value


def line(found: dict[str, Any]) -> bytes:
    return json.dumps(emitted(found)).encode()


@settings(max_examples=60)
@given(flow)
def test_all_spellings_are_one_record(found: dict[str, Any]) -> None:
    wrapped = {"id": "7", "flow": protojson(found)}
    lines = [line(found), *(json.dumps(each).encode() for each in (wrapped, in_camel_case(wrapped)))]
    batch = delivered(b"\n".join(lines), Form.GOLDMANE)
    assert not batch.rejections
    one, other, third = rows(batch.records)
    assert one | {"line_no": 1} == other
    assert one | {"line_no": 2} == third
    key = found["Key"]
    gone = ("", "-")
    assert one["source_name_aggr"] == (None if key["source_name"] in gone else key["source_name"])
    assert one["dest_service_name"] == (
        None if key["dest_service_name"] in gone else key["dest_service_name"]
    )
    assert one["source_type"] == [None, "wep", "hep", "ns", "net"][key["source_type"]]
    assert (one["action"], one["reporter"]) == (
        ["allow", "deny"][key["action"] - 1],
        ["src", "dst"][key["reporter"] - 1],
    )
    assert one["proto"] == key["proto"].lower()
    assert one["dest_port"] == (key["dest_port"] or None)
    assert (one["start_time"], one["end_time"]) == (found["start_time"] * 10**6, found["end_time"] * 10**6)
    assert one["num_flows_started"] == found["num_connections_started"]
    assert [one[n] for n in ("bytes_in", "packets_out")] == [found["bytes_in"], found["packets_out"]]
    assert one["known"] == 0b11111
    assert one["source_labels"] == ([text.replace(" = ", "=", 1) for text in found["source_labels"]] or None)
    texts = [
        f"{h['policy_index']}|{h['tier']}|{PREFIXES[h['kind']]}:"
        f"{h['namespace'] + '/' if h['namespace'] else ''}{h['name']}"
        f"|{['allow', 'deny', 'pass'][h['action'] - 1]}|{h['rule_index']}"
        for h in key["policies"]["enforced_policies"]
    ]
    (trace,) = batch.traces.to_pylist()
    assert trace["enforced_policies"] == (texts or None)
    assert len([h for h in trace["policy_hits"] if h["set"] == "enforced"]) == len(texts)


@settings(max_examples=40)
@given(flow, flow)
def test_the_id_is_that_of_window_and_key(one: dict[str, Any], other: dict[str, Any]) -> None:
    counters = {"packets_in": 5, "bytes_out": 1, "num_connections_started": 3, "source_labels": ["z = z"]}
    batch = delivered(line(one) + b"\n" + line(one | counters) + b"\n" + line(other), Form.GOLDMANE)
    first, again, second = batch.records.column("id").to_pylist()
    assert first == again
    same = all(emitted(one[part]) == emitted(other[part]) for part in ("Key", "start_time", "end_time"))
    assert (first == second) is same


def test_a_key_field_that_is_not_known_yet_still_tells_flows_apart() -> None:
    base = {"Key": {"reporter": 1, "action": 1}, "start_time": START}
    newer = {"Key": {"reporter": 1, "action": 1, "zone": "eu-1"}, "start_time": START}
    batch = delivered(line(base) + b"\n" + line(newer), Form.GOLDMANE)
    assert len(set(batch.records.column("id").to_pylist())) == 2


def test_the_end_of_a_tier_is_written_as_logs_do() -> None:
    trigger = {"kind": 1, "namespace": "shop", "name": "web", "tier": "tier1"}
    end = {"kind": 10, "tier": "tier1", "action": 2, "policy_index": 1, "rule_index": -1, "trigger": trigger}
    found = {
        "Key": {"reporter": 2, "action": 2, "policies": {"enforced_policies": [end]}},
        "start_time": START,
    }
    batch = delivered(line(found), Form.GOLDMANE)
    (trace,) = batch.traces.to_pylist()
    assert trace["enforced_policies"] == ["1|tier1|np:shop/web|deny|-1"]
    (got,) = trace["policy_hits"]
    assert (got["end_of_tier"], got["trigger"]) == (True, "shop/web")
    del end["trigger"]
    (trace,) = delivered(line(found), Form.GOLDMANE).traces.to_pylist()
    assert trace["enforced_policies"] == ["1|tier1|eot:__NO_MATCH__|deny|-1"]
    assert trace["policy_hits"][0]["trigger"] is None


def test_the_rest_spelling_has_no_services_and_no_connections() -> None:
    item = {
        "start_time": "2026-11-23T10:00:00Z", "end_time": "2026-11-23T10:00:15Z", "action": "Deny",
        "source_name": "pub", "source_namespace": "-", "source_labels": "a = b | c = d", "dest_name": "web-*",
        "dest_namespace": "shop", "dest_labels": "", "protocol": "tcp", "dest_port": 8080, "reporter": "Dst",
        "policies": {"enforced": [{"kind": "NetworkPolicy", "name": "web", "namespace": "shop",
        "tier": "default",
                                   "action": "Deny", "policy_index": 0, "rule_index": 0, "trigger": None}],
                     "pending": []},
        "packets_in": 10, "packets_out": 0, "bytes_in": 100, "bytes_out": 0,
    }  # fmt: skip
    row = only(json.dumps({"total": {}, "items": [item]}).encode(), Form.GOLDMANE)
    assert (row["source_name_aggr"], row["source_namespace"], row["dest_port"]) == ("pub", None, 8080)
    assert (row["source_labels"], row["dest_labels"]) == (["a=b", "c=d"], None)
    assert row["known"] == 0b11110
    assert row["num_flows_started"] is None
    assert row["id"] != only(json.dumps(item | {"bytes_in": 101}).encode(), Form.GOLDMANE)["id"]


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ({"start_time": START}, "Key is missing; expected a flow of Goldmane"),
        ({"policy": {}, "type": "PacketCount"}, "Key is missing; expected a flow of Goldmane"),
        (
            {"Key": {"reporter": 1, "action": 1}, "startTime": START, "start_time": START},
            "start_time is given more than once",
        ),
        ({"Key": [], "start_time": START}, "Key is a list; expected an object"),
        ({"Key": {"action": 1}, "start_time": START}, "Key.reporter is missing; expected Src or Dst"),
        ({"Key": {"reporter": 3, "action": 1}}, "Key.reporter is 3; expected Src or Dst"),
        ({"Key": {"reporter": 1}}, "Key.action is missing; expected Allow or Deny"),
        ({"Key": {"reporter": 1, "action": 3}}, "Key.action is 3; expected Allow or Deny"),
        ({"Key": {"reporter": 1, "action": "Pass"}}, 'Key.action is "Pass"; expected Allow or Deny'),
        ({"Key": {"reporter": 1, "action": True}}, "Key.action is true; expected Allow or Deny"),
        ({"Key": {"reporter": 1, "action": 1}}, "no time: start_time is missing"),
        ({"Key": {"reporter": 1, "action": 1}, "start_time": "0"}, "no time: start_time is missing"),
        (
            {"Key": {"reporter": 1, "action": 1}, "start_time": -5},
            "start_time is -5; expected a time after 1970",
        ),
        (
            {"Key": {"reporter": 1, "action": 1, "dest_port": 65536}},
            "Key.dest_port is 65536; expected a whole",
        ),
        (
            {"Key": {"reporter": 1, "action": 1, "dest_type": 5}},
            "Key.dest_type is 5; expected an endpoint type",
        ),
        (
            {"Key": {"reporter": 1, "action": 1}, "start_time": START, "bytes_in": -1},
            "bytes_in is -1; expected",
        ),
        ({"Key": {"reporter": 1, "action": 1}, "start_time": START, "bytes_in": "1.5"}, 'bytes_in is "1.5"'),
        (
            {"Key": {"reporter": 1, "action": 1}, "start_time": START, "bytes_in": str(2**63)},
            "bytes_in is 92",
        ),
        ({"Key": {"reporter": 1, "action": 1, "policies": []}}, "Key.policies is a list; expected an object"),
        (
            {"Key": {"reporter": 1, "action": 1, "policies": {"pending_policies": [{"kind": 99}]}}},
            "Key.policies.pending_policies[0].kind is 99; expected a kind of policy",
        ),
        (
            {
                "Key": {
                    "reporter": 1,
                    "action": 1,
                    "policies": {"enforced_policies": [{"kind": 1, "name": "a|b"}]},
                }
            },
            'Key.policies.enforced_policies[0].name is "a|b"; expected a name',
        ),
    ],
)
def test_reasons(found: dict[str, Any], said: str) -> None:
    assert reason(json.dumps(found).encode(), Form.GOLDMANE).startswith(said)


def test_repeated_keys() -> None:
    text = b'{"Key":{"reporter":1,"action":1,"action":2},"start_time":%d}' % START
    assert reason(text, Form.GOLDMANE) == "Key.action is given more than once"
    text = b'{"Key":{"reporter":1,"action":1},"start_time":%d,"bytes_in":1,"bytes_in":2}' % START
    assert reason(text, Form.GOLDMANE) == "bytes_in is given more than once"
