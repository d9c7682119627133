"""An L7 record: requests that were alike, and what became of them."""

from typing import ClassVar

import strawberry

from tapetum.api.schema.flow_links import flows
from tapetum.api.schema.log import LogRecord, describe
from tapetum.api.schema.scalars import BigInt, TimePoint
from tapetum.api.use import links
from tapetum.domain.batches import RecordKind


@strawberry.type(description="An L7 record: requests or connections that were alike.")
class L7Log(LogRecord):
    kind_of_record: ClassVar[RecordKind] = RecordKind.L7

    host: str | None
    start_time: TimePoint
    end_time: TimePoint | None
    bytes_in: BigInt | None
    bytes_out: BigInt | None
    duration_mean: BigInt | None
    duration_max: BigInt | None
    count: BigInt | None
    src_ip: str | None
    src_port: int | None
    src_name_aggr: str | None
    src_namespace: str | None
    src_type: str | None
    dest_ip: str | None
    dest_port: int | None
    dest_name_aggr: str | None
    dest_namespace: str | None
    dest_type: str | None
    dest_service_name: str | None
    dest_service_namespace: str | None
    dest_service_port: int | None
    url: str | None
    response_code: str | None
    response_flags: str | None
    method: str | None
    user_agent: str | None
    request_id: str | None
    type: str | None
    protocol: str | None
    protocol_version: str | None
    collector_type: str | None
    collector_name: str | None
    reporter: str | None
    tls_sni: str | None
    tls_version: str | None
    tls_cipher_suite: str | None

    flows = flows(
        "Flows between the same ends, by workload or by address, at the same time.",
        links.flows_of_requests,
    )


describe(L7Log, RecordKind.L7)
