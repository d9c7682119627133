"""Flow keys as nodes and back, and the natural keys of nodes."""

from dataclasses import astuple
from hashlib import sha256
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa

from tapetum.domain.endpoints import NodeKind, NodeRef
from tapetum.domain.flows import FLOW_KEY, RECORD
from tapetum.domain.policies import PolicyRef

COLUMNS = ("code", "flow_key", *FLOW_KEY)
SCHEMA = pa.schema(
    [("code", pa.int32()), ("flow_key", pa.uint64()), *(RECORD.field(name) for name in FLOW_KEY)]
)
LABELS = {
    NodeKind.NAMESPACE: "Namespace",
    NodeKind.WORKLOAD: "Workload",
    NodeKind.HOST: "Host",
    NodeKind.NETWORK_SET: "NetworkSet",
    NodeKind.NETWORK: "Network",
    NodeKind.FQDN: "Fqdn",
}
KINDS = {label: kind for kind, label in LABELS.items()}
_LONGEST = 1_000
"""Characters of a natural key that an index takes as they are."""
_SIGNED = 1 << 63


def natural_key(cluster: str, namespace: str | None, name: str) -> str:
    """One text for a node among those of its label; whatever the names hold, and however long they are."""
    return _text(cluster, namespace, name)


def key_of(node: NodeRef) -> str:
    return natural_key(node.cluster, node.namespace, node.name)


def policy_key(policy: PolicyRef) -> str:
    return _text(*astuple(policy))


def to_rows(keys: pa.Table) -> list[dict[str, Any]]:
    """Properties by node; Neo4j's integers have 64 bits with a sign, and a missing property is null."""
    rows = keys.select(list(COLUMNS)).to_pylist()
    for row in rows:
        row["flow_key"] = signed(row["flow_key"])
    return rows


def to_table(columns: list[list[Any]]) -> pa.Table:
    """From the COLUMNS."""
    code, flow_key, *others = columns
    unsigned = np.array(flow_key, np.int64).view(np.uint64)
    given = [code, unsigned, *others]
    return pa.table(
        [pa.array(column, field.type) for column, field in zip(given, SCHEMA, strict=True)], schema=SCHEMA
    )


def _text(*parts: str | None) -> str:
    text = msgspec.json.encode(parts).decode()
    return text if len(text) <= _LONGEST else sha256(text.encode()).hexdigest()


def signed(key: int) -> int:
    return key - 2 * _SIGNED if key >= _SIGNED else key
