"""Security events of our own schema, as docs/data-model.md gives it."""

from typing import Any

from tapetum.domain.events import EventKind
from tapetum.ingest import values
from tapetum.ingest.context import Context
from tapetum.ingest.events.rules import action, severity
from tapetum.ingest.flat import Row
from tapetum.ingest.objects import member
from tapetum.ingest.refusals import missing, wrong
from tapetum.ingest.strict_json import refuse_repeats
from tapetum.ingest.times import first_of

_KINDS = frozenset(EventKind)
_STATUSES = ("open", "acknowledged", "dismissed")
_NAMES = {
    "id": "event_id",
    "rule": "rule",
    "title": "title",
    "description": "description",
    "category": "category",
    "host": "host",
    "status_by": "status_by",
}
_LISTS = {
    "mitre_tactics": "tactics",
    "mitre_techniques": "techniques",
    "mitigations": "mitigations",
    "evidence": "evidence",
}
_END: dict[str, values.Rule] = {
    "kind": values.endpoint_type,
    "namespace": values.text,
    "name": values.text,
    "ip": values.address,
    "port": values.port,
}
_KNOWN = frozenset(
    (*_NAMES, *_LISTS, "time", "kind", "severity", "source", "destination", "proto", "action", "status",
     "status_at")
)  # fmt: skip
_KNOWN_END = frozenset(_END)


def is_record(record: dict[str, Any]) -> bool:
    return "title" in record


def read_record(record: dict[str, Any], context: Context) -> Row:
    refuse_repeats(record, _KNOWN)
    row: Row = {stored: values.text(record.get(name), name) for name, stored in _NAMES.items()}
    row |= {stored: values.texts(record.get(name), name) for name, stored in _LISTS.items()}
    row |= {
        "time": first_of(record, ("time",), context),
        "kind": _kind(record.get("kind")),
        "origin": "tapetum",
        "severity": severity(record.get("severity"), "severity"),
        "proto": values.protocol(record.get("proto"), "proto"),
        "action": action(record.get("action"), "action"),
        "status": _status(record.get("status")),
        "status_at": values.moment(record.get("status_at"), "status_at", context.latest),
    }
    for name, side in (("source", "source"), ("destination", "dest")):
        end = member(record, name, _KNOWN_END)
        row |= {f"{side}_{field}": rule(end.get(field), f"{name}.{field}") for field, rule in _END.items()}
    return row


def _kind(value: Any) -> str:
    """`suspicious DNS` and `suspicious_dns` are the same."""
    if value is None:
        raise missing("kind", _kinds())
    name = value.lower().replace(" ", "_") if isinstance(value, str) else ""
    if name not in _KINDS:
        raise wrong("kind", value, _kinds())
    return name


def _kinds() -> str:
    return f"one of {', '.join(EventKind)}"


def _status(value: Any) -> str:
    if value is None:
        return _STATUSES[0]
    if value not in _STATUSES:
        raise wrong("status", value, "open, acknowledged or dismissed")
    return value
