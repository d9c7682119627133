"""The columns that readers get back of each kind of record, and which of them can order or count.

Knows no engine: the adapters agree here on names and on what they refuse.
"""

import pyarrow as pa

from tapetum.domain import shapes
from tapetum.domain.batches import RecordKind
from tapetum.domain.errors import BadInputError
from tapetum.domain.flows import HIT, LOGGED, POLICY_LISTS
from tapetum.domain.shapes import Shape

_text = pa.string()
ALERT = pa.schema(
    [
        ("number", pa.int64()),
        ("id", _text),
        ("time", pa.timestamp("us")),
        *((name, _text) for name in ("kind", "rule", "title", "description")),
        ("severity", pa.int64()),
        *((name, _text) for name in ("cluster", "status", "technique", "tactic")),
        *((name, _text) for name in ("source_kind", "source_namespace", "source_name")),
        *((name, _text) for name in ("dest_kind", "dest_namespace", "dest_name")),
        ("dest_port", pa.int64()),
        ("proto", _text),
        ("evidence", pa.list_(_text)),
        ("evidence_kind", _text),
        ("mitigations", pa.list_(_text)),
        ("category", _text),
        ("note", _text),
        ("triaged_by", _text),
        ("triaged_at", pa.timestamp("us")),
    ]
)
SHAPES = {
    **shapes.SHAPES,
    RecordKind.ALERTS: Shape(RecordKind.ALERTS, ALERT, ALERT, "time", ("source_namespace", "dest_namespace")),
}

_READABLE_FLOW = (
    "id", "cluster", "sampling", "source_network", "dest_network", "dest_domain", "flow_key", "trace",
    *LOGGED.names,
)  # fmt: skip
"""Columns of a flow that a reader gets back; policies come beside them."""

COLUMNS = {
    kind: _READABLE_FLOW
    if kind is RecordKind.FLOWS
    else tuple(name for name in shape.record.names if name != "line_no")
    for kind, shape in SHAPES.items()
}
LISTS = {kind: shape.lists for kind, shape in SHAPES.items()}
NESTED = {
    kind: frozenset({"policy_hits"}) if kind is RecordKind.FLOWS else shape.nested
    for kind, shape in SHAPES.items()
}
"""Columns of objects; those of flows lie in their traces."""
TIME = {kind: shape.time for kind, shape in SHAPES.items()}
MOMENTS = {
    kind: frozenset(column.name for column in shape.record if pa.types.is_timestamp(column.type))
    for kind, shape in SHAPES.items()
}


def members_of(kind: RecordKind, column: str) -> tuple[str, ...]:
    """What the objects of a column hold."""
    objects: pa.StructType = SHAPES[kind].record.field(column).type.value_type
    return tuple(objects.field(place).name for place in range(objects.num_fields))


def is_list(kind: RecordKind, field: str) -> bool:
    """Whether a readable column has several plain values."""
    return field in LISTS[kind] and field in COLUMNS[kind] and field not in NESTED[kind]


def scalar(kind: RecordKind, field: str) -> str:
    """The field, if it has one value; raises BadInputError with the way out."""
    if field not in COLUMNS[kind] or field in LISTS[kind]:
        raise _unknown(kind, field)
    return field


def policy_list(kind: RecordKind, field: str) -> str | None:
    """The list of policy strings that a field names."""
    nested, _, name = field.partition(".")
    return name if kind is RecordKind.FLOWS and nested == "policies" and name in POLICY_LISTS else None


def nested_part(kind: RecordKind, field: str, *, lists: bool = False) -> tuple[str, str] | None:
    """The column of objects and their part that a field names; None where it names no such column.

    `lists`: a part that has several values in one object will do too. Raises BadInputError where the part
    cannot be counted.
    """
    column, dot, part = field.partition(".")
    if not dot or column not in NESTED[kind]:
        return None
    objects = HIT if kind is RecordKind.FLOWS else SHAPES[kind].record.field(column).type.value_type
    place = objects.get_field_index(part)
    if place < 0 or part == "trigger":
        raise _unknown(kind, field)
    held = objects.field(place).type
    if not pa.types.is_string(held.value_type if lists and pa.types.is_list(held) else held):
        raise _unknown(kind, field)
    return column, part


def ordering(kind: RecordKind, field: str) -> str:
    """The field, if records can be ordered by it."""
    if field not in COLUMNS[kind] or field in LISTS[kind]:
        raise BadInputError(
            f"{kind.value} cannot be ordered by {field[:60]!r}; order by a field of `fields`."
        )
    return field


def _unknown(kind: RecordKind, field: str) -> BadInputError:
    return BadInputError(
        f"{kind.value} cannot be counted by {field[:60]!r}; choose a field that `fields` lists."
    )
