"""Security events of Calico Enterprise and Cloud (tigera_secure_ee_events), as far as they are documented.

There is no public table of their fields: endpoints are read under the names of the flow logs. `record`,
what the event was made from, stays in the raw line.
"""

from typing import Any

from tapetum.domain.events import EventKind
from tapetum.ingest import values
from tapetum.ingest.context import Context
from tapetum.ingest.events.rules import action, severity
from tapetum.ingest.flat import Row
from tapetum.ingest.refusals import missing
from tapetum.ingest.strict_json import refuse_repeats
from tapetum.ingest.times import first_of

_TIMES = ("time", "@timestamp")
_ENDS: dict[str, values.Rule] = {
    f"{side}_{name}": rule
    for side in ("source", "dest")
    for name, rule in (("ip", values.address), ("port", values.port), ("namespace", values.text))
}
_NAMES = tuple(f"{side}_{name}" for side in ("source", "dest") for name in ("name", "name_aggr"))
_KNOWN = frozenset(
    (*_TIMES, *_ENDS, *_NAMES, "id", "type", "description", "severity", "origin", "host", "proto", "action")
)
_KINDS = (
    ("waf", EventKind.WAF),
    ("dns", EventKind.SUSPICIOUS_DNS),
    ("domain", EventKind.SUSPICIOUS_DNS),
    ("flow", EventKind.THREAT_FEED),
    ("threat", EventKind.THREAT_FEED),
    ("packet", EventKind.IMPORTED_IDS),
    ("alert", EventKind.ALERT_RULE),
)
"""Words within a type, and what an event of such a type is; first come, first served."""


def is_record(record: dict[str, Any]) -> bool:
    return "type" in record


def read_record(record: dict[str, Any], context: Context) -> Row:
    refuse_repeats(record, _KNOWN)
    category = values.text(record.get("type"), "type")
    if category is None:
        raise missing("type", "what kind of event it is")
    description = values.text(record.get("description"), "description")
    origin = values.text(record.get("origin"), "origin")
    row: Row = {
        "time": first_of(record, _TIMES, context),
        "event_id": values.text(record.get("id"), "id"),
        "kind": next((kind for word, kind in _KINDS if word in category.lower()), EventKind.DETECTOR).value,
        "origin": "calico",
        "rule": origin,
        "title": description or origin or category,
        "description": description,
        "category": category,
        "severity": severity(record.get("severity"), "severity"),
        "proto": values.protocol(record.get("proto"), "proto"),
        "action": action(record.get("action"), "action"),
        "host": values.text(record.get("host"), "host"),
        "status": "open",
    }
    row |= {name: rule(record.get(name), name) for name, rule in _ENDS.items()}
    for side in ("source", "dest"):
        names = [
            values.text(record.get(f"{side}_{name}"), f"{side}_{name}") for name in ("name", "name_aggr")
        ]
        row[f"{side}_name"] = names[0] or names[1]
    return row
