"""An incident: alerts about the same endpoints, with the part of the graph that they are about."""

from typing import Annotated

import strawberry
from strawberry import ID, argument, field

from tapetum.api.context import Info
from tapetum.api.schema.alert import Alert
from tapetum.api.schema.common import ClustersArgument, FilterArgument, RangeArgument, TimeRange, point
from tapetum.api.schema.enums import Severity, level_of
from tapetum.api.schema.node import ServiceNode
from tapetum.api.schema.scalars import TimePoint
from tapetum.api.use import incidents
from tapetum.domain import incidents as domain
from tapetum.domain.alerts import Status
from tapetum.domain.identity import edge_id, seal


@strawberry.type(description="Alerts about the same workloads or hosts, one soon after the other.")
class Incident:
    id: ID = field(description="Stays the same while its first alert does.")
    title: str = field(description="That of its gravest alert.")
    cluster: str = field(description="Cluster that it concerns.")
    first: TimePoint = field(description="When its first alert happened.")
    last: TimePoint = field(description="When its last alert happened.")
    severity: int = field(description="Of its gravest alert, from 1 to 100.")
    level: Severity = field(description="The severity as people read it.")
    status: Status = field(description="Open while any of its alerts is, then acknowledged while any is.")
    tactics: list[str] = field(description="MITRE ATT&CK tactics, in order of time.")
    techniques: list[str] = field(description="MITRE ATT&CK techniques, in order of time.")
    nodes: list[ServiceNode] = field(description="Endpoints of its alerts, those of most alerts first.")
    edge_ids: list[ID] = field(description="Edges of the service graph that its alerts are about.")
    alerts: list[Alert] = field(description="Its alerts in order of time.")

    @classmethod
    def of(cls, incident: domain.Incident) -> "Incident":
        return cls(
            id=ID(seal("incident", incident.id)),
            title=incident.title,
            cluster=incident.cluster,
            first=point(incident.first),
            last=point(incident.last),
            severity=incident.severity,
            level=level_of(incident.severity),
            status=incident.status,
            tactics=list(incident.tactics),
            techniques=list(incident.techniques),
            nodes=[ServiceNode.of(node) for node in incident.nodes],
            edge_ids=[ID(edge_id(source, target)) for source, target in incident.edges],
            alerts=[Alert.of(alert) for alert in incident.alerts],
        )


@strawberry.type(description="Incidents of a range, that with the newest alert first.")
class Incidents:
    range: TimeRange = field(description="The range that was asked about.")
    nodes: list[Incident] = field(
        description="Those with an alert in the range, with what they began with up to a day before it."
    )
    truncated: bool = field(description="Whether there are more than `limit`.")
    partial: bool = field(
        description=f"Whether there are over {incidents.MOST_ALERTS} alerts, so that the oldest are left out."
    )


async def resolve_incidents(
    info: Info,
    within: RangeArgument,
    clusters: ClustersArgument = None,
    query: FilterArgument = None,
    limit: Annotated[int, argument(description=f"How many, 1 to {incidents.MOST}.")] = 50,
) -> Incidents:
    asked = info.context
    found = await incidents.find_incidents(asked, within.read(asked), clusters, query, limit)
    return Incidents(
        range=TimeRange.of(found.range),
        nodes=[Incident.of(each) for each in found.incidents],
        truncated=found.truncated,
        partial=found.partial,
    )
