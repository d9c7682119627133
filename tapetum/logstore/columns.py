"""The columns that readers get back of each kind of record, and which of them can order or count.

Knows no engine: the adapters agree here on names and on what they refuse.
"""

import pyarrow as pa

from tapetum.domain.batches import RecordKind
from tapetum.domain.errors import BadInputError
from tapetum.domain.flows import LOGGED

READABLE = (
    "id", "cluster", "sampling", "source_network", "dest_network", "dest_domain", "flow_key", "trace",
    *LOGGED.names,
)  # fmt: skip
"""Columns of a flow that a reader gets back; policies come beside them."""

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
    ]
)

COLUMNS = {RecordKind.FLOWS: READABLE, RecordKind.ALERTS: tuple(ALERT.names)}
LISTS = frozenset(column.name for column in (*LOGGED, *ALERT) if pa.types.is_list(column.type))
TIME = {RecordKind.FLOWS: "start_time", RecordKind.ALERTS: "time"}
POLICY_HITS = "policy_hits."
_POLICY_PARTS = {"tier", "kind", "namespace", "name", "action", "set"}


def scalar(kind: RecordKind, field: str) -> str:
    """The field, if it has one value; raises BadInputError with the way out."""
    if field not in COLUMNS[kind] or field in LISTS:
        raise _unknown(kind, field)
    return field


def policy_part(kind: RecordKind, field: str) -> str:
    """What follows `policy_hits.` in a field that can be counted."""
    part = field.removeprefix(POLICY_HITS)
    if kind is not RecordKind.FLOWS or part not in _POLICY_PARTS:
        raise _unknown(kind, field)
    return part


def ordering(kind: RecordKind, field: str) -> str:
    """The field, if records can be ordered by it."""
    if field not in COLUMNS[kind] or field in LISTS:
        raise BadInputError(
            f"{kind.value} cannot be ordered by {field[:60]!r}; order by a field of `fields`."
        )
    return field


def _unknown(kind: RecordKind, field: str) -> BadInputError:
    return BadInputError(
        f"{kind.value} cannot be counted by {field[:60]!r}; choose a field that `fields` lists."
    )
