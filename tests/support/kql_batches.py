"""Rows of tests/support/kql_cases.py as a batch that any log store takes, and numbers back from ids."""

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from tapetum.domain.batches import Batch, RecordKind
from tapetum.domain.flows import TRACE
from tapetum.domain.shapes import SHAPES
from tests.support.kql_cases import NOW, Records

_DIGITS = 6


def identified(records: Sequence[dict[str, Any]], cluster: str) -> Records:
    """The records as readers get them: each with its number in its id."""
    return [
        {**record, "id": id_of(cluster, place), "cluster": cluster} for place, record in enumerate(records)
    ]


def id_of(cluster: str, place: int) -> str:
    """16 characters, as ids have."""
    return f"{cluster[-10:]:_<10}{place:0{_DIGITS}}"


def number_of(identity: str) -> int:
    return int(identity[-_DIGITS:])


def batch_of(kind: RecordKind, records: Records, cluster: str, first_trace: int = 1) -> Batch:
    """`records` are identified; policies lie aside, found by `trace`."""
    traced = kind is RecordKind.FLOWS
    rows = [
        {**record, "line_no": place, **({"trace": first_trace + place} if "policies" in record else {})}
        for place, record in enumerate(records)
    ]
    traces = [
        {"trace": first_trace + place, **record["policies"], "policy_hits": record.get("policy_hits")}
        for place, record in enumerate(records)
        if traced and "policies" in record
    ]
    return Batch(
        id=cluster,
        cluster=cluster,
        kind=kind,
        source="test",
        received_at=NOW,
        lines=tuple(b"{}" for _ in records),
        records=pa.Table.from_pylist(rows, schema=SHAPES[kind].record),
        traces=pa.Table.from_pylist(traces, schema=TRACE),
        rejections=(),
    )
