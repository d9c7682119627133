"""F22 and F25: hostile texts in every argument match literally or are refused; nothing of another leaks."""

import json
import time
from typing import Any

import pytest

from tests.support.products import everywhere
from tests.support.served import EVER, Served

pytestmark = [pytest.mark.fault, pytest.mark.server, everywhere]

HOSTILE = (
    "' OR 1=1 --", '" OR ""="', "'; DROP TABLE flows; --", "%", "_", "a%b_c", "\\", "\\'", "$1", "?", "{{7*7}}",
    "*", "a*b", "$(id)", "`id`", "\u202etxt", "\u0000", "\r\nX: y", "<script>alert(1)</script>", "😀" * 20,
    "MATCH (n) DETACH DELETE n", '{"match_all":{}}', "NULL", "null", "true", "-1", "1e400", "\ufeff",
)  # fmt: skip
LEAKS = (
    "duckdb",
    "Binder",
    "Catalog Error",
    "Parser Error",
    "Traceback",
    "pyarrow",
    "lark",
    "SELECT ",
    ".py",
)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


@pytest.fixture(scope="module")
def hostile(served: Served) -> dict[str, int]:
    """One flow for each text, named by it; the oracle is this very dict."""
    lines = [
        json.dumps(
            {
                "start_time": 1_795_000_000 + place,
                "action": "allow",
                "reporter": "src",
                "source_type": "wep",
                "source_namespace": "hostile",
                "source_name_aggr": text,
                "process_name": text,
                "dest_type": "net",
                "dest_name_aggr": "pub",
                "proto": "tcp",
                "dest_port": 80,
            }
        ).encode()
        for place, text in enumerate(HOSTILE)
    ]
    counts = served.ingest(lines, "hostile")
    assert counts["accepted"] == len(HOSTILE)
    return dict.fromkeys(HOSTILE, 1)


def test_a_filter_matches_its_text_and_nothing_else(served: Served, hostile: dict[str, int]) -> None:
    query = 'query($r: TimeRangeInput!, $f: KQL) { flows(range: $r, clusters: ["hostile"], filter: $f, first: 100) { nodes { processName } totalCount } }'
    for text in hostile:
        for field in ("process_name", "source_name_aggr"):
            found = served.ask(query, {"r": EVER, "f": f"{field}: {_quoted(text)}"})["flows"]
            assert [node["processName"] for node in found["nodes"]] == [text], (field, text)
            assert found["totalCount"] == "1"


def test_the_graph_takes_the_same_filter(served: Served, hostile: dict[str, int]) -> None:
    query = 'query($r: TimeRangeInput!, $f: KQL) { serviceGraph(range: $r, clusters: ["hostile"], level: WORKLOAD, filter: $f) { nodes { name kind } } }'
    for text in hostile:
        for field in ("process_name", "source_name_aggr"):
            nodes = served.ask(query, {"r": EVER, "f": f"{field}: {_quoted(text)}"})["serviceGraph"]["nodes"]
            assert [node["name"] for node in nodes if node["kind"] == "WORKLOAD"] == [text], (field, text)


def test_a_prefix_is_a_prefix(served: Served, hostile: dict[str, int]) -> None:
    query = 'query($r: TimeRangeInput!, $p: String!) { suggest(field: "process_name", prefix: $p, range: $r, clusters: ["hostile"], limit: 100) { value } }'
    for text in hostile:
        found = {each["value"] for each in served.ask(query, {"r": EVER, "p": text})["suggest"]}
        assert found == {each for each in hostile if each.startswith(text)}, text


def test_no_argument_makes_an_engine_speak(served: Served, hostile: dict[str, int]) -> None:
    """Names of fields, orders, clusters, ids and cursors: answered or refused in our own words."""
    asked: list[tuple[str, dict[str, Any]]] = []
    for text in hostile:
        asked += [
            ("query($r: TimeRangeInput!, $t: String!) { flows(range: $r, first: 1, orderBy: {field: $t}) { totalCount } }", {"r": EVER, "t": text}),
            ("query($r: TimeRangeInput!, $t: String!) { topValues(range: $r, field: $t) { other } }", {"r": EVER, "t": text}),
            ("query($r: TimeRangeInput!, $t: String!) { histogram(range: $r, by: $t) { interval } }", {"r": EVER, "t": text}),
            ("query($r: TimeRangeInput!, $t: [ID!]) { flows(range: $r, first: 1, clusters: $t) { totalCount } }", {"r": EVER, "t": [text]}),
            ("query($r: TimeRangeInput!, $t: KQL) { flows(range: $r, first: 1, filter: $t) { totalCount } }", {"r": EVER, "t": text}),
            ("query($r: TimeRangeInput!, $t: String) { flows(range: $r, first: 1, after: $t) { totalCount } }", {"r": EVER, "t": text}),
            ("query($t: ID!) { node(id: $t) { id } }", {"t": text}),
            ("query($r: TimeRangeInput!, $t: ID!) { serviceEdge(id: $t, range: $r) { id } }", {"r": EVER, "t": text}),
            ("query($r: TimeRangeInput!, $t: [ID!]) { serviceGraph(range: $r, expand: $t) { truncated } }", {"r": EVER, "t": [text]}),
            ("query($t: TimePoint!) { serviceGraph(range: {from: $t}) { truncated } }", {"t": text}),
            ("query($t: String!) { workload(cluster: $t, namespace: $t, name: $t) { id } }", {"t": text}),
        ]  # fmt: skip
    for query, variables in asked:
        answer = served.answer(query, variables)
        for error in answer.get("errors", []):
            assert error.get("extensions", {}).get("code") != "INTERNAL", (query, variables, error)
            assert not [leak for leak in LEAKS if leak in error["message"]], error["message"]
    told = served.ask(
        'query($r: TimeRangeInput!) { flows(range: $r, clusters: ["hostile"], first: 1) { totalCount } }',
        {"r": EVER},
    )
    assert int(told["flows"]["totalCount"]) == len(hostile)


