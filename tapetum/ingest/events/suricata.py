"""Alerts of Suricata's EVE log. Its other events are not security events and are refused.

Suricata's severities are priorities, 1 the highest; they become 80 (high), 50 (medium), 25 (low) and 10.
"""

from typing import Any

from tapetum.domain.events import EventKind
from tapetum.ingest import values
from tapetum.ingest.context import Context
from tapetum.ingest.events.rules import action
from tapetum.ingest.flat import Row
from tapetum.ingest.objects import member
from tapetum.ingest.refusals import Cause, UnreadableError, missing, shown, wrong
from tapetum.ingest.strict_json import refuse_repeats
from tapetum.ingest.times import first_of

_KNOWN = frozenset(
    ("timestamp", "event_type", "src_ip", "src_port", "dest_ip", "dest_port", "proto", "host", "alert")
)
_ALERT = frozenset(("action", "gid", "signature_id", "rev", "signature", "category", "severity", "metadata"))
_METADATA = {"mitre_tactic_id": "tactics", "mitre_technique_id": "techniques"}
_SEVERITIES = {1: 80, 2: 50, 3: 25}
_INFORMATION = 10
_LOWEST_PRIORITY = 255
_PROTOCOLS = {"ipv6-icmp": "icmpv6"}


def is_record(record: dict[str, Any]) -> bool:
    return "event_type" in record


def read_record(record: dict[str, Any], context: Context) -> Row:
    refuse_repeats(record, _KNOWN)
    if record["event_type"] != "alert":
        raise UnreadableError(
            Cause.SHAPE, f"event_type is {shown(record['event_type'])}; of Suricata, only alerts are imported"
        )
    alert = member(record, "alert", _ALERT)
    title = values.text(alert.get("signature"), "alert.signature")
    if title is None:
        raise missing("alert.signature", "what the rule calls itself")
    proto = values.protocol(record.get("proto"), "proto")
    row: Row = {
        "time": first_of(record, ("timestamp",), context),
        "kind": EventKind.IMPORTED_IDS.value,
        "origin": "suricata",
        "rule": _rule(alert),
        "title": title,
        "category": values.text(alert.get("category"), "alert.category"),
        "severity": _severity(alert.get("severity")),
        "source_ip": values.address(record.get("src_ip"), "src_ip"),
        "source_port": values.port(record.get("src_port"), "src_port"),
        "dest_ip": values.address(record.get("dest_ip"), "dest_ip"),
        "dest_port": values.port(record.get("dest_port"), "dest_port"),
        "proto": _PROTOCOLS.get(proto or "", proto),
        "action": action(alert.get("action"), "alert.action"),
        "host": values.text(record.get("host"), "host"),
        "status": "open",
    }
    metadata = member(alert, "metadata", frozenset(_METADATA))
    for name, stored in _METADATA.items():
        row[stored] = values.texts(metadata.get(name), f"alert.metadata.{name}")
    return row


def _rule(alert: dict[str, Any]) -> str | None:
    """Generator, signature and revision, as `suricata-update` and its rules name one."""
    numbers = [values.whole(alert.get(name), f"alert.{name}") for name in ("gid", "signature_id", "rev")]
    if numbers[1] is None:
        return None
    return ":".join("-" if number is None else str(number) for number in numbers)


def _severity(value: Any) -> int | None:
    if value is None:
        return None
    if type(value) is not int or not 1 <= value <= _LOWEST_PRIORITY:
        raise wrong("alert.severity", value, f"a whole number from 1 to {_LOWEST_PRIORITY}")
    return _SEVERITIES.get(value, _INFORMATION)
