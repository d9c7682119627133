"""Whole questions on the served product, embedded and over the engines: the same answers."""

import json
import time
from typing import Any

import pytest

from tests.support.products import everywhere
from tests.support.served import Served

pytestmark = [pytest.mark.server, everywhere]

CLUSTER = "questions"
HOUR = 3600
START = int(time.time()) // HOUR * HOUR - 2 * HOUR
"""Of the hour that is asked about; whole, so that the one before and the day before lie beside it."""
RANGE = {"from": START, "to": START + HOUR}


def line(
    at: int, reporter: str, *, name: str = "web", port: int = 80, answered: int = 7, **told: Any
) -> bytes:
    sent, back = ("bytes_out", "bytes_in") if reporter == "src" else ("bytes_in", "bytes_out")
    row: dict[str, Any] = {
        "start_time": at, "end_time": at + 15, "reporter": reporter, "action": "allow", "proto": "tcp",
        "source_type": "wep", "source_namespace": "shop", "source_name_aggr": f"{name}-*",
        "dest_type": "wep", "dest_namespace": "data", "dest_name_aggr": "db-*", "dest_port": port,
        "num_flows": 1, "num_flows_started": 5, "num_flows_completed": 0,
        "packets_in": 1, "packets_out": 1, sent: 90, back: answered,
    }  # fmt: skip
    return json.dumps(row | told).encode()


@pytest.fixture(scope="module")
def stored(served: Served) -> Served:
    at, window = START + 600, START + 900
    lines = [
        # Let in, and nothing came back; denied there; answered, and the answer lost; nothing heard at all.
        *(line(at, reporter, port=1, answered=0) for reporter in ("src", "dst")),
        line(at, "src", port=2, answered=0),
        line(at, "dst", port=2, answered=0, action="deny"),
        *(line(when, "src", port=3, answered=0) for when in (at, window)),
        *(line(when, "dst", port=3, answered=9) for when in (at, window)),
        line(at, "src", port=4, answered=0),
        *(line(at, reporter) for reporter in ("src", "dst")),
        # The hour before and the day before, told by both sides.
        *(line(at - HOUR, reporter, num_flows_started=4) for reporter in ("src", "dst")),
        *(line(at - 24 * HOUR, reporter, num_flows_started=2) for reporter in ("src", "dst")),
        line(at - 25 * HOUR, "src", num_flows_started=1, name="other"),
    ]
    assert served.ingest(lines, CLUSTER)["accepted"] == len(lines)
    until = time.monotonic() + 60
    while served.counts(CLUSTER)[0] < len(lines):
        assert time.monotonic() < until, "what was acknowledged cannot be read"
        time.sleep(0.2)
    return served


def asked() -> dict[str, Any]:
    moments = {end: time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at)) for end, at in RANGE.items()}
    return {"r": moments, "c": [CLUSTER]}


def test_what_was_never_answered_has_its_cause(stored: Served) -> None:
    query = (
        "query($r: TimeRangeInput!, $c: [ID!]) { unanswered(range: $r, clusters: $c) { truncated edges {"
        " source { name } target { name } port cause attempts bytesSent windows reports { reporter } } } }"
    )
    told = stored.ask(query, asked())["unanswered"]
    assert not told["truncated"]
    edges = {edge["port"]: edge for edge in told["edges"]}
    assert {port: edge["cause"] for port, edge in edges.items()} == {
        1: "NO_ANSWER", 2: "DROPPED", 3: "REPLY_LOST", 4: "UNSEEN",
    }  # fmt: skip
    assert [(edges[port]["attempts"], edges[port]["bytesSent"]) for port in (1, 3)] == [
        ("5", "90"),
        ("10", "180"),
    ]
    assert edges[3]["windows"] == 2
    assert [report["reporter"] for report in edges[2]["reports"]] == ["SRC", "DST"]
    assert {(edge["source"]["name"], edge["target"]["name"]) for edge in edges.values()} == {
        ("web-*", "db-*")
    }


@pytest.mark.parametrize("filter_text", [None, "dest_port: 80", "not process_name: *"])
def test_load_stands_beside_earlier_load(stored: Served, filter_text: str | None) -> None:
    """The last filter is none that roll-ups can answer."""
    query = (
        "query($r: TimeRangeInput!, $c: [ID!], $f: KQL) {"
        ' compareLoad(range: $r, clusters: $c, filter: $f, groupBy: ["sourceNameAggr", "destPort"]) {'
        " days { from } groups { keys now before days normal exceeds } } }"
    )
    told = stored.ask(query, asked() | {"f": filter_text})["compareLoad"]
    assert len(told["days"]) == 1
    groups = {tuple(group.pop("keys")): group for group in told["groups"]}
    assert groups["web-*", "80"] == {"now": "5", "before": "4", "days": ["2"], "normal": 2, "exceeds": True}
    assert len(groups) == (1 if filter_text == "dest_port: 80" else 5)


@pytest.mark.parametrize("interval", [None, 600])
def test_sums_count_what_two_reporters_said_once(stored: Served, interval: int | None) -> None:
    """Over more than an hour: from roll-ups, and as a series from records."""
    query = (
        "query($r: TimeRangeInput!, $c: [ID!], $i: Int) { aggregate(range: $r, clusters: $c, kind: FLOWS,"
        ' groupBy: ["destPort"], interval: $i, filter: "dest_port: 80",'
        ' metrics: [{op: SUM, field: "connections"}, {op: SUM, field: "bytesToTarget"}]) {'
        " rows { values } } }"
    )
    variables: dict[str, Any] = asked() | {"i": interval}
    variables["r"]["from"] = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(START - HOUR - 30))
    rows = stored.ask(query, variables)["aggregate"]["rows"]
    assert [row["values"] for row in rows] == ([[9, 180]] if interval is None else [[4, 90], [5, 90]])
