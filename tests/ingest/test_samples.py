"""Every published sample goes in with counts that a recount by the plain json module confirms."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tapetum.ingest.context import Limits
from tapetum.ingest.detection import detect_form
from tapetum.ingest.forms import Form
from tapetum.ingest.sources.files import file_bodies
from tests.ingest.deliver import delivered, rows

NEXT_YEAR = 1_830_000_000_000_000
Sums = Counter[tuple[str, str, str]]
"""Records, bytes and connections by reporter, action and what is counted."""

pytestmark = pytest.mark.samples


def objects(path: Path) -> Iterator[dict[str, Any]]:
    """Every record of a file that json can read, whatever the file's outer shape."""
    text = path.read_text()
    if path.name.endswith("rest_flows_120.json"):
        yield from json.loads(text)["items"]
        return
    for line in text.splitlines():
        try:
            found = json.loads(line.removeprefix("data:"))
        except ValueError:
            continue
        yield found


def calico(record: dict[str, Any]) -> tuple[str, str, int, int] | None:
    inner = record["record"]
    if not inner.get("start_time"):
        return None
    volume = inner.get("bytes_in", 0) + inner.get("bytes_out", 0)
    return inner["reporter"][:3], inner["action"], volume, inner.get("num_flows_started", 0)


def goldmane(record: dict[str, Any]) -> tuple[str, str, int, int] | None:
    flow = record.get("flow", record)
    key = flow.get("Key") or (flow if "protocol" in flow else None)
    if key is None:
        return None
    reporter = {1: "src", 2: "dst", "Src": "src", "Dst": "dst"}[key["reporter"]]
    action = {1: "allow", 2: "deny", "Allow": "allow", "Deny": "deny"}[key["action"]]
    volume = int(flow.get("bytes_in", 0)) + int(flow.get("bytes_out", 0))
    return reporter, action, volume, int(flow.get("num_connections_started", 0))


def hubble(record: dict[str, Any]) -> tuple[str, str, int, int]:
    flow = record["flow"]
    reporter = {"EGRESS": "src", "INGRESS": "dst"}[flow["traffic_direction"]]
    return reporter, {"DROPPED": "deny", "FORWARDED": "allow"}[flow["verdict"]], 0, 0


def netobserv(record: dict[str, Any]) -> tuple[str, str, int, int] | None:
    flat = record.get("_labels", {}) | record
    reporter = "dst" if int(flat["FlowDirection"]) == 0 else "src"
    if flat.get("Packets"):
        return reporter, "allow", flat["Bytes"], 0
    return reporter, "deny", flat["PktDropBytes"], 0


FILES: list[tuple[str, Form, Callable[[dict[str, Any]], tuple[str, str, int, int] | None], int, int, int]] = [
    # lines, records, distinct records
    ("calico/tigera_docs_flowlog_samples.ndjson", Form.CALICO, calico, 3, 1, 1),
    ("goldmane/emitter_bulk_500.ndjson", Form.GOLDMANE, goldmane, 500, 500, 500),
    ("goldmane/emitter_bulk_testutils_200.ndjson", Form.GOLDMANE, goldmane, 200, 200, 200),
    ("goldmane/grpc_list_300.ndjson", Form.GOLDMANE, goldmane, 300, 300, 300),
    ("goldmane/grpc_stream_150.ndjson", Form.GOLDMANE, goldmane, 150, 150, 150),
    ("goldmane/grpc_statistics_20.ndjson", Form.GOLDMANE, goldmane, 20, 0, 0),
    ("goldmane/grpc_statistics_74.ndjson", Form.GOLDMANE, goldmane, 74, 0, 0),
    ("goldmane/whisker_rest_flows_120.json", Form.GOLDMANE, goldmane, 120, 120, 119),
    ("goldmane/whisker_sse_watch.txt", Form.GOLDMANE, goldmane, 30, 30, 30),
    ("hubble/empty.jsonl", Form.HUBBLE, hubble, 0, 0, 0),
    ("hubble/l7_dns.jsonl", Form.HUBBLE, hubble, 3, 3, 3),
    ("hubble/l7_http.jsonl", Form.HUBBLE, hubble, 4, 4, 4),
    ("hubble/malformed.jsonl", Form.HUBBLE, hubble, 3, 2, 2),
    ("hubble/mixed_tcp_icmp.jsonl", Form.HUBBLE, hubble, 4, 4, 4),
    ("hubble/small.jsonl", Form.HUBBLE, hubble, 3, 3, 3),
    ("hubble/with_non_dropped.jsonl", Form.HUBBLE, hubble, 5, 5, 5),
    ("netobserv/flow_records_flat.ndjson", Form.NETOBSERV, netobserv, 150, 150, 150),
    ("netobserv/flp_benchmark_log-lines.json", Form.NETOBSERV, netobserv, 100, 100, 10),
]


@pytest.mark.parametrize(("name", "form", "recount", "lines", "records", "distinct"), FILES)
def test_recount(
    samples: Path,
    name: str,
    form: Form,
    recount: Callable[[dict[str, Any]], tuple[str, str, int, int] | None],
    lines: int,
    records: int,
    distinct: int,
) -> None:
    (body,) = [body.data for body in file_bodies(samples / name, 1 << 20)] or [b""]
    assert detect_form(body) is (form if records else None)
    batch = delivered(body, form, now=NEXT_YEAR, limits=Limits())
    assert len(batch.lines) == lines
    assert (batch.records.num_rows, len(batch.rejections)) == (records, lines - records)
    assert len(set(batch.records.column("id").to_pylist())) == distinct
    expected: Sums = Counter()
    for reporter, action, volume, connections in filter(None, map(recount, objects(samples / name))):
        expected[reporter, action, "records"] += 1
        expected[reporter, action, "bytes"] += volume
        expected[reporter, action, "connections"] += connections
    got: Sums = Counter()
    for row in rows(batch.records):
        key = row["reporter"], row["action"]
        got[*key, "records"] += 1
        got[*key, "bytes"] += (row["bytes_in"] or 0) + (row["bytes_out"] or 0)
        got[*key, "connections"] += row["num_flows_started"] or 0
    assert got == expected


def test_a_compressed_sample_is_the_plain_one(samples: Path) -> None:
    plain, packed = (
        b"".join(body.data for body in file_bodies(samples / name, 1 << 20))
        for name in ("hubble/small.jsonl", "hubble/small.jsonl.gz")
    )
    assert plain == packed


def test_the_malformed_sample_says_why(samples: Path) -> None:
    batch = delivered((samples / "hubble/malformed.jsonl").read_bytes(), Form.HUBBLE)
    assert [(each.line_no, each.reason) for each in batch.rejections] == [
        (1, 'not JSON: expecting value at character 1, near "this is not json"')
    ]
