"""An alert: what was noticed, about which endpoints, with the records that show it."""

from dataclasses import dataclass
from enum import StrEnum

from tapetum.domain.endpoints import NodeRef
from tapetum.domain.moments import Micros


class Status(StrEnum):
    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True)
class Alert:
    """`severity` is 1 to 100; `id` is deterministic in what raised it, so redelivery raises nothing."""

    id: str
    time: Micros
    kind: str
    rule: str
    title: str
    description: str
    severity: int
    cluster: str
    source: NodeRef
    target: NodeRef
    protocol: str | None
    port: int | None
    technique: str | None = None
    tactic: str | None = None
    status: Status = Status.OPEN
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NumberedAlert:
    """An alert with its place in the order of raising; the place is what cursors hold."""

    number: int
    alert: Alert
