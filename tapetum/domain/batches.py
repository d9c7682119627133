"""A batch: what one delivery holds, decoded, with its bad lines and reasons."""

from base64 import urlsafe_b64encode
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

import pyarrow as pa

from tapetum.domain.moments import Micros


class RecordKind(StrEnum):
    FLOWS = "flows"
    DNS = "dns"
    L7 = "l7"
    AUDIT = "audit"
    BGP = "bgp"
    EVENTS = "events"
    ALERTS = "alerts"


@dataclass(frozen=True, slots=True)
class Rejection:
    """A line that could not be read, kept whole (up to the store's limit) with its reason."""

    line_no: int
    reason: str


@dataclass(frozen=True, slots=True)
class Batch:
    """A delivery's lines (blank ones left out), what could be read of them and what could not.

    `id` is deterministic in content; `records` follow the kind's shape (shapes.py), and the `traces` of flows
    flows.TRACE; other kinds have none.
    """

    id: str
    cluster: str
    kind: RecordKind
    source: str
    received_at: Micros
    lines: tuple[bytes, ...]
    records: pa.Table
    traces: pa.Table
    rejections: tuple[Rejection, ...]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a delivery's lines: lines = accepted + duplicates + rejected."""

    lines: int
    accepted: int
    duplicates: int
    rejected: int

    def __add__(self, other: "Receipt") -> "Receipt":
        return Receipt(
            self.lines + other.lines,
            self.accepted + other.accepted,
            self.duplicates + other.duplicates,
            self.rejected + other.rejected,
        )


NOTHING = Receipt(0, 0, 0, 0)


def batch_id(cluster: str, kind: str, form: str, body: bytes) -> str:
    """The same bytes for the same cluster, read the same way, are the same batch."""
    digest = sha256(f"{cluster}\x1f{kind}\x1f{form}\x1f".encode())
    digest.update(body)
    return urlsafe_b64encode(digest.digest()[:18]).decode()
