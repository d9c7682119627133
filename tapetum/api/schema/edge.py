"""One edge in detail: who reported it, its ports, and what raw records add."""

from typing import Annotated

import strawberry
from strawberry import ID, Private, argument, field

from tapetum.api.context import Info
from tapetum.api.schema.common import TimeRange, point
from tapetum.api.schema.node import AppliedPolicy, ServiceNode
from tapetum.api.schema.scalars import BigInt, TimePoint
from tapetum.api.schema.traffic import Traffic
from tapetum.api.use.arguments import read_limit
from tapetum.api.use.evidence import EdgeEvidence
from tapetum.domain import service_graph as domain
from tapetum.domain.flows import Reporter
from tapetum.domain.policy_trace import Action, PolicySet
from tapetum.logstore import port

MOST = 100
_Limit = Annotated[int, argument(description=f"How many, 1 to {MOST}.")]


@strawberry.type(description="What one reporter said of an edge. Reporters are never added to each other.")
class ReporterTraffic:
    reporter: Reporter = field(description="Which end of the connections it is.")
    allowed: Traffic = field(description="What it let through.")
    denied: Traffic = field(description="What it stopped.")

    @classmethod
    def of(cls, report: domain.Report) -> "ReporterTraffic":
        return cls(
            reporter=report.reporter, allowed=Traffic.of(report.allowed), denied=Traffic.of(report.denied)
        )


@strawberry.type(description="What an edge carried on one port of its target.")
class PortTraffic:
    protocol: str = field(description="tcp, udp, icmp, or a protocol's number.")
    port: int | None = field(description="The target's port; null where logs aggregate it, and for ICMP.")
    service: str | None = field(description="The service that was called, where logs name it.")
    allowed: Traffic = field(description="What was let through.")
    denied: Traffic = field(description="What was stopped.")


@strawberry.type(description="How often one policy took the same decision.")
class PolicyDecision:
    set: PolicySet = field(description="Which evaluation it belongs to.")
    reporter: Reporter = field(description="Which end evaluated it: src for egress, dst for ingress.")
    tier: str = field(description="Tier of the policy.")
    kind: str = field(description="Kind of the policy.")
    namespace: str | None = field(description="Namespace of the policy; null where it is global.")
    name: str = field(description="Name of the policy, without tier or namespace.")
    action: Action = field(description="What it did.")
    rule_index: int = field(description="Rule that matched, from 0; -1: none did, -2: unknown.")
    staged: bool = field(description="Whether the policy is staged.")
    end_of_tier: bool = field(description="Whether the tier's default action applied.")
    records: BigInt = field(description="Records in whose trace it appears.")
    connections: BigInt | None = field(description="Connections that those records started.")

    @classmethod
    def of(cls, decision: port.Decision) -> "PolicyDecision":
        hit = decision.hit
        return cls(
            set=PolicySet(hit["set"]),
            reporter=Reporter(decision.reporter),
            tier=hit["tier"] or "",
            kind=hit["kind"] or "",
            namespace=hit["namespace"],
            name=hit["name"] or "",
            action=Action(hit["action"]),
            rule_index=hit["rule_index"],
            staged=hit["staged"],
            end_of_tier=hit["end_of_tier"],
            records=BigInt(decision.records),
            connections=None if decision.connections is None else BigInt(decision.connections),
        )


@strawberry.type(description="A process that made or took connections of an edge.")
class ProcessUse:
    name: str = field(description="Its name; * where there were many.")
    args: list[str] = field(description="Arguments that it was started with.")
    records: BigInt = field(description="Records that name it.")
    first_seen: TimePoint = field(description="Start of the first of them in the range.")

    @classmethod
    def of(cls, use: port.ProcessUse) -> "ProcessUse":
        return cls(
            name=use.name, args=list(use.args), records=BigInt(use.records), first_seen=point(use.first_seen)
        )


@strawberry.type(description="TCP figures of an edge. Times are microseconds.")
class TcpHealth:
    mean_smooth_rtt: float | None = field(description="Mean smoothed round-trip time.")
    max_smooth_rtt: BigInt | None = field(description="Largest smoothed round-trip time.")
    mean_min_rtt: float | None = field(description="Mean of the minimal round-trip times.")
    retransmissions: BigInt | None = field(description="Segments sent again.")
    lost_packets: BigInt | None = field(description="Packets lost.")
    unrecovered_timeouts: BigInt | None = field(
        description="Retransmission timeouts that were not recovered from."
    )

    @classmethod
    def of(cls, health: port.TcpHealth) -> "TcpHealth":
        return cls(
            mean_smooth_rtt=health.mean_smooth_rtt,
            max_smooth_rtt=_big(health.max_smooth_rtt),
            mean_min_rtt=health.mean_min_rtt,
            retransmissions=_big(health.retransmissions),
            lost_packets=_big(health.lost_packets),
            unrecovered_timeouts=_big(health.unrecovered_timeouts),
        )


@strawberry.type(
    description="One edge over a range. Policies, processes and TCP figures come from raw records."
)
class ServiceEdgeDetail:
    id: ID = field(description="The edge's id.")
    range: TimeRange = field(
        description="The range that was summed, which roll-ups widen to whole minutes or hours."
    )
    source: ServiceNode = field(description="The node that opened the connections.")
    target: ServiceNode = field(description="The node that they went to.")
    allowed: Traffic = field(description="What was let through.")
    denied: Traffic = field(description="What was stopped.")
    reports: list[ReporterTraffic] = field(description="What each reporter said.")
    direct: Private[bool]
    detail: Private[domain.EdgeDetail]
    evidence: Private[EdgeEvidence]

    @field(description="Ports of the target, busiest first.")
    def ports(self, limit: _Limit = 20) -> list[PortTraffic]:
        return [
            PortTraffic(
                protocol=use.protocol,
                port=use.port,
                service=use.service,
                allowed=Traffic.of(use.allowed),
                denied=Traffic.of(use.denied),
            )
            for use in self.detail.ports[: read_limit("limit", limit, MOST)]
        ]

    @field(description="Policies that decided, or would decide, its connections, most frequent first.")
    async def policies(self, limit: _Limit = 20) -> list[PolicyDecision]:
        most = read_limit("limit", limit, MOST)
        return [PolicyDecision.of(each) for each in (await self.evidence.get()).decisions[:most]]

    @field(
        description="Policies that ever decided it, whatever the range: the graph keeps them when retention "
        "removes the records."
    )
    async def decided_by(self, info: Info, limit: _Limit = 20) -> list[AppliedPolicy]:
        most = read_limit("limit", limit, MOST)
        asked = info.context
        found = await asked.api.graph.policies_of(
            asked.scope, self.detail.source, self.detail.target, direct=self.direct
        )
        return [AppliedPolicy.of(use) for use in found[:most]]

    @field(description="Processes behind its connections, most frequent first.")
    async def processes(self, limit: _Limit = 20) -> list[ProcessUse]:
        most = read_limit("limit", limit, MOST)
        return [ProcessUse.of(each) for each in (await self.evidence.get()).processes[:most]]

    @field(description="TCP figures; null where no record carries any.")
    async def tcp(self) -> TcpHealth | None:
        tcp = (await self.evidence.get()).tcp
        return None if tcp is None else TcpHealth.of(tcp)


def _big(count: int | None) -> BigInt | None:
    return None if count is None else BigInt(count)
