"""What every decoder gives: readable records of one kind, before they get their keys.

FLAT is the table of flows; another kind's has the columns of its shape without `id` and `cluster`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import pyarrow as pa

from tapetum.domain.batches import RecordKind
from tapetum.domain.flows import LOGGED, POLICY_LISTS
from tapetum.domain.shapes import SHAPES
from tapetum.ingest.keys import record_ids
from tapetum.ingest.refusals import Refusal

FLAT = pa.schema(
    [
        ("line_no", pa.int32()),
        *LOGGED,
        *((name, pa.list_(pa.string())) for name in POLICY_LISTS),
        ("sampling", pa.int64()),
    ]
)
_KEYS = ("id", "cluster")

Row: TypeAlias = dict[str, Any]
"""Values by column; what is left out is unknown. Times in microseconds."""

IDENTITY = "identity"
"""Where a row carries the bytes that identify it, if those are not its line's."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a decoder made of a delivery's lines: records in the order of their lines, and refusals.

    `identities` are what the records' ids are hashes of; None stands for the lines' bytes.
    """

    flat: pa.Table
    refusals: list[Refusal] = field(default_factory=list)
    identities: list[bytes] | None = None


def flat_table(rows: Iterable[Row], kind: RecordKind = RecordKind.FLOWS) -> pa.Table:
    schema = FLAT if kind is RecordKind.FLOWS else _unkeyed(kind)
    kept = list(rows)
    columns = [pa.array([row.get(column.name) for row in kept], column.type) for column in schema]
    return pa.table(columns, schema=schema)


def keyed(flat: pa.Table, digests: Iterable[bytes], cluster: str, kind: RecordKind) -> pa.Table:
    """The records as their kind's shape has them; a digest identifies a row."""
    keys = {"id": record_ids(digests), "cluster": pa.repeat(pa.scalar(cluster), flat.num_rows)}
    schema = SHAPES[kind].record
    return pa.table(
        [keys[name] if name in _KEYS else flat.column(name) for name in schema.names], schema=schema
    )


def _unkeyed(kind: RecordKind) -> pa.Schema:
    return pa.schema([column for column in SHAPES[kind].record if column.name not in _KEYS])
