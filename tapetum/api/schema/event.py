"""A security event, as another program or a detector of ours told it."""

import asyncio
from operator import itemgetter
from typing import ClassVar

import strawberry
from strawberry import field

from tapetum.api.context import Info
from tapetum.api.schema.dns import DnsLog
from tapetum.api.schema.flow import Flow
from tapetum.api.schema.l7 import L7Log
from tapetum.api.schema.log import SEARCHES, LinkLimit, LogRecord, describe, linked, shown
from tapetum.api.schema.scalars import TimePoint
from tapetum.api.use import links
from tapetum.domain.batches import RecordKind

_EVIDENCE: dict[RecordKind, type[LogRecord]] = {
    type_.kind_of_record: type_ for type_ in (Flow, DnsLog, L7Log)
}


@strawberry.type(description="A security event.")
class SecurityEvent(LogRecord):
    kind_of_record: ClassVar[RecordKind] = RecordKind.EVENTS

    event_id: str | None
    kind: str | None
    origin: str | None
    rule: str | None
    title: str | None
    description: str | None
    category: str | None
    severity: int | None
    tactics: list[str] | None
    techniques: list[str] | None
    mitigations: list[str] | None
    source_kind: str | None
    source_namespace: str | None
    source_name: str | None
    source_ip: str | None
    source_port: int | None
    dest_kind: str | None
    dest_namespace: str | None
    dest_name: str | None
    dest_ip: str | None
    dest_port: int | None
    proto: str | None
    action: str | None
    host: str | None
    evidence: list[str] | None
    status: str | None
    status_by: str | None
    status_at: TimePoint | None

    @field(
        metadata=SEARCHES,
        description="Flows between its ends, as far as it names them, within five minutes.",
    )
    async def flows(self, info: Info, limit: LinkLimit = 10) -> list[Flow]:
        return await linked(Flow, info, links.flows_of_event(self.record), limit)

    @field(
        metadata={"searches": 3},
        description="The flow, DNS and L7 records that `evidence` names, where the caller sees them.",
    )
    async def evidence_records(self, info: Info, limit: LinkLimit = 10) -> list[LogRecord]:
        asked = info.context
        searches = links.evidence_of(self.record)
        pages = await asyncio.gather(*(links.follow(asked, search, limit) for search in searches))
        found = [
            (record["start_time"], each)
            for search, records in zip(searches, pages, strict=True)
            for record, each in zip(records, shown(_EVIDENCE[search.kind], records, asked), strict=True)
        ]
        found.sort(key=itemgetter(0), reverse=True)
        return [each for _, each in found[:limit]]


describe(SecurityEvent, RecordKind.EVENTS)
