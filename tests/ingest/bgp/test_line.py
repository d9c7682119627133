"""BGP lines: Calico's records, BIRD's own lines with their times, and reasons."""

import json
from typing import Any

import pytest

from tapetum.ingest.forms import Form
from tests.ingest.calico_lines import NOW
from tests.ingest.deliver import only, reason

SECOND = 1_000_000
RECORD: dict[str, Any] = {
    "logtime": "2026-11-23T14:00:00.25Z",
    "host": "node-1",
    "ip_version": "IPv4",
    "message": "bird: Mesh_10_0_0_2: Error: Hold timer expired",
}


def body(**fields: Any) -> bytes:
    return json.dumps({name: value for name, value in (RECORD | fields).items() if value is not ...}).encode()


def test_a_record() -> None:
    row = only(body(), Form.BGP)
    assert {name: row[name] for name in ("host", "ip_version", "message")} == {
        name: RECORD[name] for name in ("host", "ip_version", "message")
    }
    assert row["logtime"] == NOW + SECOND // 4
    assert (row["peer"], row["peer_ip"]) == ("Mesh_10_0_0_2", "10.0.0.2")
    assert (row["event"], row["state"], row["reason"]) == ("error", None, "Hold timer expired")


def test_the_version_follows_from_the_line_where_it_is_not_said() -> None:
    assert only(body(ip_version=...), Form.BGP)["ip_version"] == "IPv4"
    said = "Mesh_fd00__2: State changed to up"
    assert only(body(ip_version=..., message=said), Form.BGP)["ip_version"] == "IPv6"
    assert only(body(ip_version=..., message="bird6: Reconfigured"), Form.BGP)["ip_version"] == "IPv6"
    assert only(body(ip_version=..., message="Reconfigured"), Form.BGP)["ip_version"] is None


def test_the_line_may_have_kept_its_own_time() -> None:
    said = "2026-11-23_13:59:59.88700 bird: Mesh_10_0_0_2: State changed to up"
    row = only(body(message=said), Form.BGP)
    assert (row["message"], row["peer_ip"], row["state"]) == (said, "10.0.0.2", "up")
    assert row["logtime"] == NOW + SECOND // 4


def test_a_hit_of_elasticsearch_is_unwrapped() -> None:
    assert only(b'{"_source":' + body(**{"logtime": ..., "@timestamp": NOW // 1000}) + b"}", Form.BGP)["peer"]


@pytest.mark.parametrize(
    ("before", "micros"),
    [
        ("2026-11-23 14:00:00 <TRACE> ", 0),
        ("2026-11-23 14:00:00.125 <INFO> ", 125_000),
        ("23-11-2026 14:00:00 <RMT> ", 0),
        ("2026-11-23_14:00:00.88700 bird: ", 887_000),
        ("2026-11-23T14:00:00.887001234Z bird: ", 887_001),
        ("2026-11-23T15:00:00.5+01:00 stdout F bird: ", 500_000),
    ],
)
def test_lines_of_bird_itself(before: str, micros: int) -> None:
    row = only(f"{before}Node_10_0_0_2: BGP session established".encode(), Form.BGP)
    assert row["logtime"] == NOW + micros
    assert (row["peer"], row["peer_ip"], row["event"], row["state"], row["host"]) == (
        "Node_10_0_0_2",
        "10.0.0.2",
        "state",
        "Established",
        None,
    )
    assert row["message"].endswith("Node_10_0_0_2: BGP session established")
    assert row["message"].startswith(("<", "bird", "Node"))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (body(logtime=...), "no time: logtime is missing; expected a time in logtime or @timestamp"),
        (body(logtime="yesterday"), 'logtime is "yesterday"; expected epoch time'),
        (body(message=...), "not a BGP log: message is missing; expected a line of BIRD"),
        (body(message=5), "message is 5; expected text"),
        (body(host=[]), "host is a list; expected text"),
        (body(ip_version="4"), 'ip_version is "4"; expected IPv4 or IPv6'),
        (body().replace(b'"host"', b'"host":"x","host"'), "host is given more than once"),
        (
            b"bird: Mesh_10_0_0_2: State changed to up",
            "no time: expected one such as 2026-11-23 14:37:21 at char",
        ),
        (b"Nov 23 14:00:00 node-1 bird: Reconfigured", "no time: expected one such as"),
        (b"2026-11-23 14:00:00 ", "expected a line of BIRD at character 21"),
        (b"2026-13-23 14:00:00 bird: Reconfigured", 'the time is "2026-13-23T14:00:00"; expected epoch time'),
        (
            b"2036-11-23 14:00:00 bird: Reconfigured",
            "the time is 2036-11-23T14:00:00.000Z, too far in the future",
        ),
        (b"2026-11-23 14:00:00 bird: \x1b[2J", "a control character (0x1b) at character 27"),
    ],
)
def test_reasons(line: bytes, said: str) -> None:
    assert reason(line, Form.BGP).startswith(said)
