"""Batches of records other than flows, from small specs: what a decoder would hand to the stores."""

from base64 import urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

import pyarrow as pa

from tapetum.domain.batches import Batch, RecordKind
from tapetum.domain.flows import TRACE
from tapetum.domain.shapes import SHAPES
from tests.support.factory import MINUTE, NOW

KINDS = tuple(kind for kind in SHAPES if kind is not RecordKind.FLOWS)


@dataclass(frozen=True)
class Entry:
    """One record. `fields` are under stored names; `mark` tells two apart that are otherwise alike.

    `text` is the line where a test reads it.
    """

    kind: RecordKind
    at: int = NOW - 10 * MINUTE
    cluster: str = "east"
    fields: tuple[tuple[str, Any], ...] = ()
    mark: int = 0
    text: bytes | None = None

    @cached_property
    def line(self) -> bytes:
        if self.text is not None:
            return self.text
        return repr((self.kind.value, self.at, self.cluster, self.fields, self.mark)).encode()

    @cached_property
    def id(self) -> str:
        return urlsafe_b64encode(sha256(self.line).digest()[:12]).decode()

    @cached_property
    def row(self) -> dict[str, Any]:
        shape = SHAPES[self.kind]
        own = {"id": self.id, "cluster": self.cluster, shape.time: self.at}
        return {**dict.fromkeys(shape.record.names), **dict(self.fields), **own}


def entry(
    kind: RecordKind,
    at: int = NOW - 10 * MINUTE,
    *,
    cluster: str = "east",
    mark: int = 0,
    text: bytes | None = None,
    **fields: Any,
) -> Entry:
    """A field whose name has a dot is written with two underscores."""
    named = tuple((name.replace("__", "."), value) for name, value in fields.items())
    return Entry(kind, at, cluster, named, mark, text)


def record_batch(entries: Iterable[Entry], *, received_at: int = NOW, source: str = "test") -> Batch:
    """All of one kind and cluster."""
    given = list(entries)
    kind, cluster = given[0].kind, given[0].cluster
    lines = tuple(one.line for one in given)
    rows = [{**one.row, "line_no": place} for place, one in enumerate(given)]
    return Batch(
        id=sha256(cluster.encode() + b"\n".join(lines)).hexdigest()[:24],
        cluster=cluster,
        kind=kind,
        source=source,
        received_at=received_at,
        lines=lines,
        records=pa.Table.from_pylist(rows, SHAPES[kind].record),
        traces=TRACE.empty_table(),
        rejections=(),
    )
