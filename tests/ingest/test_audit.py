"""Audit events: members as dotted columns, times that stand in, lists of events, and reasons."""

import json
from typing import Any

import pytest

from tapetum.ingest.forms import Form
from tests.ingest.deliver import delivered, only, reason, rows

EVENT: dict[str, Any] = {
    "kind": "Event",
    "apiVersion": "audit.k8s.io/v1",
    "level": "RequestResponse",
    "auditID": "6f2d",
    "stage": "ResponseComplete",
    "requestURI": "/apis/projectcalico.org/v3/namespaces/data/networkpolicies/default.db",
    "verb": "update",
    "user": {"username": "ana", "uid": "7", "groups": ["dev", "system:authenticated"], "extra": {"a": ["b"]}},
    "impersonatedUser": {"username": "root"},
    "sourceIPs": ["10.0.0.1", "::ffff:192.0.2.7"],
    "userAgent": "kubectl/v1.34.1",
    "objectRef": {
        "resource": "networkpolicies",
        "namespace": "data",
        "name": "default.db",
        "uid": "u-1",
        "apiGroup": "projectcalico.org",
        "apiVersion": "v3",
        "resourceVersion": "1007",
        "subresource": "status",
    },
    "responseStatus": {
        "metadata": {},
        "code": 403,
        "status": "Failure",
        "reason": "Forbidden",
        "message": "no",
    },
    "requestObject": {"spec": {"selector": "all()"}},
    "requestReceivedTimestamp": "2026-11-23T14:00:00.000001Z",
    "stageTimestamp": "2026-11-23T14:00:00.250000Z",
    "annotations": {"authorization.k8s.io/decision": "forbid"},
}
RECEIVED = 1_795_442_400_000_001


def body(**fields: Any) -> bytes:
    return json.dumps({name: value for name, value in (EVENT | fields).items() if value is not ...}).encode()


def test_an_event() -> None:
    row = only(body(), Form.AUDIT)
    for name in ("level", "auditID", "stage", "requestURI", "verb", "userAgent"):
        assert row[name] == EVENT[name]
    for name in ("user", "impersonatedUser", "objectRef", "responseStatus"):
        for field, value in EVENT[name].items():
            assert row.get(f"{name}.{field}", value) == value
    assert row["user.groups"] == ["dev", "system:authenticated"]
    assert row["objectRef.resourceVersion"] == "1007"
    assert row["responseStatus.code"] == 403
    assert row["sourceIPs"] == ["10.0.0.1", "192.0.2.7"]
    assert (row["requestReceivedTimestamp"], row["stageTimestamp"]) == (RECEIVED, RECEIVED + 249_999)
    assert row["annotations"] == ["authorization.k8s.io/decision=forbid"]


def test_the_stage_stands_in_for_a_missing_arrival() -> None:
    row = only(body(requestReceivedTimestamp=...), Form.AUDIT)
    assert row["requestReceivedTimestamp"] == row["stageTimestamp"] == RECEIVED + 249_999


def test_little_is_enough() -> None:
    row = only(b'{"verb":"list","stageTimestamp":"2026-11-23T14:00:00Z"}', Form.AUDIT)
    assert (row["verb"], row["auditID"], row["user.username"]) == ("list", None, None)


@pytest.mark.parametrize("indent", [None, 2])
def test_an_event_list_is_as_many_lines(indent: int | None) -> None:
    events = [EVENT | {"auditID": str(number)} for number in range(3)]
    page = json.dumps({"kind": "EventList", "apiVersion": "audit.k8s.io/v1", "items": events}, indent=indent)
    batch = delivered(page.encode(), Form.AUDIT)
    assert [row["auditID"] for row in rows(batch.records)] == ["0", "1", "2"]
    assert len(batch.lines) == 3


def test_an_event_list_among_lines_is_refused_alone() -> None:
    page = json.dumps({"kind": "EventList", "items": [EVENT]}).encode()
    batch = delivered(body() + b"\n" + page + b"\n" + body(auditID="x"), Form.AUDIT)
    assert batch.records.num_rows == 2
    assert [each.reason for each in batch.rejections] == [
        "an EventList among other lines; send it alone, or write one event a line"
    ]


def test_a_hit_of_elasticsearch_is_unwrapped() -> None:
    assert only(b'{"_source":' + body() + b"}", Form.AUDIT)["auditID"] == "6f2d"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"requestReceivedTimestamp": ..., "stageTimestamp": ...}, "no time: requestReceivedTimestamp"),
        ({"stageTimestamp": "soon"}, 'stageTimestamp is "soon"; expected epoch time'),
        ({"kind": "Pod"}, 'not an audit event: kind is "Pod"'),
        ({"auditID": ..., "verb": ...}, "not an audit event: neither auditID nor verb"),
        ({"user": "ana"}, 'user is "ana"; expected an object'),
        ({"user": {"groups": "dev"}}, 'user.groups is "dev"; expected a list of texts'),
        ({"objectRef": {"name": 5}}, "objectRef.name is 5; expected text"),
        ({"responseStatus": {"code": "403"}}, 'responseStatus.code is "403"; expected a whole number'),
        ({"responseStatus": {"code": 2**31}}, "responseStatus.code is 2147483648; expected a whole number"),
        ({"sourceIPs": ["there"]}, 'sourceIPs[0] is "there"; expected an IP address'),
        ({"annotations": []}, "annotations is a list; expected an object of texts"),
        ({"annotations": {"a\x1b[2J": 1}}, "a value of annotations is 1; expected text"),
    ],
)
def test_reasons(fields: dict[str, Any], said: str) -> None:
    assert reason(body(**fields), Form.AUDIT).startswith(said)


def test_what_is_given_twice_is_refused() -> None:
    assert reason(body().replace(b'"verb"', b'"verb":"get","verb"'), Form.AUDIT) == (
        "verb is given more than once"
    )
    assert reason(body().replace(b'"uid": "u-1"', b'"uid":"u-1","uid":"u-2"'), Form.AUDIT) == (
        "objectRef.uid is given more than once"
    )
