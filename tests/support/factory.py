"""Batches from small specs: what a decoder would hand to the stores, without any of its code.

Hashes are any stable ones; the stores must not care how keys are made.
"""

from base64 import urlsafe_b64encode
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from hashlib import sha256
from typing import Any

import pyarrow as pa

from tapetum.domain.batches import Batch, RecordKind, Rejection
from tapetum.domain.flows import FLOW_KEY, POLICY_LISTS, RECORD, TRACE, VERDICT_KEY

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
NOW = int(datetime(2026, 11, 23, 14, 37, 21, 500_000, tzinfo=UTC).timestamp()) * SECOND + 500_000

COUNTS = ("connections", "packets_in", "packets_out", "bytes_in", "bytes_out")
LOGGED_COUNTS = ("num_flows_started", *COUNTS[1:])


@dataclass(frozen=True)
class End:
    """An endpoint as a log names it; `network` is what its address was classified as."""

    kind: str | None
    namespace: str | None
    name: str | None
    network: str | None = None


def wep(namespace: str, name: str) -> End:
    return End("wep", namespace, f"{name}-*")


def hep(name: str) -> End:
    return End("hep", None, name)


def net(name: str = "pub", network: str | None = None) -> End:
    return End("net", None, name, network or name)


def netset(name: str, namespace: str | None = None) -> End:
    return End("ns", namespace, name)


@dataclass(frozen=True)
class Hit:
    index: int
    tier: str
    name: str
    action: str
    rule_index: int = 0
    namespace: str | None = None
    set: str = "enforced"
    kind: str | None = None
    staged: bool = False
    end_of_tier: bool = False

    @property
    def text(self) -> str:
        where = f"{self.namespace}/" if self.namespace else ""
        kind = "np" if self.namespace else "gnp"
        return f"{self.index}|{self.tier}|{kind}:{where}{self.name}|{self.action}|{self.rule_index}"

    @property
    def row(self) -> dict[str, Any]:
        return {
            "index": self.index,
            "tier": self.tier,
            "kind": self.kind or ("CalicoNetworkPolicy" if self.namespace else "GlobalNetworkPolicy"),
            "namespace": self.namespace,
            "name": self.name,
            "action": self.action,
            "rule_index": self.rule_index,
            "staged": self.staged,
            "end_of_tier": self.end_of_tier,
            "trigger": None,
            "set": self.set,
        }


@dataclass(frozen=True)
class Flow:
    """One flow record. `mark` tells two records apart that are otherwise the same line."""

    source: End = field(default_factory=lambda: wep("shop", "web"))
    dest: End = field(default_factory=lambda: wep("shop", "db"))
    at: int = NOW - 10 * MINUTE
    reporter: str = "src"
    action: str = "allow"
    proto: str | None = "tcp"
    port: int | None = 80
    service: tuple[str, str] | None = None
    domain: str | None = None
    connections: int | None = 1
    packets_in: int | None = 2
    packets_out: int | None = 3
    bytes_in: int | None = 40
    bytes_out: int | None = 50
    sampling: int | None = None
    cluster: str = "east"
    hits: tuple[Hit, ...] = ()
    fields: tuple[tuple[str, Any], ...] = ()
    mark: int = 0

    @cached_property
    def line(self) -> bytes:
        return repr(asdict(self)).encode()

    @cached_property
    def id(self) -> str:
        return urlsafe_b64encode(sha256(self.line).digest()[:12]).decode()

    @cached_property
    def row(self) -> dict[str, Any]:
        """Under the names of flows.RECORD; times in microseconds."""
        row: dict[str, Any] = dict.fromkeys(RECORD.names)
        row |= {
            "id": self.id,
            "cluster": self.cluster,
            "start_time": self.at,
            "end_time": self.at + 15 * SECOND,
            "reporter": self.reporter,
            "action": self.action,
            "proto": self.proto,
            "dest_port": self.port,
            "dest_domain": self.domain,
            "dest_domains": None if self.domain is None else [self.domain],
            "sampling": self.sampling,
            "trace": _hash([hit.row for hit in self.hits]),
        }
        for side, end in (("source", self.source), ("dest", self.dest)):
            row[f"{side}_type"] = end.kind
            row[f"{side}_namespace"] = end.namespace
            row[f"{side}_name_aggr"] = end.name
            row[f"{side}_network"] = end.network
        if self.service is not None:
            row["dest_service_namespace"], row["dest_service_name"] = self.service
        counts = [getattr(self, name) for name in COUNTS]
        row |= dict(zip(LOGGED_COUNTS, counts, strict=True))
        row["known"] = sum(1 << place for place, count in enumerate(counts) if count is not None)
        row |= dict(self.fields)
        row["flow_key"] = _hash([row[name] for name in FLOW_KEY])
        row["verdict_key"] = _hash([row[name] for name in VERDICT_KEY])
        return row


@dataclass(frozen=True)
class Bad:
    """A line that cannot be read."""

    line: bytes
    reason: str = "it is no JSON"


def batch(
    lines: Iterable[Flow | Bad],
    *,
    id: str | None = None,  # noqa: A002 - the batch's own name for it
    cluster: str = "east",
    received_at: int = NOW,
    source: str = "test",
) -> Batch:
    given = list(lines)
    raw = tuple(one.line for one in given)
    flows = [(place, one) for place, one in enumerate(given) if isinstance(one, Flow)]
    return Batch(
        id=id or sha256(cluster.encode() + b"\n".join(raw)).hexdigest()[:24],
        cluster=cluster,
        kind=RecordKind.FLOWS,
        source=source,
        received_at=received_at,
        lines=raw,
        records=pa.Table.from_pylist([one.row | {"line_no": place} for place, one in flows], RECORD),
        traces=_traces([one for _, one in flows]),
        rejections=tuple(
            Rejection(place, one.reason) for place, one in enumerate(given) if isinstance(one, Bad)
        ),
    )


def _traces(flows: Sequence[Flow]) -> pa.Table:
    rows: dict[int, dict[str, Any]] = {}
    for flow in flows:
        key = flow.row["trace"]
        lists: dict[str, Any] = {
            name: [hit.text for hit in flow.hits if name.startswith(hit.set)] or None for name in POLICY_LISTS
        }
        rows[key] = {"trace": key, **lists, "policy_hits": [hit.row for hit in flow.hits]}
    return pa.Table.from_pylist(list(rows.values()), TRACE)


def _hash(values: Sequence[Any]) -> int:
    return int.from_bytes(sha256(repr(values).encode()).digest()[:8], "little")
