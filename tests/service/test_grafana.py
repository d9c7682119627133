"""The dashboards in docs/grafana: whole by Grafana's model, and of metrics and labels that there are."""

import json
import re
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.metrics_core import Metric

from tapetum.api import Metrics
from tapetum.ingest.tally import Tally
from tapetum.service.ingest_metrics import IngestCollector
from tapetum.service.traffic_tally import TrafficTally

BOARDS = sorted((Path(__file__).parents[2] / "docs" / "grafana").glob("*.json"))
LABELS = {
    "tapetum_flow_connections": {"cluster", "source_namespace", "dest_namespace", "verdict", "reporter"},
    "tapetum_flow_bytes": {
        "cluster",
        "source_namespace",
        "dest_namespace",
        "verdict",
        "reporter",
        "direction",
    },
    "tapetum_dns_requests": {"cluster", "rcode"},
    "tapetum_http_requests": {"cluster", "class", "code", "reporter"},
    "tapetum_ingest_accepted": {"form"},
    "tapetum_ingest_rejected": {"form", "cause"},
    "tapetum_graphql_operations": {"field", "outcome"},
    "tapetum_graphql_operation_seconds": {"field", "le"},
    "tapetum_live_clients": set[str](),
    "tapetum_live_streams": set[str](),
    "tapetum_exports": {"outcome"},
}


def families() -> list[Metric]:
    metrics = Metrics()
    metrics.registry.register(IngestCollector(Tally()))
    metrics.registry.register(TrafficTally())
    return list(metrics.registry.collect())


def expressions(board: dict[str, Any]) -> list[str]:
    queries = [each["query"]["query"] for each in board["templating"]["list"] if each["type"] == "query"]
    return queries + [target["expr"] for panel in board["panels"] for target in panel["targets"]]


@pytest.fixture(params=BOARDS, ids=lambda path: path.stem)
def board(request: pytest.FixtureRequest) -> dict[str, Any]:
    return json.loads(request.param.read_text())


def test_there_are_some() -> None:
    assert {path.stem for path in BOARDS} == {"dns-http", "product", "traffic"}


def test_every_metric_and_label_of_a_query_exists(board: dict[str, Any]) -> None:
    known = {family.name: family.type for family in families()}
    for text in expressions(board):
        names = re.findall(r"\btapetum_\w+", text)
        assert names, text
        used: set[str] = set()
        for name in names:
            base = next((name.removesuffix(end) for end in ("_total", "_bucket") if name.endswith(end)), name)
            assert base in known, name
            assert name.endswith({"counter": "_total", "histogram": "_bucket"}.get(known[base], "")), name
            used |= LABELS[base]
        matched = set(re.findall(r"(\w+)(?:=~|!~|!=|=)\"", text))
        grouped = {part.strip() for by in re.findall(r"by \(([^)]*)\)", text) for part in by.split(",")}
        assert matched | grouped <= used, text


def test_the_labels_are_those_that_are_counted() -> None:
    """Read off the code that counts, so that a renamed label is noticed."""
    metrics = Metrics()
    for name, counter in (("graphql_operations", metrics.operations), ("exports", metrics.exports)):
        assert set(counter._labelnames) == LABELS[f"tapetum_{name}"]  # pyright: ignore[reportPrivateUsage]
    for family in families():
        labels: tuple[str, ...] | None = getattr(family, "_labelnames", None)
        if labels is not None and family.name in LABELS:
            assert set(labels) == LABELS[family.name]


def test_queries_are_balanced(board: dict[str, Any]) -> None:
    for text in expressions(board):
        assert text.count('"') % 2 == 0
        bare = re.sub(r'"[^"]*"', '""', text)
        for opening, closing in ("()", "{}", "[]"):
            assert bare.count(opening) == bare.count(closing), text
        assert set(re.findall(r"\$\{?(\w+)", text)) <= {"cluster", "__rate_interval", "__range"}


def test_a_board_is_whole(board: dict[str, Any]) -> None:
    assert board["uid"].startswith("tapetum-")
    assert len(board["uid"]) <= 40
    assert board["title"]
    assert board["description"]
    assert board["schemaVersion"] >= 36
    assert board["templating"]["list"][0] == board["templating"]["list"][0] | {
        "name": "datasource",
        "type": "datasource",
        "query": "prometheus",
    }
    ids = [panel["id"] for panel in board["panels"]]
    assert len(set(ids)) == len(ids) > 0
    for panel in board["panels"]:
        assert panel["type"] in ("timeseries", "stat", "table")
        assert panel["title"]
        assert panel["fieldConfig"]["defaults"]["unit"]
        assert panel["datasource"] == {"type": "prometheus", "uid": "${datasource}"}
        refs = [target["refId"] for target in panel["targets"]]
        assert len(set(refs)) == len(refs) > 0
    cells = [_cells(panel["gridPos"]) for panel in board["panels"]]
    assert all(not one & other for one, other in combinations(cells, 2))


def _cells(place: dict[str, int]) -> set[tuple[int, int]]:
    assert place["x"] >= 0
    assert place["x"] + place["w"] <= 24
    return {
        (x, y)
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    }
