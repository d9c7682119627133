"""Alerts as rows under the names of columns.ALERT, and back. Knows no engine."""

from collections.abc import Mapping
from typing import Any

from tapetum.domain.alerts import Alert, NumberedAlert, Status
from tapetum.domain.batches import RecordKind
from tapetum.domain.endpoints import NodeKind, NodeRef

_PLAIN = (
    "id", "kind", "rule", "title", "description", "severity", "cluster", "technique", "tactic", "category",
)  # fmt: skip


def alert_row(numbered: NumberedAlert) -> dict[str, Any]:
    """Times are in microseconds."""
    alert = numbered.alert
    row: dict[str, Any] = {
        "number": numbered.number,
        "time": alert.time,
        "dest_port": alert.port,
        "proto": alert.protocol,
        "evidence": list(alert.evidence),
        "evidence_kind": alert.evidence_kind.value,
        "mitigations": list(alert.mitigations),
        **triage_row(alert),
    }
    for name in _PLAIN:
        row[name] = getattr(alert, name)
    for side, node in (("source", alert.source), ("dest", alert.target)):
        row |= {
            f"{side}_kind": None if node is None else node.kind.value,
            f"{side}_namespace": None if node is None else node.namespace,
            f"{side}_name": None if node is None else node.name,
        }
    return row


def triage_row(alert: Alert) -> dict[str, Any]:
    """What changes of its row when somebody decides on it."""
    return {
        "status": alert.status.value,
        "note": alert.note or None,
        "triaged_by": alert.triaged_by,
        "triaged_at": alert.triaged_at,
    }


def alert_of(row: Mapping[str, Any]) -> Alert:
    """The alert that `alert_row` made a row of, or an earlier version without the last columns."""
    return Alert(
        id=row["id"],
        time=row["time"],
        kind=row["kind"],
        rule=row["rule"],
        title=row["title"],
        description=row["description"],
        severity=row["severity"],
        cluster=row["cluster"],
        source=_end(row, "source"),
        target=_end(row, "dest"),
        protocol=row["proto"],
        port=row["dest_port"],
        technique=row["technique"],
        tactic=row["tactic"],
        status=Status(row["status"]),
        evidence=tuple(row["evidence"] or ()),
        evidence_kind=RecordKind(row.get("evidence_kind") or RecordKind.FLOWS),
        mitigations=tuple(row.get("mitigations") or ()),
        category=row.get("category"),
        note=row.get("note") or "",
        triaged_by=row.get("triaged_by"),
        triaged_at=row.get("triaged_at"),
    )


def _end(row: Mapping[str, Any], side: str) -> NodeRef | None:
    kind = row[f"{side}_kind"]
    if kind is None:
        return None
    return NodeRef(NodeKind(kind), row["cluster"], row[f"{side}_namespace"], row[f"{side}_name"])
