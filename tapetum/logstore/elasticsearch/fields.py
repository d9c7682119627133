"""How each column lies in the indices, and how its values go in and come out.

Times are whole microseconds (long): exact in ranges, orders and histograms. Keys of 64 bits without a
sign are shifted into the range of long, which keeps their order; the server need not know another type.
"""

from typing import Any

import pyarrow as pa

from tapetum.domain.batches import RecordKind
from tapetum.domain.flows import HIT, POLICY_LISTS
from tapetum.domain.moments import SECOND, iso
from tapetum.kql.catalogues import catalogue
from tapetum.kql.fields import FieldType
from tapetum.logstore.columns import COLUMNS, MOMENTS, NESTED, SHAPES, TIME, members_of

Mapping = dict[str, Any]

SHIFT = 1 << 63
SHIFTED = frozenset({"flow_key", "trace", "verdict_key"})
_MOMENTS = frozenset().union(*MOMENTS.values())
ALWAYS = frozenset({"id", "cluster", *TIME.values(), "number"})
"""Every record has them, so that ordering by one needs no second look for records without."""
PARTS = "policies.parts"

_KEYWORD: Mapping = {"type": "keyword"}
_TOLD: Mapping = {"type": "keyword", "index": False, "doc_values": False}
_SOUGHT: Mapping = {"type": "keyword", "doc_values": False}
_LONG: Mapping = {"type": "long"}
_COUNTED: Mapping = {
    "type": "long",
    "index": False,
}  # found by its column; a tree would cost more than it saves
_TREES = frozenset(
    {*TIME.values(), "flow_key", "verdict_key", "trace", "dest_port", "source_port", "received_at", "number"}
)


def numeric(kind: RecordKind, name: str) -> bool:
    """Whether a column holds numbers, times among them."""
    column = SHAPES[kind].record.field(name).type
    return not pa.types.is_string(column.value_type if pa.types.is_list(column) else column)


def inward(name: str, value: Any) -> Any:
    """A reader's value as the index holds it."""
    return value - SHIFT if name in SHIFTED and value is not None else value


def outward(name: str, value: Any) -> Any:
    return value + SHIFT if name in SHIFTED and value is not None else value


def told(name: str, value: Any) -> str:
    """A value of an index as text, as counts by value name it: times as SQL writes them."""
    value = outward(name, value)
    if name not in _MOMENTS:
        return str(value)
    text = iso(value)[:-1].replace("T", " ")
    return text.rstrip("0").rstrip(".") if value % SECOND else text[:19]


def record_of(kind: RecordKind, source: Mapping) -> Mapping:
    """A stored document as readers know it."""
    record = {name: source.get(name) for name in COLUMNS[kind]}
    if kind is RecordKind.FLOWS:
        for name in SHIFTED & record.keys():
            record[name] = outward(name, record[name])
        record["policies"] = lists_of(source)
        record["policy_hits"] = hits_of(source)
        return record
    for name in NESTED[kind]:
        objects: list[Mapping] | None = record[name]
        if objects is not None:
            names = members_of(kind, name)
            record[name] = [{member: one.get(member) for member in names} for one in objects]
    return record


def hits_of(source: Mapping) -> list[Mapping]:
    return [{member.name: hit.get(member.name) for member in HIT} for hit in source.get("policy_hits") or ()]


def lists_of(source: Mapping) -> dict[str, list[str]]:
    logged = source.get("policies_as_logged")
    if logged is not None:
        return {name: logged.get(name) or [] for name in POLICY_LISTS}
    strings: list[Mapping] = source.get("policies") or []
    return {name: [string[name] for string in strings if name in string] for name in POLICY_LISTS}


def _property(kind: RecordKind, name: str, column: pa.DataType) -> Mapping:
    if pa.types.is_list(column):
        column = column.value_type
    if pa.types.is_struct(column):
        members = {member.name: _property(kind, f"{name}.{member.name}", member.type) for member in column}
        return {"type": "nested", "dynamic": False, "properties": members}
    if not pa.types.is_string(column):
        return _LONG if name in _TREES else _COUNTED
    field = catalogue(kind.value).find(name)
    if field is not None and field.type is FieldType.IP:
        # Text for equality, order and counts, as in every store; addresses for networks and comparisons.
        address = {"type": "ip", "ignore_malformed": True, "doc_values": False}
        return {**_KEYWORD, "fields": {"ip": address}}
    return _KEYWORD


def _columns(kind: RecordKind) -> Mapping:
    return {column.name: _property(kind, column.name, column.type) for column in SHAPES[kind].record}


_STAMP: Mapping = {"type": "date", "format": "epoch_millis"}
"""For other tools; ours use the kind's own time."""


def record_fields(kind: RecordKind) -> Mapping:
    """What every record that was read from a line has."""
    return {
        **_columns(kind),
        "line_no": {**_COUNTED, "doc_values": False},
        "@timestamp": _STAMP,
        "batch": _KEYWORD,
        "received_at": _LONG,
        "raw": _TOLD,
    }


FLOWS: Mapping = {
    **record_fields(RecordKind.FLOWS),
    "known": {**_COUNTED, "doc_values": False},
    "process": _KEYWORD,
    "verdict_lists": {**_KEYWORD, "index": False, "ignore_above": 8_000},
    "policies": {
        "type": "nested",
        "dynamic": False,
        "properties": dict.fromkeys((*POLICY_LISTS, PARTS.partition(".")[2]), _SOUGHT),
    },
    "policies_as_logged": {"type": "object", "enabled": False},
    "policy_hits": {
        "type": "nested",
        "dynamic": False,
        "properties": {
            member.name: _SOUGHT
            if pa.types.is_string(member.type)
            else {"type": "boolean" if pa.types.is_boolean(member.type) else "long"}
            for member in HIT
        },
    },
}
ALERTS: Mapping = {
    **_columns(RecordKind.ALERTS),
    "@timestamp": _STAMP,
    "appended_at": _LONG,
}
LETTERS: Mapping = {
    "id": _KEYWORD,
    "cluster": _KEYWORD,
    "received_at": _LONG,
    "source": _KEYWORD,
    "kind": _KEYWORD,
    "batch_id": _KEYWORD,
    "line_no": _COUNTED,
    "reason": _TOLD,
    "line": _TOLD,
    "bytes": {"type": "binary"},
}
JOURNAL: Mapping = {
    "what": _KEYWORD,
    "batch": _KEYWORD,
    "delivery": _KEYWORD,
    "received_at": _LONG,
    "newest": _LONG,
    "lines": _COUNTED,
    "accepted": _COUNTED,
    "duplicates": _COUNTED,
    "rejected": _COUNTED,
}
