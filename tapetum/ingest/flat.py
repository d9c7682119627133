"""FLAT: a readable flow of any form, before it gets its keys. What every decoder gives."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import pyarrow as pa

from tapetum.domain.flows import LOGGED, POLICY_LISTS
from tapetum.ingest.refusals import Refusal

FLAT = pa.schema(
    [
        ("line_no", pa.int32()),
        *LOGGED,
        *((name, pa.list_(pa.string())) for name in POLICY_LISTS),
        ("sampling", pa.int64()),
    ]
)

Row: TypeAlias = dict[str, Any]
"""Values by the names of FLAT; what is left out is unknown. Times in microseconds."""

IDENTITY = "identity"
"""Where a row carries the bytes that identify it, if those are not its line's."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a decoder made of a delivery's lines: flows in the order of their lines, and refusals.

    `identities` are what the flows' ids are hashes of; None stands for the lines' bytes.
    """

    flat: pa.Table
    refusals: list[Refusal] = field(default_factory=list)
    identities: list[bytes] | None = None


def flat_table(rows: Iterable[Row]) -> pa.Table:
    kept = list(rows)
    columns = [pa.array([row.get(name) for row in kept], FLAT.field(name).type) for name in FLAT.names]
    return pa.table(columns, schema=FLAT)
