"""Alert rules are read strictly; a window's begin and end never overlap; templates are filled in one pass."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapetum.domain.alert_rules import LONGEST, SHORTEST, AlertRule, Condition, Window
from tapetum.domain.batches import RecordKind
from tapetum.domain.documents import ALERTS_PAGE, read_body, write_body
from tapetum.domain.errors import BadInputError
from tapetum.domain.metrics import Op
from tapetum.domain.saved_query import Metric
from tapetum.domain.templates import fill, places

numbers = st.floats(-1e9, 1e9)
prose = st.text(st.characters(codec="utf-8", exclude_characters="$"), max_size=40)
lines = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=1, max_size=20)
fields = st.sampled_from(["dest_port", "source_namespace", "odd.name"])
RISING = (Condition.GT, Condition.GTE)


@st.composite
def windows(draw: st.DrawFn) -> Window:
    lookback, condition, threshold = (
        draw(st.integers(SHORTEST, LONGEST)),
        draw(st.sampled_from(Condition)),
        draw(numbers),
    )
    clear: float | None = None
    if condition not in (Condition.EQ, Condition.NOT_EQ) and draw(st.booleans()):
        away = draw(st.floats(0, 1e6))
        clear = threshold - away if condition in RISING else threshold + away
    return Window(
        lookback=lookback,
        period=draw(st.integers(1, lookback)),
        group_by=tuple(draw(st.lists(fields, max_size=3, unique=True))),
        metric=draw(st.builds(Metric, op=st.sampled_from(Op), field=fields)),
        condition=condition,
        threshold=threshold,
        clear=clear,
        hold=draw(st.integers(0, LONGEST)),
    )


rules = st.builds(
    AlertRule,
    format=st.just(1),
    title=lines,
    enabled=st.booleans(),
    kind=st.sampled_from([kind for kind in RecordKind if kind is not RecordKind.ALERTS]),
    filter=prose,
    clusters=st.none() | st.lists(lines, min_size=1, max_size=3).map(tuple),
    severity=st.integers(1, 100),
    summary=prose,
    description=st.just("of ${dest_port}") | prose,
    technique=st.none() | st.sampled_from(["T1046", "T1071.004"]),
    tactic=st.none() | st.just("TA0007"),
    mitigations=st.lists(prose, max_size=3).map(tuple),
    window=st.none() | windows(),
)


@given(rules)
def test_what_is_written_is_read_as_it_was(rule: AlertRule) -> None:
    body = write_body(rule)
    assert read_body(body, AlertRule, ALERTS_PAGE) == rule
    assert write_body(read_body(body, AlertRule, ALERTS_PAGE)) == body


@given(windows(), numbers)
def test_no_value_begins_and_ends_an_alarm(window: Window, value: float) -> None:
    assert not (window.begins(value) and window.ends(value))
    assert window.begins(window.threshold) is (
        window.condition in (Condition.GTE, Condition.LTE, Condition.EQ)
    )
    if window.clear is None or window.clear == window.threshold:
        assert window.begins(value) is not window.ends(value)


def test_an_alarm_ends_only_beyond_clear() -> None:
    window = Window(condition=Condition.GTE, threshold=100, clear=40)
    values = [99, 100, 99, 40, 39, 99, 100]
    told: list[bool] = []
    alarm = False
    for value in values:
        alarm = not window.ends(value) if alarm else window.begins(value)
        told.append(alarm)
    assert told == [False, True, True, True, False, False, True]


RULE: dict[str, Any] = {"format": 1, "title": "T", "kind": "flows", "severity": 50}


@pytest.mark.parametrize(
    ("members", "path", "says"),
    [
        ({"kind": "alerts"}, "", "alerts raise no alerts"),
        ({"kind": "flow"}, ".kind", "not one of flows"),
        ({"severity": 0}, ".severity", ">= 1"),
        ({"severity": 101}, ".severity", "<= 100"),
        ({"clusters": []}, ".clusters", "length >= 1"),
        ({"technique": "1046"}, ".technique", "matching regex"),
        ({"tactic": "T1046"}, ".tactic", "matching regex"),
        ({"title": "\n"}, "", "the title is blank"),
        ({"summary": "to ${dest port}"}, "", "summary has a ${ without"),
        ({"description": "to ${dest_port"}, "", "description has a ${ without"),
        ({"mitigations": ["a", "${}"]}, "", "mitigations[1] has a ${ without"),
        ({"colour": "red"}, "", "unknown field `colour`"),
        ({"window": {}}, ".window", "missing required field `threshold`"),
        ({"window": {"threshold": 1, "lookback": 59}}, ".window.lookback", ">= 60"),
        ({"window": {"threshold": 1, "lookback": 86401}}, ".window.lookback", "<= 86400"),
        ({"window": {"threshold": 1, "lookback": 60, "period": 61}}, ".window", "period is 61, longer than"),
        ({"window": {"threshold": 1, "period": 0}}, ".window.period", ">= 1"),
        ({"window": {"threshold": 1, "groupBy": ["a", "a"]}}, ".window", "groupBy names a field twice"),
        ({"window": {"threshold": 1, "groupBy": list("abcde")}}, ".window.groupBy", "length <= 4"),
        ({"window": {"threshold": 1, "metric": {"op": "sum"}}}, ".window.metric", "sum needs a field"),
        ({"window": {"threshold": 1, "condition": "eq", "clear": 1}}, ".window", "clear is for gt, gte"),
        ({"window": {"threshold": 1, "clear": 2}}, ".window", "clear is 2, which meets the threshold 1"),
        ({"window": {"threshold": 2, "clear": 1, "condition": "lt"}}, ".window", "clear is 1, which meets"),
        ({"window": {"threshold": "1"}}, ".window.threshold", "expected `float`"),
    ],
)
def test_a_rule_that_breaks_a_rule_is_told_where(members: dict[str, Any], path: str, says: str) -> None:
    with pytest.raises(BadInputError) as refused:
        read_body(msgspec.json.encode({**RULE, **members}), AlertRule, ALERTS_PAGE)
    assert refused.value.path == f"document{path}"
    assert says in refused.value.message
    assert refused.value.message.endswith("docs/alerts.md describes the format.")


names = st.text("abc_.XYZ019", min_size=1, max_size=6)


@given(st.lists(prose, min_size=1), names, st.text(min_size=1, max_size=5))
def test_places_are_filled_and_the_rest_stays(plain: list[str], name: str, value: str) -> None:
    template = f"${{{name}}}".join(plain)
    assert fill(template, {name: value}) == value.join(plain)
    assert places(template) == ((name,) if len(plain) > 1 else ())
    assert fill(template, {}) == "-".join(plain)


def test_a_value_that_looks_like_a_place_is_not_filled() -> None:
    assert fill("${a} and ${b}", {"a": "${b}", "b": "2"}) == "${b} and 2"
