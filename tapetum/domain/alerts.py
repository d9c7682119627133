"""An alert: what was noticed, about which endpoints where it is about any, with the records that show it."""

from dataclasses import dataclass, replace
from enum import StrEnum

from tapetum.domain.batches import RecordKind
from tapetum.domain.endpoints import NodeRef
from tapetum.domain.moments import Micros


class Status(StrEnum):
    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True)
class Triage:
    """What somebody made of an alert; `by` is the name of their token, None where none is needed."""

    status: Status
    by: str | None
    at: Micros
    note: str = ""


@dataclass(frozen=True, slots=True)
class Alert:
    """`severity` is 1 to 100; `id` is deterministic in what raised it, so redelivery raises nothing.

    `evidence` are ids of records of `evidence_kind`, `category` is that of the feed which raised it.
    """

    id: str
    time: Micros
    kind: str
    rule: str
    title: str
    description: str
    severity: int
    cluster: str
    source: NodeRef | None
    target: NodeRef | None
    protocol: str | None
    port: int | None
    technique: str | None = None
    tactic: str | None = None
    status: Status = Status.OPEN
    evidence: tuple[str, ...] = ()
    evidence_kind: RecordKind = RecordKind.FLOWS
    mitigations: tuple[str, ...] = ()
    category: str | None = None
    note: str = ""
    triaged_by: str | None = None
    triaged_at: Micros | None = None

    def triaged(self, triage: Triage) -> "Alert":
        """The same, as somebody judged it; the last one to do so counts."""
        return replace(
            self,
            status=triage.status,
            note=triage.note,
            triaged_by=triage.by,
            triaged_at=triage.at,
        )


@dataclass(frozen=True, slots=True)
class NumberedAlert:
    """An alert with its place in the order of raising; the place is what cursors hold."""

    number: int
    alert: Alert
