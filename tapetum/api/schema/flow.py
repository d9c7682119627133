"""A flow record: its log's fields in camel case, its policies read, and the edge that it belongs to."""

from typing import Any, ClassVar

import strawberry
from strawberry import ID, field

from tapetum.api.context import Info
from tapetum.api.schema.audit import AuditLog
from tapetum.api.schema.dns import DnsLog
from tapetum.api.schema.l7 import L7Log
from tapetum.api.schema.log import SEARCHES, LinkLimit, LogRecord, describe, linked
from tapetum.api.schema.scalars import BigInt, TimePoint
from tapetum.api.use import links
from tapetum.api.use.policy_links import changes_of_flow
from tapetum.domain.batches import RecordKind
from tapetum.domain.endpoints import node_of
from tapetum.domain.flows import POLICY_LISTS, Reporter
from tapetum.domain.identity import edge_id
from tapetum.domain.policy_trace import Action, PolicySet
from tapetum.logstore.port import Record


@strawberry.type(description="One step of a policy evaluation.")
class PolicyHit:
    set: PolicySet = field(description="Evaluation that the step belongs to.")
    index: int = field(description="Place in the order of evaluation, from 0.")
    tier: str = field(description="Tier of the policy.")
    kind: str = field(description="Kind of the policy, such as GlobalNetworkPolicy, Profile or EndOfTier.")
    namespace: str | None = field(description="Namespace of the policy; null where it is global.")
    name: str = field(description="Name of the policy, without tier or namespace.")
    action: Action = field(description="What this step did.")
    rule_index: int = field(description="Rule that matched, from 0; -1: none did, -2: unknown.")
    staged: bool = field(description="Whether the policy is staged.")
    end_of_tier: bool = field(description="Whether the tier's default action applied.")
    trigger: str | None = field(description="Policy that made the tier apply when it ended without a match.")

    @classmethod
    def of(cls, hit: Record) -> "PolicyHit":
        values: dict[str, Any] = {
            **hit,
            **{name: hit[name] or "" for name in ("tier", "kind", "name")},  # a source may leave them out
            "set": PolicySet(hit["set"]),
            "action": Action(hit["action"]),
        }
        return cls(**values)


@strawberry.type(description="A flow record, as one end of connections logged them over a window.")
class Flow(LogRecord):
    kind_of_record: ClassVar[RecordKind] = RecordKind.FLOWS

    host: str | None
    start_time: TimePoint
    end_time: TimePoint | None
    action: Action
    reporter: Reporter
    proto: str | None
    source_ip: str | None
    source_name: str | None
    source_name_aggr: str | None
    source_namespace: str | None
    source_type: str | None
    source_port: int | None
    source_labels: list[str] | None
    dest_ip: str | None
    dest_name: str | None
    dest_name_aggr: str | None
    dest_namespace: str | None
    dest_type: str | None
    dest_port: int | None
    dest_labels: list[str] | None
    dest_service_namespace: str | None
    dest_service_name: str | None
    dest_service_port: str | None
    dest_service_port_num: int | None
    dest_domains: list[str] | None
    bytes_in: BigInt | None
    bytes_out: BigInt | None
    packets_in: BigInt | None
    packets_out: BigInt | None
    num_flows: BigInt | None
    num_flows_started: BigInt | None
    num_flows_completed: BigInt | None
    http_requests_allowed_in: BigInt | None
    http_requests_denied_in: BigInt | None
    process_name: str | None
    process_id: str | None
    process_args: list[str] | None
    num_process_names: BigInt | None
    num_process_ids: BigInt | None
    num_process_args: BigInt | None
    nat_outgoing_ports: list[int] | None
    original_source_ips: list[str] | None
    num_original_source_ips: BigInt | None
    tcp_mean_send_congestion_window: BigInt | None
    tcp_min_send_congestion_window: BigInt | None
    tcp_mean_smooth_rtt: BigInt | None
    tcp_max_smooth_rtt: BigInt | None
    tcp_mean_min_rtt: BigInt | None
    tcp_max_min_rtt: BigInt | None
    tcp_mean_mss: BigInt | None
    tcp_min_mss: BigInt | None
    tcp_total_retransmissions: BigInt | None
    tcp_lost_packets: BigInt | None
    tcp_unrecovered_to: BigInt | None
    sampling: BigInt | None
    enforced_policies: list[str]
    pending_policies: list[str]
    transit_policies: list[str]
    all_policies: list[str]

    @field(description="What each policy did, in the order of evaluation.")
    def policy_hits(self) -> list[PolicyHit]:
        return [PolicyHit.of(hit) for hit in self.record.get("policy_hits") or ()]

    @field(description="The edge between the workloads, or whatever else they are, of its two ends.")
    def edge_id(self) -> ID:
        return ID(
            edge_id(_end(self.record, "source"), _end(self.record, "dest", self.record.get("dest_domain")))
        )

    @field(
        metadata=SEARCHES,
        description="DNS records by which the source may have learnt the destination, newest first: answers "
        "to the same client within the hour before that hold its address, or name its domain or service.",
    )
    async def dns_answers(self, info: Info, limit: LinkLimit = 10) -> list[DnsLog]:
        return await linked(DnsLog, info, links.answers_of_flow(self.record), limit)

    @field(
        metadata=SEARCHES,
        description="L7 records between the same ends, by workload or by address, at the same time.",
    )
    async def l7_records(self, info: Info, limit: LinkLimit = 10) -> list[L7Log]:
        return await linked(L7Log, info, links.requests_of_flow(self.record), limit)

    @field(
        metadata=SEARCHES,
        description="Changes of the policies that decided it, and of the tiers whose default did, in the 30 "
        "days before, newest first.",
    )
    async def policy_changes(self, info: Info, limit: LinkLimit = 10) -> list[AuditLog]:
        return await linked(AuditLog, info, changes_of_flow(self.record), limit)

    @classmethod
    def values(cls, record: Record) -> dict[str, Any]:
        policies = record.get("policies") or {}
        return super().values(record) | {name: policies.get(name) or [] for name in POLICY_LISTS}


def _end(record: Record, side: str, domain: str | None = None) -> Any:
    return node_of(
        record["cluster"],
        record.get(f"{side}_type"),
        record.get(f"{side}_namespace"),
        record.get(f"{side}_name_aggr"),
        record.get(f"{side}_network"),
        domain,
    )


describe(Flow, RecordKind.FLOWS)
