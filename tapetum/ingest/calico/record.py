"""One Calico flow log record to a row, with the exact reason where it cannot be."""

from typing import Any

from tapetum.domain.flows import POLICY_LISTS
from tapetum.ingest import values
from tapetum.ingest.calico.fields import (
    COUNTS,
    ENVELOPES,
    KNOWN,
    KNOWN_LABELS,
    KNOWN_POLICIES,
    LABELS,
    LISTS,
    MOST_POLICIES,
    PORTS,
    RULED,
    TEXTS,
)
from tapetum.ingest.context import Context
from tapetum.ingest.flat import Row
from tapetum.ingest.refusals import Cause, UnreadableError, wrong
from tapetum.ingest.strict_json import refuse_repeats
from tapetum.ingest.times import window


def read_record(record: dict[str, Any], context: Context) -> Row:
    record = unwrapped(record)
    refuse_repeats(record, KNOWN)
    row: Row = {name: rule(record.get(name), name) for name, rule in RULED.items()}
    row["start_time"], row["end_time"] = window(record, context)
    for name in TEXTS:
        row[name] = values.text(record.get(name), name)
    for name in PORTS:
        row[name] = values.port(record.get(name), name)
    for name in COUNTS:
        row[name] = values.whole(record.get(name), name)
    for name, rule in LISTS.items():
        row[name] = rule(record.get(name), name)
    for name in LABELS:
        value = record.get(name)
        if isinstance(value, dict):
            refuse_repeats(value, KNOWN_LABELS, f"{name}.")
        row[name] = values.labels(value, name)
    row.update(_policies(record.get("policies")))
    return row


def unwrapped(record: dict[str, Any]) -> dict[str, Any]:
    """The record inside an envelope; a record that says action or reporter itself is no envelope."""
    if record.get("action") is None and record.get("reporter") is None:
        for name in ENVELOPES:
            inner = record.get(name)
            if isinstance(inner, dict):
                refuse_repeats(record, frozenset([name]))
                return inner
    return record


def _policies(value: Any) -> Row:
    if value is None or value in values.ABSENT:
        return {}
    if not isinstance(value, dict):
        raise wrong("policies", value, "an object of lists")
    refuse_repeats(value, KNOWN_POLICIES, "policies.")
    row = {name: values.texts(value.get(name), f"policies.{name}") for name in POLICY_LISTS}
    for name, found in row.items():
        if found is not None and len(found) > MOST_POLICIES:
            raise UnreadableError(
                Cause.SIZE, f"policies.{name} has {len(found)} entries; expected at most {MOST_POLICIES}"
            )
    return row
