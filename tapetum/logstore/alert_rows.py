"""Alerts as rows under the names of columns.ALERT, and back. Knows no engine."""

from collections.abc import Mapping
from typing import Any

from tapetum.domain.alerts import Alert, NumberedAlert, Status
from tapetum.domain.endpoints import NodeKind, NodeRef


def alert_row(numbered: NumberedAlert) -> dict[str, Any]:
    """Times are in microseconds."""
    alert = numbered.alert
    row: dict[str, Any] = {
        "number": numbered.number,
        "time": alert.time,
        "status": alert.status.value,
        "dest_port": alert.port,
        "proto": alert.protocol,
        "evidence": list(alert.evidence),
    }
    for name in ("id", "kind", "rule", "title", "description", "severity", "cluster", "technique", "tactic"):
        row[name] = getattr(alert, name)
    for side, node in (("source", alert.source), ("dest", alert.target)):
        row |= {
            f"{side}_kind": node.kind.value,
            f"{side}_namespace": node.namespace,
            f"{side}_name": node.name,
        }
    return row


def alert_of(row: Mapping[str, Any]) -> Alert:
    """The alert that `alert_row` made a row of."""
    cluster = row["cluster"]
    source = NodeRef(NodeKind(row["source_kind"]), cluster, row["source_namespace"], row["source_name"])
    target = NodeRef(NodeKind(row["dest_kind"]), cluster, row["dest_namespace"], row["dest_name"])
    return Alert(
        id=row["id"],
        time=row["time"],
        kind=row["kind"],
        rule=row["rule"],
        title=row["title"],
        description=row["description"],
        severity=row["severity"],
        cluster=cluster,
        source=source,
        target=target,
        protocol=row["proto"],
        port=row["dest_port"],
        technique=row["technique"],
        tactic=row["tactic"],
        status=Status(row["status"]),
        evidence=tuple(row["evidence"] or ()),
    )
