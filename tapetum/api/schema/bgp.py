"""A BGP record: a line of BIRD, and what could be read of it."""

from typing import ClassVar

import strawberry

from tapetum.api.schema.log import LogRecord, describe
from tapetum.api.schema.scalars import TimePoint
from tapetum.domain.batches import RecordKind


@strawberry.type(description="A BGP record: a line of BIRD.")
class BgpLog(LogRecord):
    kind_of_record: ClassVar[RecordKind] = RecordKind.BGP

    host: str | None
    logtime: TimePoint
    ip_version: str | None
    message: str | None
    peer: str | None
    peer_ip: str | None
    event: str | None
    state: str | None
    reason: str | None


describe(BgpLog, RecordKind.BGP)
