"""What subscriptions send. `position` and `payload` serve the fan-out, and are not part of the schema."""

import strawberry
from strawberry import ID, Private, field

from tapetum.api.schema.alert import Alert
from tapetum.api.schema.common import TimeRange
from tapetum.api.schema.flow import Flow
from tapetum.api.schema.graph import ServiceEdge
from tapetum.api.schema.log import LogRecord
from tapetum.api.schema.node import ServiceNode
from tapetum.api.schema.scalars import TimePoint

_NEWEST = "The newest of them, at most 100, newest first."
_DROPPED = "How many more matched and are left out."


@strawberry.type(description="An alert that was just raised, or that a subscriber had missed.")
class AlertRaised:
    cursor: str = field(description="Give the last one as `after` when you come back, and you miss nothing.")
    alert: Alert | None = field(description="The alert.")
    gap: int = field(
        description="How many alerts were skipped before this one because the subscriber fell behind or its "
        "cursor is too old; read them from `alerts`."
    )
    position: Private[int]
    payload: Private[bytes | None] = None


@strawberry.type(description="Flow records that were just stored.")
class FlowsIngested:
    records: list[Flow] = field(description=_NEWEST)
    dropped: int = field(description=_DROPPED)
    position: Private[int]
    payload: Private[bytes | None] = None


@strawberry.type(description="Records of one kind that were just stored.")
class LogsIngested:
    records: list[LogRecord] = field(description=_NEWEST)
    dropped: int = field(description=_DROPPED)
    position: Private[int]
    payload: Private[bytes | None] = None


@strawberry.type(
    description="What changed in a service graph since the event before; the first one is the whole graph."
)
class ServiceGraphChange:
    as_of: TimePoint = field(description="When the newest data in it arrived.")
    range: TimeRange = field(description="The range that was summed.")
    upserted_nodes: list[ServiceNode] = field(description="Nodes that are new or changed.")
    upserted_edges: list[ServiceEdge] = field(description="Edges that are new or changed.")
    removed_ids: list[ID] = field(description="Ids of nodes and edges without traffic in the range any more.")
    position: Private[int]
    payload: Private[bytes | None] = None
