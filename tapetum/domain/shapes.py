"""What each kind of record looks like when stored: its columns, its time, and whose it is."""

from dataclasses import dataclass

import pyarrow as pa

from tapetum.domain import audit, bgp, dns, events, flows, l7
from tapetum.domain.batches import RecordKind

IDENTITY = pa.schema(
    [
        ("id", pa.string()),  # 96 bits of the identity hash in base64url: 16 characters
        ("cluster", pa.string()),
        ("line_no", pa.int32()),  # in its batch, from 0; finds the raw line
    ]
)


@dataclass(frozen=True, slots=True)
class Shape:
    """`time` is the column whose day and hour a record belongs to; every record has it.

    `namespaces` are the columns that a Scope's namespaces are compared with (domain/scope.py); a kind
    without any is for callers without such a limit. `logged` are the columns that a line itself says.
    """

    kind: RecordKind
    record: pa.Schema
    logged: pa.Schema
    time: str
    namespaces: tuple[str, ...]

    @property
    def lists(self) -> frozenset[str]:
        """Columns with several values."""
        return frozenset(column.name for column in self.record if pa.types.is_list(column.type))

    @property
    def nested(self) -> frozenset[str]:
        """Columns with several objects."""
        return frozenset(
            column.name
            for column in self.record
            if pa.types.is_list(column.type) and pa.types.is_struct(column.type.value_type)
        )


def _shape(
    kind: RecordKind, logged: pa.Schema, derived: pa.Schema, time: str, namespaces: tuple[str, ...] = ()
) -> Shape:
    return Shape(kind, pa.schema([*IDENTITY, *derived, *logged]), logged, time, namespaces)


SHAPES: dict[RecordKind, Shape] = {
    RecordKind.FLOWS: Shape(
        RecordKind.FLOWS, flows.RECORD, flows.LOGGED, "start_time", ("source_namespace", "dest_namespace")
    ),
    RecordKind.DNS: _shape(RecordKind.DNS, dns.LOGGED, dns.DERIVED, "start_time", ("client_namespace",)),
    RecordKind.L7: _shape(
        RecordKind.L7, l7.LOGGED, l7.DERIVED, "start_time", ("src_namespace", "dest_namespace")
    ),
    RecordKind.AUDIT: _shape(
        RecordKind.AUDIT, audit.LOGGED, audit.DERIVED, "requestReceivedTimestamp", ("objectRef.namespace",)
    ),
    RecordKind.BGP: _shape(RecordKind.BGP, bgp.LOGGED, bgp.DERIVED, "logtime"),
    RecordKind.EVENTS: _shape(
        RecordKind.EVENTS, events.LOGGED, events.DERIVED, "time", ("source_namespace", "dest_namespace")
    ),
}
"""Of the kinds that lines are read into; alerts are made by detectors (logstore/columns.py)."""
