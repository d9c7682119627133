"""The published samples of other kinds go in whole; shlex and json recount them."""

import json
import shlex
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tapetum.ingest.detection import detect_form
from tapetum.ingest.forms import Form
from tapetum.ingest.sources.files import file_bodies
from tests.ingest.deliver import delivered, rows

Row = dict[str, Any]

pytestmark = pytest.mark.samples


def micros(text: str) -> int:
    found = datetime.fromisoformat(text)
    found = found if found.tzinfo else found.replace(tzinfo=UTC)
    return (found - datetime(1970, 1, 1, tzinfo=UTC)) // (datetime.resolution)


def waypoint(path: Path) -> list[Row]:
    return [_request(shlex.split(line)) for line in path.read_text().splitlines()]


def _request(parts: list[str]) -> Row:
    """Of the runtime's time, and the 22 fields of Istio's format."""
    method, target, protocol = parts[2].split(" ")
    _, port, _, host = parts[17].split("|")
    service, namespace = host.split(".")[:2]
    upstream = parts[16].removeprefix("envoy://connect_originate/").split(":")
    return {
        "start_time": micros(parts[1].strip("[]")),
        "method": method,
        "url": parts[15] + target,
        "type": protocol.replace("HTTP", "html"),
        "response_code": parts[3],
        "response_flags": None,
        "bytes_in": int(parts[8]),
        "bytes_out": int(parts[9]),
        "duration_mean": int(parts[10]) * 1_000_000,
        "user_agent": parts[13],
        "request_id": parts[14],
        "dest_ip": upstream[0],
        "dest_port": int(upstream[1]),
        "dest_namespace": namespace,
        "dest_service_name": service,
        "dest_service_namespace": namespace,
        "dest_service_port": int(port),
        "src_ip": parts[20].split(":")[0],
        "src_port": int(parts[20].split(":")[1]),
        "src_namespace": None,
        "collector_name": "waypoint",
        "reporter": None,
    }


def ztunnel(path: Path) -> list[Row]:
    return [_connection(line.split("\t")) for line in path.read_text().splitlines()]


def _connection(parts: list[str]) -> Row:
    told = dict(pair.split("=", 1) for pair in shlex.split(parts[4]))
    sent, received = int(told["bytes_sent"]), int(told["bytes_recv"])
    outbound = told["direction"] == "outbound"
    taken = int(told["duration"].removesuffix("ms"))
    service, namespace = told["dst.service"].split(".")[:2]
    asked = told.get("dst.hbone_addr", told["dst.addr"])
    return {
        "end_time": micros(parts[0]),
        "start_time": micros(parts[0]) - taken * 1000,
        "duration_mean": taken * 1_000_000,
        "reporter": "src" if outbound else "dst",
        "bytes_in": sent if outbound else received,
        "bytes_out": received if outbound else sent,
        "src_ip": told["src.addr"].split(":")[0],
        "src_namespace": told["src.namespace"],
        "src_name_aggr": told["src.workload"][:-5] + "*",  # every pod's suffix here has five letters
        "dest_ip": told["dst.addr"].split(":")[0],
        "dest_port": int(asked.split(":")[1]),
        "dest_namespace": told["dst.namespace"],
        "dest_name_aggr": told["dst.workload"][:-5] + "*",
        "dest_service_name": service,
        "dest_service_namespace": namespace,
    }


def audit(path: Path) -> list[Row]:
    return [_event(json.loads(line)) for line in path.read_text().splitlines()]


def _event(event: Row) -> Row:
    return {
        "requestReceivedTimestamp": micros(event["requestReceivedTimestamp"]),
        "auditID": event["auditID"],
        "verb": event["verb"],
        "user.username": event["user"]["username"],
        "user.groups": event["user"]["groups"],
        "objectRef.namespace": event["objectRef"].get("namespace"),
        "objectRef.resource": event["objectRef"]["resource"],
        "objectRef.name": event["objectRef"]["name"],
        "objectRef.subresource": event["objectRef"].get("subresource"),
        "responseStatus.code": event["responseStatus"]["code"],
        "sourceIPs": event["sourceIPs"],
    }


def alerts(path: Path) -> list[Row]:
    return [_alert(each) for each in json.loads(path.read_text())]


def _alert(event: Row) -> Row:
    alert = event["alert"]
    return {
        "time": micros(event["timestamp"]),
        "title": alert["signature"],
        "rule": f"{alert['gid']}:{alert['signature_id']}:{alert['rev']}",
        "category": alert["category"],
        "severity": {1: 80, 2: 50, 3: 25}[alert["severity"]],
        "source_ip": event["src_ip"],
        "source_port": event["src_port"],
        "dest_ip": event["dest_ip"],
        "dest_port": event["dest_port"],
        "proto": event["proto"].lower(),
        "action": {"allowed": "allow"}[alert["action"]],
        "kind": "imported_ids",
    }


@pytest.mark.parametrize(
    ("name", "form", "recount", "count"),
    [
        ("l7/kiali_waypoint.log", Form.L7, waypoint, 16),
        ("l7/kiali_ztunnel.log", Form.L7, ztunnel, 28),
        ("audit/falco_trace_samples.ndjson", Form.AUDIT, audit, 2),
        ("ids/first-org-conf-2015__alerts-only.json", Form.EVENTS, alerts, 136),
        ("ids/honeypot-2018__alerts-only.json", Form.EVENTS, alerts, 44),
    ],
)
def test_recount(
    samples: Path, name: str, form: Form, recount: Callable[[Path], list[Row]], count: int
) -> None:
    (body,) = [body.data for body in file_bodies(samples / name, 1 << 20)]
    assert detect_form(body) is form
    batch = delivered(body, form)
    expected = recount(samples / name)
    assert (len(expected), batch.rejections) == (count, ())
    assert batch.records.num_rows == len(set(batch.records.column("id").to_pylist())) == count
    got = rows(batch.records)
    assert [
        {field: row[field] for field in told} for row, told in zip(got, expected, strict=True)
    ] == expected
