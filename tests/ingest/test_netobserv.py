"""NetObserv: names old and new, directions, drops, sampling."""

import json
from typing import Any

import pytest

from tapetum.ingest.forms import Form
from tests.ingest.deliver import only, reason

RECORD: dict[str, Any] = {
    "TimeFlowStartMs": 1_708_011_867_121,
    "TimeFlowEndMs": 1_708_011_868_000,
    "TimeReceived": 1_708_011_870,
    "SrcAddr": "10.128.0.29",
    "DstAddr": "10.129.0.15",
    "SrcPort": 50068,
    "DstPort": 9115,
    "Proto": 6,
    "Bytes": 660,
    "Packets": 10,
    "FlowDirection": 1,
    "SrcK8S_Name": "prometheus-k8s-1",
    "SrcK8S_Type": "Pod",
    "SrcK8S_Namespace": "monitoring",
    "SrcK8S_OwnerName": "prometheus-k8s",
    "SrcK8S_OwnerType": "StatefulSet",
    "AgentIP": "10.0.1.137",
    "TimeFlowRttNs": 10_500,
}


def read(**fields: Any) -> dict[str, Any]:
    record = {name: value for name, value in (RECORD | fields).items() if value is not ...}
    return only(json.dumps(record).encode(), Form.NETOBSERV)


