"""A security event, as another program or a detector of ours told it."""

from typing import ClassVar

import strawberry

from tapetum.api.schema.log import LogRecord, describe
from tapetum.api.schema.scalars import TimePoint
from tapetum.domain.batches import RecordKind


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


describe(SecurityEvent, RecordKind.EVENTS)
