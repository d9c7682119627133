"""The documents that come with the product: each fits its records, and obeys the rules of what adds up."""

from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import msgspec
import pytest

from tapetum.api import builtin
from tapetum.api.use.builtin import documents
from tapetum.api.use.fitting import fitted
from tapetum.domain.alert_rules import AlertRule
from tapetum.domain.batches import RecordKind
from tapetum.domain.dashboards import Dashboard
from tapetum.domain.documents import Document, DocumentKind
from tapetum.domain.errors import TapetumError
from tapetum.domain.metrics import Op
from tapetum.domain.presets import Preset, View
from tapetum.domain.saved_query import MOST_GROUPS, MOST_METRICS, MOST_ROWS, Query
from tapetum.domain.traffic import ReporterRule
from tapetum.logstore.aggregation import GROUP_FIELDS, LIMIT, METRICS

FOLDERS = {
    DocumentKind.DASHBOARD: "dashboards",
    DocumentKind.PRESET: "presets",
    DocumentKind.ALERT_RULE: "alert_rules",
}
FORMS = {
    DocumentKind.DASHBOARD: Dashboard,
    DocumentKind.PRESET: Preset,
    DocumentKind.ALERT_RULE: AlertRule,
}
FILES = [
    pytest.param(kind, entry.read_bytes(), id=entry.name)
    for kind, folder in FOLDERS.items()
    for entry in sorted((files(builtin) / folder).iterdir(), key=lambda entry: entry.name)
]
QUESTIONS = {
    "denied-flows",
    "denied-by-policy",
    "who-denied-whom",
    "bytes-by-calling-namespace",
    "bytes-by-called-namespace",
    "unanswered",
    "processes",
    "process-ids",
    "jndi",
    "service-ports",
    "domains-reached",
    "outside-by-workload",
    "lookups-by-workload",
    "cleartext",
    "http-beside-https",
    "denied-dns",
    "failing-lookups",
    "dns-latency",
    "tcp-health",
    "load-compared",
}
BOARDS = {
    "cluster-health",
    "traffic",
    "dns",
    "http",
    "tcp",
    "flows",
    "audit",
    "bgp",
    "egress",
    "tor-vpn",
    "alerts",
}


def read(kind: DocumentKind) -> Iterator[tuple[str, Any]]:
    for each in documents(kind).values():
        yield each.id, msgspec.json.decode(each.body, type=FORMS[kind])


def queries() -> Iterator[Any]:
    """With the filter that the whole of it comes to."""
    for name, board in read(DocumentKind.DASHBOARD):
        for widget in board.widgets:
            yield pytest.param(widget.query, widget.query.filter, id=f"{name}/{widget.id}")
    for name, preset in read(DocumentKind.PRESET):
        if preset.query is not None:
            both = " and ".join(filter(None, (preset.filter, preset.query.filter)))
            yield pytest.param(preset.query, both, id=name)


QUERIES = list(queries())


@pytest.mark.parametrize(("kind", "body"), FILES)
def test_a_builtin_document_fits_its_records(kind: DocumentKind, body: bytes) -> None:
    assert fitted(kind, body).title


@pytest.mark.parametrize(("kind", "body"), FILES)
def test_any_other_name_in_it_would_not(kind: DocumentKind, body: bytes) -> None:
    """That they fit says nothing unless a slip in any field would be seen."""
    whole: Any = msgspec.json.decode(body)
    slips = list(fields_in(whole))
    assert slips or whole.get("view") == "unanswered" or not whole.get("window")
    for holder, place in slips:
        kept = holder[place]
        holder[place] = f"{kept}x"
        with pytest.raises(TapetumError):
            fitted(kind, msgspec.json.encode(whole))
        holder[place] = kept
    assert fitted(kind, msgspec.json.encode(whole))


def fields_in(value: Any) -> Iterator[tuple[Any, Any]]:
    """Where fields are named."""
    if isinstance(value, list):
        for inner in value:
            yield from fields_in(inner)
    elif isinstance(value, dict):
        for name, inner in value.items():
            if name in ("groupBy", "columns"):
                yield from ((inner, place) for place in range(len(inner)))
            elif name == "field":
                yield value, name
            elif name == "fields":
                yield from ((fields, place) for fields in inner.values() for place in range(len(fields)))
            else:
                yield from fields_in(inner)


def test_a_document_may_ask_as_much_as_aggregate_answers() -> None:
    assert (MOST_GROUPS, MOST_METRICS, MOST_ROWS) == (GROUP_FIELDS, METRICS, LIMIT)


def test_every_question_and_board_is_there() -> None:
    def names(kind: DocumentKind) -> set[str]:
        return {each.removeprefix("builtin.") for each in documents(kind)}

    assert names(DocumentKind.DASHBOARD) == BOARDS
    assert names(DocumentKind.PRESET) == QUESTIONS


def test_each_is_explained_and_named_once() -> None:
    for _, preset in read(DocumentKind.PRESET):
        assert preset.question.endswith("?")
        assert len(preset.explanation) > 60
    for _, board in read(DocumentKind.DASHBOARD):
        assert len(board.description) > 60
        assert board.variables[0].name == "cluster"
    for kind in DocumentKind:
        titles = [each.title for each in documents(kind).values()]
        assert len(set(titles)) == len(titles)


def test_what_needs_work_of_its_own_says_so() -> None:
    views = {name.removeprefix("builtin."): preset.view for name, preset in read(DocumentKind.PRESET)}
    assert views["unanswered"] is View.UNANSWERED
    assert views["load-compared"] is View.COMPARE


@pytest.mark.parametrize(("query", "text"), QUERIES)
def test_requests_are_sums_and_connections_are_those_that_started(query: Query, text: str) -> None:
    for metric in query.metrics:
        if query.kind in (RecordKind.DNS, RecordKind.L7):
            assert metric.op is not Op.COUNT, "a record stands for many requests"
        if query.kind is RecordKind.FLOWS:
            assert metric.field not in ("num_flows", "num_flows_completed")
            assert metric.op is not Op.COUNT or query.reporters is ReporterRule.EACH, (
                "records are of reporters"
            )


@pytest.mark.parametrize(("query", "text"), QUERIES)
def test_no_total_adds_both_reporters(query: Query, text: str) -> None:
    """Records of each reporter are summed only where rows keep them apart, or one alone is asked."""
    if query.kind is not RecordKind.FLOWS:
        assert query.reporters is ReporterRule.COMBINED
        return
    summed = [metric for metric in query.metrics if metric.op is Op.SUM]
    if query.reporters is ReporterRule.EACH and summed:
        apart = {"reporter", "host"} & set(query.group_by) or "reporter: " in text
        assert apart or any(name.startswith("policy_hits.") for name in query.group_by)
    if query.reporters is ReporterRule.COMBINED:
        relative = {"bytes_in", "bytes_out", "packets_in", "packets_out"}
        assert not relative & {metric.field for metric in summed}, "those are relative to who reports"


@pytest.mark.parametrize(("query", "text"), QUERIES)
def test_totals_of_requests_include_unlogged_ones(query: Query, text: str) -> None:
    """A DNS filter either names what an unlogged row cannot have, or leaves unlogged rows in."""
    if query.kind is RecordKind.DNS and text and "UNLOGGED" not in text:
        assert any(f"{name}" in text for name in ("rcode", "qname: *", "latency_count")), text


@pytest.mark.parametrize("kind", DocumentKind)
def test_they_belong_to_nobody(kind: DocumentKind) -> None:
    for each in documents(kind).values():
        assert isinstance(each, Document)
        assert (each.owner, each.version, each.shared) == (None, 0, True)