def test_a_record() -> None:
    row = read()
    expected = {
        "start_time": 1_708_011_867_121_000, "end_time": 1_708_011_868_000_000, "action": "allow",
        "reporter": "src", "proto": "tcp", "host": "10.0.1.137", "source_type": "wep",
        "source_namespace": "monitoring", "source_name": "prometheus-k8s-1",
        "source_name_aggr": "prometheus-k8s",
        "source_ip": "10.128.0.29", "source_port": 50068, "dest_type": "net", "dest_name_aggr": "pvt",
        "dest_network": "pvt", "dest_ip": "10.129.0.15",
        "dest_port": 9115, "bytes_out": 660, "packets_out": 10,
        "bytes_in": None, "packets_in": None, "num_flows_started": None, "tcp_mean_smooth_rtt": 10,
        "sampling": None, "known": 0b10100,
    }  # fmt: skip
    assert {name: row[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("direction", "reporter", "counted"),
    [(0, "dst", "in"), (1, "src", "out"), (2, "src", "out")],
)
def test_directions(direction: Any, reporter: str, counted: str) -> None:
    row = read(FlowDirection=direction)
    assert row["reporter"] == reporter
    assert (row[f"bytes_{counted}"], row[f"packets_{counted}"]) == (660, 10)
    assert row["bytes_in" if counted == "out" else "bytes_out"] is None
    assert read(FlowDirection=str(direction)) | {"id": ""} == row | {"id": ""}


@pytest.mark.parametrize(
    ("fields", "reporter"),
    [
        ({"SrcK8S_HostIP": "10.0.1.137", "DstK8S_HostIP": "10.0.1.9"}, "src"),
        ({"SrcK8S_HostIP": "10.0.1.9", "DstK8S_HostIP": "10.0.1.137", "IfDirections": [1]}, "dst"),
        ({"SrcK8S_HostIP": "10.0.1.137", "DstK8S_HostIP": "10.0.1.137"}, "src"),
        ({"IfDirections": [0, 1], "Interfaces": ["eth0", "br-ex"]}, "dst"),
        ({"IfDirections": [1]}, "src"),
    ],
)
def test_directions_of_an_agents_own_records(fields: dict[str, Any], reporter: str) -> None:
    """They name the interfaces; which end is on the agent's node tells more, where it is known."""
    assert read(FlowDirection=..., **fields)["reporter"] == reporter


def test_labels_beside_the_record_and_older_names() -> None:
    labels = {
        "FlowDirection": "0",
        "DstK8S_Namespace": "shop",
        "DstK8S_OwnerName": "web",
        "DstK8S_Type": "Pod",
    }
    row = read(FlowDirection=..., _labels=labels)
    assert (row["reporter"], row["dest_namespace"], row["dest_name_aggr"]) == ("dst", "shop", "web")
    old = {name: ... for name in RECORD if name.startswith(("SrcK8S", "TimeFlow"))}
    row = read(**old, TimeFlowStart=0, TimeFlowEnd=0, SrcPod="ingester-0", SrcNamespace="loki", Proto=17)
    assert row["start_time"] == row["end_time"] == 1_708_011_870_000_000
    assert (row["source_name"], row["source_name_aggr"], row["source_namespace"]) == (
        "ingester-0",
        "ingester-*",
        "loki",
    )
    assert row["proto"] == "udp"
    assert read(**old, TimeFlowStart=1_708_011_860)["start_time"] == 1_708_011_860_000_000


def test_nodes_and_services() -> None:
    row = read(
        SrcK8S_Type="Node", SrcK8S_Name="node-1", SrcK8S_Namespace=..., DstK8S_Type="Service",
        DstK8S_Name="db",
        DstK8S_OwnerName="db", DstK8S_Namespace="shop",
    )  # fmt: skip
    assert (row["source_type"], row["source_name_aggr"], row["source_namespace"]) == ("hep", "node-1", None)
    assert (row["dest_service_name"], row["dest_service_namespace"]) == ("db", "shop")
    assert (row["dest_type"], row["dest_name_aggr"]) == ("wep", "db")


def test_a_flow_of_nothing_but_drops_is_denied_with_what_was_dropped() -> None:
    row = read(Bytes=..., Packets=..., PktDropBytes=32, PktDropPackets=1)
    assert (row["action"], row["bytes_out"], row["packets_out"]) == ("deny", 32, 1)
    row = read(PktDropBytes=32, PktDropPackets=1)
    assert (row["action"], row["bytes_out"], row["packets_out"]) == ("allow", 660, 10)
    row = read(Bytes=..., Packets=...)
    assert (row["action"], row["bytes_out"], row["known"]) == ("allow", None, 0)


@pytest.mark.parametrize(("given", "stored"), [(50, 50), (1, None), (0, None), (None, None)])
def test_sampled_counts_are_marked_as_estimates(given: int | None, stored: int | None) -> None:
    assert read(Sampling=given)["sampling"] == stored


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (
            {"SrcAddr": ..., "DstAddr": ..., "SrcMac": ..., "DstMac": ...},
            "not a flow: neither SrcAddr, DstAddr nor a MAC address",
        ),
        ({"FlowDirection": ...}, "FlowDirection is missing; expected 0, 1 or 2"),
        ({"FlowDirection": ..., "IfDirections": []}, "FlowDirection is missing; expected 0, 1 or 2"),
        ({"FlowDirection": ..., "IfDirections": [7]}, "FlowDirection is 7; expected 0, 1 or 2"),
        ({"FlowDirection": 3}, "FlowDirection is 3; expected 0, 1 or 2"),
        ({"FlowDirection": True}, "FlowDirection is true; expected 0, 1 or 2"),
        (
            {"TimeFlowStartMs": 0, "TimeFlowEndMs": 0, "TimeReceived": ...},
            "no time: TimeFlowStartMs is missing",
        ),
        ({"TimeFlowStartMs": -1}, "TimeFlowStartMs is -1; expected a whole number"),
        ({"TimeFlowStartMs": 1000}, "TimeFlowStartMs is 1000; expected a time after 1970"),
        ({"TimeFlowStartMs": 31_535_999_999}, "TimeFlowStartMs is 31535999999; expected a time after 1970"),
        ({"TimeReceived": 99}, None),
        ({"TimeFlowStartMs": 40_000_000_000}, None),
        ({"TimeFlowStartMs": 1_908_011_867_121}, "TimeFlowStartMs is 2030-06-18T11:17:47.121Z, too far in"),
        ({"Bytes": 1.5}, "Bytes is 1.5; expected a whole number"),
        ({"Bytes": "66"}, 'Bytes is "66"; expected a whole number'),
        ({"Proto": 256}, "Proto is 256; expected a whole number from 0 to 255"),
        ({"DstPort": 65536}, "DstPort is 65536; expected"),
        ({"SrcAddr": "nowhere"}, 'SrcAddr is "nowhere"; expected an IP address'),
        ({"_labels": []}, "_labels is a list; expected an object"),
        ({"Duplicate": True}, "Duplicate is true; expected false"),
        ({"_RecordType": "endConnection"}, '_RecordType is "endConnection"; expected flowLog'),
    ],
)
def test_reasons(fields: dict[str, Any], said: str | None) -> None:
    record = {name: value for name, value in (RECORD | fields).items() if value is not ...}
    if said is None:  # unused, as the record has better times
        assert only(json.dumps(record).encode(), Form.NETOBSERV)
    else:
        assert reason(json.dumps(record).encode(), Form.NETOBSERV).startswith(said)
