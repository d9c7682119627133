"""Audit events of API servers (audit.k8s.io/v1), Kubernetes' and Calico's alike.

Members of objects are columns with dotted names. The request's and the response's objects stay in the
raw line, which is the history of every policy.
"""

from typing import Any

from tapetum.ingest import values
from tapetum.ingest.context import Context
from tapetum.ingest.flat import Row
from tapetum.ingest.objects import member, unwrapped
from tapetum.ingest.refusals import Cause, UnreadableError, shown, wrong
from tapetum.ingest.strict_json import refuse_repeats
from tapetum.ingest.times import first_of

_LARGEST_CODE = 2**31 - 1
_TIMES = ("requestReceivedTimestamp", "stageTimestamp")
_RULES: dict[str, values.Rule] = {
    **dict.fromkeys(("auditID", "level", "stage", "requestURI", "verb", "userAgent"), values.text),
    "sourceIPs": values.addresses,
}
_MEMBERS: dict[str, dict[str, values.Rule]] = {
    "user": {"username": values.text, "uid": values.text, "groups": values.texts},
    "impersonatedUser": {"username": values.text},
    "objectRef": dict.fromkeys(
        ("resource", "namespace", "name", "uid", "apiGroup", "apiVersion", "resourceVersion", "subresource"),
        values.text,
    ),
    "responseStatus": {
        "code": lambda value, field: values.whole(value, field, _LARGEST_CODE),
        **dict.fromkeys(("status", "reason", "message"), values.text),
    },
}
_KNOWN = frozenset([*_RULES, *_MEMBERS, *_TIMES, "kind", "annotations"])
_KNOWN_MEMBERS = {name: frozenset(rules) for name, rules in _MEMBERS.items()}
_COLUMNS = {
    name: tuple((f"{name}.{field}", field, rule) for field, rule in rules.items())
    for name, rules in _MEMBERS.items()
}


def read_record(record: dict[str, Any], context: Context) -> Row:
    record = unwrapped(record)
    refuse_repeats(record, _KNOWN)
    _check_kind(record)
    row: Row = {name: rule(record.get(name), name) for name, rule in _RULES.items()}
    for name, columns in _COLUMNS.items():
        inner = member(record, name, _KNOWN_MEMBERS[name])
        for column, field, rule in columns:
            row[column] = rule(inner.get(field), column)
    row["requestReceivedTimestamp"] = first_of(record, _TIMES, context)
    row["stageTimestamp"] = values.moment(record.get("stageTimestamp"), "stageTimestamp", context.latest)
    row["annotations"] = _annotations(record.get("annotations"))
    return row


def _check_kind(record: dict[str, Any]) -> None:
    kind = record.get("kind", "Event")
    if kind == "EventList":
        raise UnreadableError(
            Cause.SHAPE, "an EventList among other lines; send it alone, or write one event a line"
        )
    if kind != "Event":
        raise UnreadableError(Cause.SHAPE, f"not an audit event: kind is {shown(kind)}")
    if "auditID" not in record and "verb" not in record:
        raise UnreadableError(Cause.SHAPE, "not an audit event: neither auditID nor verb")


def _annotations(value: Any) -> list[str] | None:
    if value is None:
        return None
    if not isinstance(value, dict):
        raise wrong("annotations", value, "an object of texts")
    for text in value.values():
        if not isinstance(text, str):
            raise wrong("a value of annotations", text, "text")
    return [f"{name}={text}" for name, text in value.items()] or None