def test_our_own_log_stays_one_line_an_event(served: Served, hostile: dict[str, int]) -> None:
    for line in served.said.splitlines():
        assert "\x1b" not in line
        if line.startswith("{"):
            json.loads(line)


def test_a_limited_token_sees_nothing_of_others(served: Served) -> None:
    """Another cluster's ids, cursors, counts and names, all guessed right, give what absent ones give."""
    now = int(time.time())
    for cluster, place in (("mine", "open"), ("theirs", "secret-place")):
        lines = [
            json.dumps(
                {
                    "start_time": now - 60,
                    "action": "deny",
                    "reporter": "src",
                    "source_type": "wep",
                    "source_namespace": place,
                    "source_name_aggr": f"{place}-app-*",
                    "dest_type": "wep",
                    "dest_namespace": place,
                    "dest_name_aggr": f"{place}-db-*",
                    "proto": "tcp",
                    "dest_port": port,
                }
            ).encode()
            for port in range(1, 40)
        ]
        assert served.ingest(lines, cluster)["accepted"] == len(lines)
    made = served.command("token", "create", "limited", "--cluster", "mine")
    token = made.stdout.decode().strip()
    everything = served.ask(
        'query($r: TimeRangeInput!) { flows(range: $r, clusters: ["theirs"], first: 2) { nodes { id edgeId } pageInfo { endCursor } }'
        ' serviceGraph(range: $r, clusters: ["theirs"]) { nodes { id } edges { id } }'
        ' alerts(range: $r, clusters: ["theirs"], first: 5) { nodes { id } } }',
        {"r": EVER},
    )
    ids = [everything["flows"]["nodes"][0]["id"], everything["flows"]["nodes"][0]["edgeId"]]
    ids += [everything["serviceGraph"]["nodes"][0]["id"], everything["serviceGraph"]["edges"][0]["id"]]
    ids += [everything["alerts"]["nodes"][0]["id"]]
    for each in ids:
        answer = served.answer("query($i: ID!) { node(id: $i) { id __typename } }", {"i": each}, token)
        assert (answer.get("data") or {}).get("node") is None
        assert "secret-place" not in json.dumps(answer)
    edge = served.answer(
        "query($r: TimeRangeInput!, $i: ID!) { serviceEdge(id: $i, range: $r) { allowed { records } } }",
        {"r": EVER, "i": everything["serviceGraph"]["edges"][0]["id"]},
        token,
    )
    assert (edge.get("data") or {}).get("serviceEdge") is None
    stolen = served.answer(
        'query($r: TimeRangeInput!, $a: String) { flows(range: $r, clusters: ["theirs"], first: 5, after: $a) { nodes { sourceNamespace } totalCount } }',
        {"r": EVER, "a": everything["flows"]["pageInfo"]["endCursor"]},
        token,
    )
    assert "secret-place" not in json.dumps(stolen)
    seen = served.ask(
        "query($r: TimeRangeInput!) { clusters { name } namespaces { name } serviceGraph(range: $r, level: WORKLOAD) { columns }"
        " flows(range: $r, first: 500) { nodes { cluster raw } totalCount } alerts(range: $r, first: 500) { nodes { title cluster } totalCount }"
        ' topValues(range: $r, field: "source_namespace") { values { value count } other }'
        ' suggest(field: "source_namespace", prefix: "sec", range: $r) { value } histogram(range: $r, by: "cluster") { series { key } } }',
        {"r": EVER},
        token,
    )
    text = json.dumps(seen)
    assert "secret-place" not in text
    assert "theirs" not in text
    assert "hostile" not in text
    assert [each["name"] for each in seen["clusters"]] == ["mine"]
    assert int(seen["flows"]["totalCount"]) == 39
