"""A line that could not be read."""

import strawberry
from strawberry import ID, field

from tapetum.api.schema.common import point
from tapetum.api.schema.node import Node
from tapetum.api.schema.scalars import TimePoint
from tapetum.domain.batches import RecordKind
from tapetum.domain.identity import seal
from tapetum.logstore.port import DeadLetter


@strawberry.type(description="A line that could not be read, kept with the reason.")
class RejectedLine(Node):
    cluster: str = field(description="Cluster that it was sent for.")
    received_at: TimePoint = field(description="When it arrived.")
    source: str = field(description="How it arrived: a file's name, or the HTTP client.")
    kind: RecordKind | None = field(
        description="What it was sent as; null of lines that an earlier version stored."
    )
    batch_id: str = field(description="The delivery that it was part of.")
    line_number: int = field(description="Its place in the delivery, from 0.")
    reason: str = field(description="Why it could not be read.")
    line: str = field(description="The line as it arrived; of one over 64 KiB its beginning.")

    @classmethod
    def of(cls, letter: DeadLetter) -> "RejectedLine":
        return cls(
            id=ID(seal("rejected", letter.cluster, letter.received_at, letter.id)),
            cluster=letter.cluster,
            received_at=point(letter.received_at),
            source=letter.source,
            kind=letter.kind,
            batch_id=letter.batch_id,
            line_number=letter.line_no,
            reason=letter.reason,
            line=letter.line,
        )
