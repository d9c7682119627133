"""A DNS record: who asked for which name, and what was answered."""

from typing import ClassVar

import strawberry
from strawberry import field

from tapetum.api.schema.flow_links import flows
from tapetum.api.schema.log import LogRecord, describe
from tapetum.api.schema.scalars import BigInt, TimePoint
from tapetum.api.use import links
from tapetum.domain.batches import RecordKind


@strawberry.type(description="What was answered for one name and type.")
class DnsAnswer:
    name: str | None
    type: str | None
    class_: str | None = field(name="class")
    rdata: list[str] | None


@strawberry.type(description="A server that answered.")
class DnsServer:
    ip: str | None
    name: str | None
    name_aggr: str | None
    namespace: str | None
    labels: list[str] | None


@strawberry.type(description="A DNS record: requests of one client for one name that were answered alike.")
class DnsLog(LogRecord):
    kind_of_record: ClassVar[RecordKind] = RecordKind.DNS

    host: str | None
    start_time: TimePoint
    end_time: TimePoint | None
    type: str | None
    count: BigInt | None
    client_ip: str | None
    client_name: str | None
    client_name_aggr: str | None
    client_namespace: str | None
    client_labels: list[str] | None
    qname: str | None
    qtype: str | None
    qclass: str | None
    rcode: str | None
    latency_count: BigInt | None
    latency_mean: BigInt | None
    latency_max: BigInt | None
    rrsets: list[DnsAnswer]
    servers: list[DnsServer]
    server_ip: str | None
    server_name_aggr: str | None
    server_namespace: str | None

    flows = flows(
        "Flows of the client to what it was answered, within the hour after, newest first.",
        links.flows_of_answers,
    )


describe(DnsLog, RecordKind.DNS)
describe(DnsAnswer, RecordKind.DNS, "rrsets.")
describe(DnsServer, RecordKind.DNS, "servers.")
