"""The fields of a Calico flow log line and the rule that each one obeys.

Both paths read this table; a field that is not in it stays in the raw line only.
"""

from collections.abc import Callable
from typing import Any, TypeAlias

import pyarrow as pa

from tapetum.domain.flows import LOGGED, POLICY_LISTS
from tapetum.ingest import values

RULED: dict[str, values.Rule] = {
    "action": values.action,
    "reporter": values.reporter,
    "proto": values.protocol,
    "source_ip": values.address,
    "dest_ip": values.address,
    "source_type": values.endpoint_type,
    "dest_type": values.endpoint_type,
}
"""Texts with a rule of their own."""

LABELS = ("source_labels", "dest_labels")

ListRule: TypeAlias = Callable[[Any, str], list[Any] | None]
LISTS: dict[str, ListRule] = {
    "dest_domains": values.texts,
    "process_args": values.texts,
    "original_source_ips": values.addresses,
    "nat_outgoing_ports": values.ports,
}
PORTS = ("source_port", "dest_port", "dest_service_port_num")

_typed = {field.name: field.type for field in LOGGED}
TEXTS = tuple(name for name, kind in _typed.items() if pa.types.is_string(kind) and name not in RULED)
COUNTS = tuple(name for name, kind in _typed.items() if pa.types.is_integer(kind) and name not in PORTS)

MOST_POLICIES = 1000
"""More policies than this on one flow are no log."""

KNOWN = frozenset([*LOGGED.names, "@timestamp", "policies"])
KNOWN_POLICIES = frozenset(POLICY_LISTS)
KNOWN_LABELS = frozenset(["labels"])
ENVELOPES = ("_source", "record")
"""What some exports wrap a record in; Elasticsearch dumps for one."""
