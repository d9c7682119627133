"""Documents are read strictly, and each refusal says where."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapetum.domain.batches import RecordKind
from tapetum.domain.dashboards import COLUMNS, Dashboard, Place, Range, Variable, Widget, WidgetKind
from tapetum.domain.documents import MOST_BYTES, read_body, write_body
from tapetum.domain.errors import BadInputError, TooLargeError
from tapetum.domain.metrics import Op, Unit
from tapetum.domain.presets import Direction, OrderBy, Preset, View
from tapetum.domain.saved_query import MOST_ROWS, Metric, Query
from tapetum.domain.traffic import ReporterRule

lines = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=1, max_size=20)
prose = st.text(st.characters(codec="utf-8"), max_size=40)
names = st.text("abcXYZ019_-", min_size=1, max_size=10)
fields = st.sampled_from(["dest_port", "source_namespace", "odd.name"])
kinds = st.sampled_from(RecordKind)
metrics = st.builds(Metric, op=st.just(Op.COUNT), label=st.none() | lines) | st.builds(
    Metric,
    op=st.sampled_from([op for op in Op if op is not Op.COUNT]),
    field=fields,
    unit=st.none() | st.sampled_from(Unit),
)


def queries(
    groups: int, *, timed: bool, measured: int, kind: RecordKind | None = None
) -> st.SearchStrategy[Query]:
    return st.builds(
        Query,
        kind=kinds if kind is None else st.just(kind),
        filter=prose,
        group_by=st.lists(fields, min_size=groups, max_size=groups, unique=True).map(tuple),
        metrics=st.lists(metrics, min_size=measured, max_size=measured).map(tuple),
        interval=st.integers(1, 604_800) | st.just("auto") if timed else st.none(),
        limit=st.integers(1, MOST_ROWS),
        reporters=st.sampled_from(ReporterRule),
    )


SHAPES = st.sampled_from(
    [
        (WidgetKind.NUMBER, 0, False, 1),
        (WidgetKind.TIMESERIES, 2, True, 1),
        (WidgetKind.TIMESERIES, 0, True, 3),
        (WidgetKind.BARS, 1, False, 2),
        (WidgetKind.TABLE, 3, False, 4),
        (WidgetKind.PIE, 1, False, 1),
        (WidgetKind.HEATMAP, 2, False, 1),
        (WidgetKind.HEATMAP, 1, True, 1),
    ]
)


@st.composite
def dashboards(draw: st.DrawFn) -> Dashboard:
    widgets: list[Widget] = []
    for row, name in enumerate(draw(st.lists(names, max_size=5, unique=True))):
        kind, groups, timed, measured = draw(SHAPES)
        x = draw(st.integers(0, COLUMNS - 1))
        widgets.append(
            Widget(
                id=name,
                title=draw(lines),
                description=draw(prose),
                kind=kind,
                place=Place(x=x, y=row * 3, w=draw(st.integers(1, COLUMNS - x)), h=draw(st.integers(1, 3))),
                query=draw(queries(groups, timed=timed, measured=measured)),
                unit=draw(st.sampled_from(Unit)),
                drill=draw(st.none() | prose),
            )
        )
    picked = st.dictionaries(kinds, st.lists(fields, min_size=1, max_size=2).map(tuple), min_size=1)
    variable = st.builds(Variable, name=names, title=lines, fields=picked, default=st.none() | prose)
    return Dashboard(
        format=1,
        title=draw(lines),
        description=draw(prose),
        range=draw(st.none() | st.just(Range(from_="now-1h"))),
        variables=tuple(draw(st.lists(variable, max_size=2, unique_by=lambda each: each.name))),
        widgets=tuple(widgets),
    )


@st.composite
def presets(draw: st.DrawFn) -> Preset:
    view, kind = draw(st.sampled_from(View)), draw(kinds)
    grouped = view in (View.TABLE, View.COMPARE)
    return Preset(
        format=1,
        title=draw(lines),
        question=draw(lines),
        explanation=draw(prose),
        kind=kind,
        filter=draw(prose),
        columns=tuple(draw(st.lists(fields, unique=True))),
        order_by=draw(st.none() | st.builds(OrderBy, field=fields, direction=st.sampled_from(Direction))),
        view=view,
        query=draw(queries(1, timed=False, measured=2, kind=kind)) if grouped else None,
    )


@given(dashboards() | presets())
def test_what_is_written_is_read_as_it_was(document: Dashboard | Preset) -> None:
    body = write_body(document)
    assert read_body(body, type(document)) == document
    assert write_body(read_body(body, type(document))) == body


@given(dashboards() | presets(), st.data())
def test_no_member_is_ignored(document: Dashboard | Preset, data: st.DataObject) -> None:
    """One more anywhere is refused, with the path of where it stands."""
    whole: Any = msgspec.json.decode(write_body(document))
    path, place = data.draw(st.sampled_from(list(objects(whole, "document"))))
    place["colour"] = "red"
    with pytest.raises(BadInputError) as refused:
        read_body(msgspec.json.encode(whole), type(document))
    assert refused.value.path == path
    assert refused.value.message.startswith(f"{refused.value.path}: ")


def objects(value: Any, path: str) -> Any:
    if isinstance(value, dict) and path.rpartition(".")[2] != "fields":
        yield path, value
        for name, inner in value.items():
            yield from objects(inner, f"{path}.{name}")
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from objects(inner, f"{path}[{place}]")


PLACE = {"x": 0, "y": 0, "w": 6, "h": 4}
QUERY = {"kind": "flows", "metrics": [{"op": "count"}]}


def widget(**members: Any) -> dict[str, Any]:
    return {"id": "a", "title": "A", "kind": "number", "place": PLACE, "query": QUERY, **members}


def query(**members: Any) -> dict[str, Any]:
    return {**QUERY, **members}


SUM = {"op": "sum", "field": "bytes_in"}


@pytest.mark.parametrize(
    ("members", "path", "says"),
    [
        ({"kind": "number", "query": query(groupBy=["a"])}, "", "a number has one metric and no groups"),
        ({"kind": "number", "query": query(metrics=[SUM, SUM])}, "", "a number has one metric"),
        ({"kind": "number", "query": query(interval=60)}, "", "a number has one metric"),
        ({"kind": "timeseries"}, "", "a time series needs an interval"),
        (
            {"kind": "timeseries", "query": query(interval=60, groupBy=["a"], metrics=[SUM, SUM])},
            "",
            "several metrics or groups, not both",
        ),
        ({"kind": "bars"}, "", "bars have one or two groups"),
        ({"kind": "bars", "query": query(groupBy=["a", "b", "c"])}, "", "bars have one or two groups"),
        ({"kind": "table"}, "", "a table has groups"),
        ({"kind": "pie", "query": query(groupBy=["a", "b"])}, "", "a pie has one metric and one group"),
        ({"kind": "heatmap", "query": query(groupBy=["a"])}, "", "a heat map has one metric and two"),
        (
            {"kind": "pie", "calendar": "days", "query": query(groupBy=["a"])},
            "",
            "only a heat map has a calendar",
        ),
        (
            {"kind": "heatmap", "calendar": "days", "query": query(groupBy=["a"])},
            "",
            "a calendar has one metric",
        ),
        ({"kind": "heatmap", "calendar": "days", "query": query(interval=60)}, "", "and nothing else"),
        (
            {"kind": "heatmap", "calendar": "days", "query": query(metrics=[{"op": "avg", "field": "a"}])},
            "",
            "avg of hours does not add up",
        ),
        ({"kind": "heatmap", "calendar": "months"}, ".calendar", "not one of days, weekdays"),
        ({"query": query(groupBy=["a", "a"])}, ".query", "groupBy names a field twice"),
        ({"query": query(metrics=[])}, ".query.metrics", "length >= 1"),
        ({"query": query(metrics=[{"op": "sum"}])}, ".query.metrics[0]", "sum needs a field"),
        ({"query": query(metrics=[{"op": "median"}])}, ".query.metrics[0].op", "not one of count, sum, avg"),
        ({"query": query(kind="flow")}, ".query.kind", "not one of flows"),
        ({"query": query(interval="hourly")}, ".query.interval", "not one of auto"),
        ({"query": query(interval=0)}, ".query.interval", ">= 1"),
        ({"query": query(limit=1001)}, ".query.limit", "<= 1000"),
        ({"query": query(reporters="both")}, ".query.reporters", "not one of combined, each"),
        ({"id": "a b"}, ".id", "matching regex"),
        ({"title": " "}, "", "the title is blank"),
        ({"title": "\u202egnp"}, "", "cannot be shown"),
        ({"place": {**PLACE, "x": 12}}, ".place.x", "<= 11"),
        ({"place": {**PLACE, "x": 1.5}}, ".place.x", "expected `int`, got `float`"),
        ({"place": {**PLACE, "x": 7}}, ".place", "x + w is 13"),
    ],
)
def test_a_widget_that_breaks_a_rule_is_told_where(members: dict[str, Any], path: str, says: str) -> None:
    whole = {"format": 1, "title": "T", "widgets": [widget(**members)]}
    with pytest.raises(BadInputError) as refused:
        read_body(msgspec.json.encode(whole), Dashboard)
    assert refused.value.path == f"document.widgets[0]{path}"
    assert says in refused.value.message


def test_widgets_do_not_lie_on_each_other() -> None:
    def both(x: int, y: int) -> bytes:
        other = widget(id="b", place={**PLACE, "x": x, "y": y})
        return msgspec.json.encode({"format": 1, "title": "T", "widgets": [widget(), other]})

    for x, y in ((6, 0), (0, 4), (6, 4)):
        assert read_body(both(x, y), Dashboard)
    for x, y in ((0, 0), (5, 3), (5, 0), (0, 3)):
        with pytest.raises(BadInputError, match="the widgets a and b lie on each other"):
            read_body(both(x, y), Dashboard)


@pytest.mark.parametrize(
    ("members", "says"),
    [
        ({"view": "table"}, "the view table needs a query"),
        ({"view": "compare"}, "the view compare needs a query"),
        ({"view": "logs", "query": QUERY}, "the view logs takes no query"),
        ({"view": "unanswered", "query": QUERY}, "the view unanswered takes no query"),
        ({"view": "table", "query": {**QUERY, "kind": "alerts"}}, "its query asks alerts"),
        ({"columns": ["a", "a"]}, "columns names a field twice"),
        ({"question": ""}, "length >= 1"),
        ({"view": "chart"}, "not one of logs, table, unanswered, compare"),
    ],
)
def test_a_preset_that_breaks_a_rule_is_refused(members: dict[str, Any], says: str) -> None:
    whole = {"format": 1, "title": "T", "question": "Q?", "kind": "flows", **members}
    with pytest.raises(BadInputError, match=says):
        read_body(msgspec.json.encode(whole), Preset)


@pytest.mark.parametrize(
    "body", [b"", b"nonsense", b"{", b"\xff", b'{"a":' * 5000, b"[" * 5000, b"null", b"5"]
)
def test_what_is_no_document_is_one_sentence(body: bytes) -> None:
    with pytest.raises(BadInputError) as refused:
        read_body(body, Dashboard)
    assert refused.value.path == "document"
    assert refused.value.message.endswith("docs/dashboards.md describes the format.")
    assert len(refused.value.message) < 300


def test_a_document_is_measured_before_it_is_read() -> None:
    with pytest.raises(TooLargeError, match=str(MOST_BYTES)):
        read_body(b"x" * (MOST_BYTES + 1), Dashboard)
