"""GlobalAlerts and templates become rules, or say which part of them cannot."""

from typing import Any

import pytest

from tapetum.detect.globalalert import translated
from tapetum.domain.errors import BadInputError

SPEC: dict[str, Any] = {"description": "Looks at ${qname}", "severity": 70, "dataSet": "dns"}


def alert(kind: str = "GlobalAlert", **spec: Any) -> dict[str, Any]:
    return {
        "apiVersion": "projectcalico.org/v3",
        "kind": kind,
        "metadata": {"name": "lookups", "uid": "x"},
        "spec": {**SPEC, **spec},
        "status": {"healthy": True},
    }


MEASURED = {"metric": "sum", "field": "count", "condition": "gt", "threshold": 5}


def test_a_hit_by_itself_is_a_rule_on_records() -> None:
    assert translated(alert(query="rcode = NXDomain", period="1h", summary=None)) == {
        "format": 1,
        "title": "lookups",
        "enabled": True,
        "kind": "dns",
        "filter": 'rcode:"NXDomain"',
        "severity": 70,
        "summary": "Looks at ${qname}",
        "description": "Looks at ${qname}",
    }


def test_a_metric_is_a_window_whose_value_the_texts_name() -> None:
    rule = translated(
        alert(**MEASURED, aggregateBy="qname", summary="${sum} of ${qname}", lookback="1h15m", period="90s")
    )
    assert rule["summary"] == "${value} of ${qname}"
    assert rule["filter"] == ""
    assert rule["window"] == {
        "lookback": 4500,
        "period": 90,
        "groupBy": ("qname",),
        "metric": {"op": "sum", "field": "count"},
        "condition": "gt",
        "threshold": 5.0,
    }


def test_groups_alone_are_a_window_over_any_record() -> None:
    window = translated(alert(aggregateBy=["qname", "rcode"]))["window"]
    assert window == {
        "lookback": 600,
        "period": 300,
        "groupBy": ("qname", "rcode"),
        "condition": "gte",
        "threshold": 1,
    }


def test_a_count_is_of_records_and_a_short_lookback_is_its_own_period() -> None:
    window = translated(alert(**{**MEASURED, "metric": "count"}, lookback="2m"))["window"]
    assert window["metric"] == {"op": "count"}
    assert (window["lookback"], window["period"]) == (120, 120)


def test_a_template_is_switched_off() -> None:
    assert translated(alert("GlobalAlertTemplate"))["enabled"] is False


def test_substitutions_stand_for_their_values() -> None:
    rule = translated(alert(query="qname IN ${d}", substitutions=[{"name": "d", "values": ["*.a", "b", 5]}]))
    assert rule["filter"] == 'qname:*.a or qname:"b" or qname:"5"'


def test_a_value_stays_a_value() -> None:
    rule = translated(alert(query='qname = "x\\" or qname: * or \\""'))
    assert rule["filter"] == r'qname:"x\" or qname: * or \""'


@pytest.mark.parametrize(
    ("spec", "path", "says"),
    [
        ({"dataSet": "waf"}, "spec.dataSet", "web application firewall are not kept here"),
        ({"dataSet": "vulnerability"}, "spec.dataSet", "scan results are not kept here"),
        ({"dataSet": "nix"}, "spec.dataSet", "there is no such one; audit, dns, flows, l7 are"),
        ({"type": "AnomalyDetection"}, "spec.type", "RuleBased"),
        ({"severity": "high"}, "spec.severity", "expected `int`"),
        ({"detector": "x"}, "spec", "unknown field `detector`"),
        ({"query": "rtype = A"}, "spec.query", 'no field "rtype" for dns (column 1)'),
        ({"query": "rcode = A AND"}, "spec.query", "at column 14"),
        ({"query": "count > many"}, "spec.query", "count holds a number"),
        ({"query": "qname IN ${x}"}, "spec.query", "no substitution"),
        ({"substitutions": [{"name": "x", "values": []}]}, "spec.substitutions[0]", "no values"),
        (
            {"substitutions": [{"name": "x", "values": ["a"]}] * 2},
            "spec.substitutions[1]",
            '"x" is there twice',
        ),
        ({"field": "count"}, "spec.field", "needs a metric"),
        ({"threshold": 5}, "spec.threshold", "needs a metric"),
        ({**MEASURED, "condition": None}, "spec.condition", "a metric needs it"),
        ({**MEASURED, "threshold": None}, "spec.threshold", "a metric needs it"),
        ({**MEASURED, "field": None}, "spec.field", "sum needs a field"),
        ({**MEASURED, "metric": "median"}, "spec.metric", "not one of avg, count, max"),
        ({**MEASURED, "lookback": "1.5h"}, "spec.lookback", '"1.5h" is no length'),
        ({**MEASURED, "period": ""}, "spec.period", "is no length"),
    ],
)
def test_what_cannot_be_is_told_with_its_place(spec: dict[str, Any], path: str, says: str) -> None:
    with pytest.raises(BadInputError) as refused:
        translated(alert(**spec))
    assert refused.value.path == path
    assert says in refused.value.message


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"apiVersion": "v1"}, "apiVersion"),
        ({"metadata": {}}, "metadata"),
        ({"metadata": {"name": 5}}, "metadata.name"),
        ({"spec": None}, "spec"),
        ({"spec": []}, "spec"),
        ({"spec": {**SPEC, "summary": "\ud800"}}, None),
    ],
)
def test_an_object_that_is_none_is_refused(changes: dict[str, Any], path: str | None) -> None:
    with pytest.raises(BadInputError) as refused:
        translated({**alert(), **changes})
    assert refused.value.path == path
