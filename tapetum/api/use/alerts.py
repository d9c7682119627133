"""Alerts as the stores keep them, and as records that filters are applied to."""

from typing import Any

from tapetum.domain.alerts import Alert, Status
from tapetum.domain.endpoints import NodeKind, NodeRef
from tapetum.domain.scope import Scope
from tapetum.logstore.port import Record


def alert_of(record: Record) -> Alert:
    """The alert that a search of the kind ALERTS found."""
    return Alert(
        id=record["id"],
        time=record["time"],
        kind=record["kind"],
        rule=record["rule"],
        title=record["title"],
        description=record["description"],
        severity=record["severity"],
        cluster=record["cluster"],
        source=_end(record, "source"),
        target=_end(record, "dest"),
        protocol=record["proto"],
        port=record["dest_port"],
        technique=record["technique"],
        tactic=record["tactic"],
        status=Status(record["status"]),
        evidence=tuple(record.get("evidence") or ()),
    )


def record_of(alert: Alert) -> Record:
    """The inverse, for predicates over alerts that were just raised."""
    ends: dict[str, Any] = {}
    for side, node in (("source", alert.source), ("dest", alert.target)):
        ends |= {
            f"{side}_kind": node.kind.value,
            f"{side}_namespace": node.namespace,
            f"{side}_name": node.name,
        }
    return {
        "id": alert.id,
        "time": alert.time,
        "kind": alert.kind,
        "rule": alert.rule,
        "title": alert.title,
        "description": alert.description,
        "severity": alert.severity,
        "cluster": alert.cluster,
        "proto": alert.protocol,
        "dest_port": alert.port,
        "technique": alert.technique,
        "tactic": alert.tactic,
        "status": alert.status.value,
        "evidence": list(alert.evidence),
        **ends,
    }


def sees(scope: Scope, alert: Alert) -> bool:
    return scope.sees(alert.cluster, alert.source.namespace, alert.target.namespace)


def _end(record: Record, side: str) -> NodeRef:
    kind = NodeKind(record[f"{side}_kind"])
    return NodeRef(kind, record["cluster"], record[f"{side}_namespace"], record[f"{side}_name"])
