"""ztunnel's access log: which end sent what, tunnels, and JSON beside text."""

import json
from typing import Any

import pytest

from tapetum.ingest.forms import Form
from tests.ingest.calico_lines import NOW
from tests.ingest.deliver import only, reason

SECOND = 1_000_000
FIELDS: dict[str, Any] = {
    "src.addr": "10.244.0.123:43847",
    "src.workload": "hotels-v1-57d9574745-6nstr",
    "src.namespace": "travel",
    "src.identity": "spiffe://cluster.local/ns/travel/sa/default",
    "dst.addr": "10.244.0.117:15008",
    "dst.hbone_addr": "10.244.0.117:3306",
    "dst.service": "mysqldb.data.svc.cluster.local",
    "dst.workload": "mysqldb-0",
    "dst.namespace": "data",
    "direction": "outbound",
    "bytes_sent": "205",
    "bytes_recv": "271",
    "duration": "17ms",
}
EXPECTED = {
    "start_time": NOW - 17_000,
    "end_time": NOW,
    "bytes_in": 205,
    "bytes_out": 271,
    "duration_mean": 17_000_000,
    "duration_max": 17_000_000,
    "count": 1,
    "src_ip": "10.244.0.123",
    "src_port": 43847,
    "src_name_aggr": "hotels-v1-57d9574745-*",
    "src_namespace": "travel",
    "src_type": "wep",
    "dest_ip": "10.244.0.117",
    "dest_port": 3306,
    "dest_name_aggr": "mysqldb-*",
    "dest_namespace": "data",
    "dest_type": "wep",
    "dest_service_name": "mysqldb",
    "dest_service_namespace": "data",
    "type": "tcp",
    "collector_type": "ztunnel-access-log",
    "collector_name": "ztunnel",
    "reporter": "src",
}
HEAD = "2026-11-23T14:00:00.000000Z\tinfo\taccess\tconnection complete"


def text(head: str = HEAD, **fields: Any) -> bytes:
    pairs = {name: value for name, value in (FIELDS | fields).items() if value is not ...}
    return "\t".join([head, " ".join(f'{name}="{value}"' for name, value in pairs.items())]).encode()


def told(line: bytes) -> dict[str, Any]:
    row = only(line, Form.L7)
    del row["id"], row["cluster"], row["line_no"]
    return {name: value for name, value in row.items() if value is not None}


def test_quotes_tabs_and_times_before_it_make_no_difference() -> None:
    assert told(text()) == EXPECTED
    assert told(text().replace(b'"', b"")) == EXPECTED
    assert told(text().replace(b"\t", b"  ")) == EXPECTED
    assert told(b"2026-11-23T14:00:01.1Z " + text()) == EXPECTED
    assert told(b"2026-11-23T14:00:01.1Z stdout F " + text()) == EXPECTED


def test_older_versions_say_the_same() -> None:
    head = "2026-11-23T14:00:00.000000Z  INFO access: connection complete"
    assert told(text(head).replace(b"\t", b" ")) == EXPECTED
    fields = {"message": "connection complete", **FIELDS}
    record = {"timestamp": "2026-11-23T14:00:00Z", "level": "INFO", "fields": fields, "target": "access"}
    assert told(json.dumps(record).encode()) == EXPECTED


def test_a_connection_that_was_turned_away_has_its_reason_and_no_volume() -> None:
    """As ztunnel writes it before it knows the workloads."""
    line = (
        b"2026-11-23T14:00:00.000000Z\twarn\taccess\tconnection failed\tsrc.addr=10.244.0.123:43847 "
        b'dst.addr=10.244.0.117:15008 direction="inbound" error="connection closed due to policy rejection"'
    )
    row = told(line)
    assert (row["reporter"], row["count"], row["src_ip"], row["dest_ip"], row["response_flags"]) == (
        "dst", 1, "10.244.0.123", "10.244.0.117", "connection closed due to policy rejection",
    )  # fmt: skip
    assert row.keys().isdisjoint(("bytes_in", "bytes_out", "duration_mean"))


def test_json_is_the_same_connection() -> None:
    numbers = {name: int(FIELDS[name]) for name in ("bytes_sent", "bytes_recv")}
    record = {
        "level": "info",
        "time": "2026-11-23T14:00:00.000000Z",
        "scope": "access",
        "message": "connection complete",
    }
    assert told(json.dumps(record | FIELDS | numbers).encode()) == EXPECTED


def test_the_end_that_reports_sent_the_answer_where_it_is_the_server() -> None:
    row = told(text(direction="inbound"))
    assert (row["bytes_in"], row["bytes_out"], row["reporter"]) == (271, 205, "dst")


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        # through a waypoint: the address of the service was asked for
        (
            {"dst.hbone_addr": "10.105.231.35:9080"},
            {"dest_ip": "10.244.0.117", "dest_port": 9080, "dest_service_port": 9080},
        ),
        (
            {"dst.hbone_addr": "mysqldb.data.svc.cluster.local:3306"},
            {"dest_port": 3306, "dest_service_port": 3306},
        ),
        ({"dst.hbone_addr": ...}, {"dest_port": 15008, "dest_service_port": None}),
        ({"dst.service": ...}, {"dest_service_name": None, "dest_service_port": None}),
        (
            {"src.workload": ..., "src.namespace": ...},
            {"src_type": "net", "src_name_aggr": "pvt", "src_namespace": None},
        ),
        ({"src.workload": ..., "src.addr": "203.0.113.9:1"}, {"src_type": "net", "src_name_aggr": "pub"}),
        ({"src.workload": ..., "src.addr": ...}, {"src_type": None, "src_name_aggr": None}),
        ({"duration": "1.5s"}, {"duration_mean": 1_500_000_000, "start_time": NOW - 1_500_000}),
        ({"duration": ...}, {"duration_mean": None, "start_time": NOW}),
        ({"error": 'policy \\"deny\\" at C:\\\\'}, {"response_flags": 'policy "deny" at C:\\'}),
    ],
)
def test_variants(fields: dict[str, Any], expected: dict[str, Any]) -> None:
    row = only(text(**fields), Form.L7)
    assert {name: row[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            text(HEAD.replace("complete", "opened")),
            'not a complete connection: the message is "connection opened"',
        ),
        (text(HEAD.replace("2026", "2036")), "time is 2036-11-23T14:00:00.000Z, too far in the future"),
        (text(HEAD.replace("14:00", "25:00")), 'time is "2026-11-23T25:00:00.000000Z"; expected epoch time'),
        (text(direction=...), "direction is null; expected inbound or outbound"),
        (text(direction="up"), 'direction is "up"; expected inbound or outbound'),
        (text(duration="soon"), 'duration is "soon"; expected a duration such as 12ms'),
        (
            text(duration="99999999999s"),
            'duration is "99999999999s"; expected a duration such as 12ms, of at most',
        ),
        (text(bytes_sent="-5"), 'bytes_sent is "-5"; expected a whole number'),
        (text() + b' bytes_sent="1"', "bytes_sent is given more than once"),
        (text() + b' and="more', "expected a name, an equals sign and a value at character"),
        (text() + b" more", "expected a name, an equals sign and a value at character"),
        (text() + b" \x07", "a control character (0x07) at character"),
        (HEAD.encode() + b"\t!", "expected connection complete at character"),
    ],
)
def test_reasons(line: bytes, said: str) -> None:
    assert reason(line, Form.L7).startswith(said)


def test_what_is_given_twice_is_refused() -> None:
    line = b'{"time":"2026-11-23T14:00:00Z","scope":"access","direction":"inbound","direction":"outbound"}'
    assert reason(line, Form.L7) == "direction is given more than once"
