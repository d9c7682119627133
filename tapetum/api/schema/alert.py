"""An alert: what was noticed, about which endpoints, with the records that show it."""

import strawberry
from strawberry import ID, field

from tapetum.api.schema.common import point
from tapetum.api.schema.enums import Severity, level_of
from tapetum.api.schema.log import record_id
from tapetum.api.schema.node import Node, ServiceNode
from tapetum.api.schema.scalars import TimePoint
from tapetum.domain import alerts as domain
from tapetum.domain.alerts import Status
from tapetum.domain.identity import edge_id, seal
from tapetum.logstore.alert_rows import alert_of
from tapetum.logstore.port import Record


@strawberry.type(description="Something that a detector or a rule noticed.")
class Alert(Node):
    time: TimePoint = field(description="When what was noticed happened.")
    kind: str = field(description="What noticed it: a detector, a rule or a feed.")
    rule: str = field(description="Name of the detector or rule.")
    title: str = field(description="The alert in one line.")
    description: str = field(description="What was noticed, in a sentence or two.")
    severity: int = field(description="From 1 to 100.")
    level: Severity = field(description="The severity as people read it.")
    category: str | None = field(
        description="What the feed that raised it lists, such as tor; null for others."
    )
    mitigations: list[str] = field(description="What can be done about it.")
    technique: str | None = field(description="MITRE ATT&CK technique, such as T1046.")
    tactic: str | None = field(description="MITRE ATT&CK tactic, such as TA0007.")
    status: Status = field(description="What became of it.")
    cluster: str = field(description="Cluster that it concerns.")
    source: ServiceNode | None = field(description="Where the traffic came from; null for none.")
    target: ServiceNode | None = field(description="Where the traffic went; null for none.")
    protocol: str | None = field(description="Protocol of the connection.")
    port: int | None = field(description="Port of the target.")
    edge_id: ID | None = field(description="The edge of the service graph that it is about.")
    note: str = field(description="What was said when its status was last changed; empty for nothing.")
    triaged_by: str | None = field(
        description="Who last changed its status; null where nobody did, or nobody had to say who they are."
    )
    triaged_at: TimePoint | None = field(
        description="When its status was last changed; null where it never was."
    )
    evidence: list[ID] = field(description="Ids of the records that show it.")

    @classmethod
    def of(cls, alert: domain.Alert) -> "Alert":
        return cls(
            id=ID(alert_id(alert.id)),
            time=point(alert.time),
            kind=alert.kind,
            rule=alert.rule,
            title=alert.title,
            description=alert.description,
            severity=alert.severity,
            level=level_of(alert.severity),
            category=alert.category,
            mitigations=list(alert.mitigations),
            technique=alert.technique,
            tactic=alert.tactic,
            status=alert.status,
            cluster=alert.cluster,
            source=None if alert.source is None else ServiceNode.of(alert.source),
            target=None if alert.target is None else ServiceNode.of(alert.target),
            protocol=alert.protocol,
            port=alert.port,
            edge_id=ID(edge_id(alert.source, alert.target)) if alert.source and alert.target else None,
            note=alert.note,
            triaged_by=alert.triaged_by,
            triaged_at=None if alert.triaged_at is None else point(alert.triaged_at),
            evidence=[ID(record_id(alert.evidence_kind, each)) for each in alert.evidence],
        )

    @classmethod
    def of_record(cls, record: Record) -> "Alert":
        """From what a search of the kind ALERTS finds."""
        return cls.of(alert_of(record))


def alert_id(raw_id: str) -> str:
    return seal("alert", raw_id)
