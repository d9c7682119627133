from collections import Counter, defaultdict
from datetime import datetime
from typing import Any

import pytest

from tapetum.simulate import RecordKind, World, flow_lines, manifests, record_lines

KINDS = [kind for kind in RecordKind if kind is not RecordKind.FLOWS]


@pytest.mark.parametrize("kind", KINDS)
def test_a_run_resumes_where_it_ended(demo: World, epoch: int, kind: RecordKind) -> None:
    def lines(start: int, end: int) -> bytes:
        return b"".join(record_lines(demo, kind, start, end, window=60))

    cut = epoch + 360
    whole = lines(epoch, epoch + 900)
    assert lines(epoch, cut) + lines(cut, epoch + 900) == whole
    assert whole
    assert len(set(whole.splitlines())) == len(whole.splitlines())


@pytest.mark.parametrize("kind", KINDS)
def test_records_are_in_time_order_and_within_the_range(
    demo: World, epoch: int, read: Any, kind: RecordKind
) -> None:
    name = {"audit": "requestReceivedTimestamp", "bgp": "logtime", "events": "time"}.get(kind, "start_time")
    times = [row[name] for row in read(record_lines(demo, kind, epoch, epoch + 3_600))]
    seconds = [at if isinstance(at, int) else datetime.fromisoformat(at).timestamp() for at in times]
    assert seconds == sorted(seconds)
    assert epoch <= seconds[0]
    assert seconds[-1] < epoch + 3_600


def test_lookups_add_up_to_the_dns_flows(demo: World, epoch: int, read: Any) -> None:
    """Per client, the unlogged ones by host: no lookup is lost and none is made up."""
    dns = read(record_lines(demo, RecordKind.DNS, epoch, epoch + 600))
    flows = read(flow_lines(demo, epoch, epoch + 600))
    opened = Counter()
    for row in flows:
        if row["dest_port"] == 53 and row["reporter"] == "src" and row["action"] == "allow":
            opened[row["host"]] += row["num_flows_started"]
    looked_up = Counter()
    for row in dns:
        looked_up[row["host"]] += row["count"]
    assert looked_up == opened
    unlogged = [row for row in dns if row["type"] == "UNLOGGED"]
    assert unlogged
    assert all(row.keys() == {"start_time", "end_time", "type", "count", "host"} for row in unlogged)
    logged = [row for row in dns if row["type"] == "LOG"]
    assert {row["rcode"] for row in logged} == {"NoError", "NXDomain"}
    assert {row["qtype"] for row in logged} == {"A", "AAAA"}
    assert all(row["servers"][0]["name_aggr"].startswith("coredns-") for row in logged)
    assert all(row["latency_max"] >= row["latency_mean"] > 0 for row in logged)


def test_lookups_name_the_pod_where_asked(demo: World, epoch: int, read: Any) -> None:
    rows = read(record_lines(demo, RecordKind.DNS, epoch, epoch + 60, window=60, level=1))
    assert all(row["client_ip"] and row["client_name"] != "-" for row in rows if row["type"] == "LOG")


def test_requests_belong_to_allowed_flows(demo: World, epoch: int, read: Any) -> None:
    flows = read(flow_lines(demo, epoch, epoch + 300))
    spoken = defaultdict(int)
    for row in flows:
        if row["reporter"] == "dst" and row["action"] == "allow":
            spoken[row["source_name_aggr"], row["dest_name_aggr"], row["dest_port"]] += row[
                "num_flows_started"
            ]
    requests = defaultdict(int)
    rows = read(record_lines(demo, RecordKind.L7, epoch, epoch + 300))
    for row in rows:
        requests[row["src_name_aggr"], row["dest_name_aggr"], row["dest_service_port"]] += row["count"]
    assert len(requests) > 10
    for key, count in requests.items():
        assert 2 * spoken[key] <= count <= 4 * spoken[key]
    assert {row["type"] for row in rows} == {"html/1.1", "tls"}
    assert {row["response_code"] for row in rows} >= {"200", "404", "-"}
    assert isinstance(rows[0]["dest_service_port"], int)
    assert all(row["duration_max"] >= row["duration_mean"] for row in rows)


def test_the_audit_log_replays_to_the_manifests(demo: World, epoch: int, read: Any) -> None:
    """Its create and update events of policies end at the policies that the cluster has."""
    state, past = {}, {}
    for event in read(record_lines(demo, RecordKind.AUDIT, epoch, epoch + 1_200)):
        body = event.get("requestObject")
        if body and event["verb"] in {"create", "update"} and body["kind"] != "Job":
            key = body["kind"], body["metadata"].get("namespace"), body["metadata"]["name"]
            assert (event["verb"] == "create") == (key not in state)
            past.setdefault(key, body)
            state[key] = body
    kinds = {key[0] for key in state}
    held = {
        (each["kind"], each["metadata"].get("namespace"), each["metadata"]["name"]): each
        for each in manifests(demo)
        if each["kind"] in kinds
    }
    assert state == held
    edited = [key for key in state if state[key] != past[key]]
    assert edited == [("NetworkPolicy", "data", "platform.db-isolation")]
    assert len(state[edited[0]]["spec"]["ingress"]) == len(past[edited[0]]["spec"]["ingress"]) + 1


def test_audit_events_have_their_shape(demo: World, epoch: int, read: Any) -> None:
    rows = read(record_lines(demo, RecordKind.AUDIT, epoch, epoch + 7_200))
    for row in rows:
        assert (row["kind"], row["apiVersion"]) == ("Event", "audit.k8s.io/v1")
        assert row["stageTimestamp"] > row["requestReceivedTimestamp"]
        assert row["requestURI"].startswith(("/api/v1/", "/apis/"))
        assert ("requestObject" in row) == (row["level"] == "RequestResponse")
    assert len({row["auditID"] for row in rows}) == len(rows)
    assert {row["responseStatus"]["code"] for row in rows} == {200, 201, 403}


def test_rollouts_are_patched_when_their_pods_change(demo: World, epoch: int, read: Any) -> None:
    cart = next(each for each in demo.workloads if each.key == "checkout/cart")
    turn = demo.housing.began(cart, demo.housing.generation(cart, epoch) + 1)
    rows = read(record_lines(demo, RecordKind.AUDIT, turn, turn + 1))
    assert any(row["verb"] == "patch" and row["objectRef"]["name"] == "cart" for row in rows)


def test_sessions_fall_and_rise_again(demo: World, epoch: int, read: Any) -> None:
    rows = read(record_lines(demo, RecordKind.BGP, epoch, epoch + 7_200))
    up, down = Counter(), Counter()
    for row in rows:
        peer = row["message"].split(":")[1]
        up[row["host"], peer] += "established" in row["message"]
        down[row["host"], peer] += "session closed" in row["message"]
    assert set(up) == {(host.name, f" Node_10_0_0_{n}") for host in demo.hosts for n in (1, 2)}
    assert sum(down.values()) > 0
    assert all(up[session] - down[session] == 1 for session in up)


def test_security_events_name_ends_of_this_cluster(demo: World, epoch: int, read: Any) -> None:
    rows = read(record_lines(demo, RecordKind.EVENTS, epoch, epoch + 7_200))
    for row in rows:
        assert 1 <= row["severity"] <= 100
        assert row["status"] == "open"
        assert all(tactic.startswith("TA") for tactic in row["mitre_tactics"])
        assert row["source"]["ip"]
    assert {row["kind"] for row in rows} >= {"detector", "threat feed", "suspicious DNS"}
