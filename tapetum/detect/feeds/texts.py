"""What of a record is matched with feeds: the texts in its columns, and which record holds each.

Addresses of both ends of a flow, names and answers of DNS, hosts of L7.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tapetum.detect.feeds.probe import Probe
from tapetum.domain.arrow import compute as pc
from tapetum.domain.batches import RecordKind

Rows = npt.NDArray[np.int64]

MATCHED: dict[RecordKind, tuple[str, ...]] = {
    RecordKind.FLOWS: ("source_ip", "dest_ip", "original_source_ips", "dest_domains"),
    RecordKind.DNS: ("qname", "rrsets.name", "rrsets.rdata"),
    RecordKind.L7: ("src_ip", "dest_ip", "tls_sni", "url"),
}
"""The columns, by their names in KQL."""

_URL = "url"
_HOST = r"^(?:[A-Za-z][A-Za-z0-9+.-]*://)?(?:[^/?#@]*@)?\[?(?P<host>[^/?#\]\[:]*|[0-9A-Fa-f:.]+)\]?(?::[0-9]*)?(?:[/?#].*)?$"


@dataclass(frozen=True, slots=True)
class Held:
    """`codes[i]` is the text, of those told apart, that the record `rows[i]` holds."""

    rows: Rows
    codes: Rows
    texts: pa.Array

    @classmethod
    def by(cls, records: pa.Table, kind: RecordKind) -> "Held":
        parts = [_of(records, name) for name in MATCHED.get(kind, ())]
        rows = np.concatenate([rows for rows, _ in parts]) if parts else np.empty(0, np.int64)
        texts = pa.concat_arrays([texts for _, texts in parts]) if parts else pa.array([], pa.string())
        told = texts.dictionary_encode()
        return cls(rows, np.asarray(told.indices).astype(np.int64), told.dictionary)


def hosts(urls: pa.Array) -> pa.Array:
    """The host that each URL names, with or without a scheme; empty where none can be told."""
    found = pc.struct_field(pc.extract_regex(urls, _HOST), "host")
    return pc.fill_null(found, "")


def probe_of(name: str, values: pa.Array) -> Probe:
    """Of the different values of a matched column."""
    return Probe.of(hosts(values) if name == _URL else values)


def _of(records: pa.Table, name: str) -> tuple[Rows, pa.Array]:
    column, _, part = name.partition(".")
    rows, values = _present(np.arange(records.num_rows), records.column(column).combine_chunks())
    while pa.types.is_list(values.type) or pa.types.is_struct(values.type):
        if pa.types.is_struct(values.type):
            values = pc.struct_field(values, part)
        else:
            parents = np.asarray(pc.list_parent_indices(values))
            rows, values = rows[parents], pc.list_flatten(values)
        rows, values = _present(rows, values)
    return rows, hosts(values) if name == _URL else values


def _present(rows: Any, values: pa.Array) -> tuple[Rows, pa.Array]:
    if isinstance(values, pa.ChunkedArray):
        values = values.combine_chunks()
    there = np.asarray(pc.is_valid(values))
    return rows[there], values.filter(pa.array(there))
