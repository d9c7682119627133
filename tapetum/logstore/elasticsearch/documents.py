"""Records as lines of a bulk request: written by the column, ready to send and to send again in part."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tapetum.domain.arrow import compute as pc
from tapetum.domain.batches import Batch, RecordKind
from tapetum.domain.flows import VERDICT_LISTS
from tapetum.domain.moments import DAY, Micros
from tapetum.domain.shapes import SHAPES
from tapetum.logstore.elasticsearch.fields import SHIFT, SHIFTED
from tapetum.logstore.elasticsearch.json_columns import encode, joined, members, values
from tapetum.logstore.elasticsearch.policies import members_of

_MOST_AT_ONCE = 64 << 20
"""Bytes of raw lines that are written together: Arrow's texts end at 2 GiB."""

IndexOf = Callable[[str, int], str]
"""The index of a cluster and day."""


@dataclass(frozen=True, slots=True)
class Lines:
    """Bulk actions with their documents: entry i is bytes[offsets[i]:offsets[i + 1]]."""

    body: memoryview
    offsets: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def slice(self, start: int, end: int) -> bytes:
        return bytes(self.body[self.offsets[start] : self.offsets[end]])


def lines_of(entries: Sequence[bytes]) -> Lines:
    """Of entries that were written one by one."""
    ends = np.cumsum([0, *map(len, entries)], dtype=np.int64)
    return Lines(memoryview(b"".join(entries)), ends)


def entry(index: str, identity: str, document: object) -> bytes:
    head = {"create": {"_index": index, "_id": identity}}
    return encode(head) + b"\n" + encode(document) + b"\n"


def written(batch: Batch, records: pa.Table, received_at: Micros, index_of: IndexOf) -> list[Lines]:
    """Documents of some of a batch's records, in their order."""
    policies = _Policies(batch)
    numbers = records.column("line_no").to_numpy()
    ends = np.cumsum([len(batch.lines[number]) for number in numbers])
    found: list[Lines] = []
    start = 0
    while start < len(numbers):
        before = ends[start - 1] if start else 0
        end = max(start + 1, int(np.searchsorted(ends, before + _MOST_AT_ONCE, "right")))
        some = records.slice(start, end - start)
        raw = [batch.lines[number].decode(errors="replace") for number in numbers[start:end]]
        shared = f',"batch":{_text(batch.id)},"received_at":{received_at}'
        found.append(_written(batch.kind, some, policies.of(some), raw, shared, index_of))
        start = end
    return found


class _Policies:
    """What the traces of flows say, as members of a document; other kinds have none."""

    def __init__(self, batch: Batch) -> None:
        self._traced = batch.kind is RecordKind.FLOWS
        self._members = members_of(batch.traces)
        self._keys = batch.traces.column("trace").combine_chunks()

    def of(self, records: pa.Table) -> pa.Array | None:
        if not self._traced:
            return None
        return self._members.take(pc.index_in(records.column("trace").combine_chunks(), value_set=self._keys))


def _written(
    kind: RecordKind,
    records: pa.Table,
    policies: pa.Array | None,
    raw: Sequence[str],
    shared: str,
    index_of: IndexOf,
) -> Lines:
    columns = {name: records.column(name).combine_chunks() for name in records.column_names}
    identity = values(columns["id"])
    rest = [
        members(name, _shifted(column) if name in SHIFTED else column)
        for name, column in columns.items()
        if name != "id"
    ]
    start = columns[SHAPES[kind].time].view(pa.int64())
    stamp = pc.divide(start, 1000)  # rounds towards zero: of no matter, as none of ours reads it
    text = joined(
        [
            _heads(columns["cluster"], start, index_of),
            identity,
            '}}\n{"id":',
            identity,
            members("@timestamp", stamp),
            shared,
            *rest,
            _processes(columns) if kind is RecordKind.FLOWS else None,
            _verdict_lists(columns) if kind is RecordKind.FLOWS else None,
            policies,
            ',"raw":',
            pa.array(list(map(encode, raw)), pa.string()),
            "}\n",
        ]
    )
    offsets = np.frombuffer(text.buffers()[1], np.int32, len(text) + 1, text.offset * 4).astype(np.int64)
    return Lines(memoryview(text.buffers()[2] or b""), offsets)


def _heads(clusters: pa.Array, start: pa.Array, index_of: IndexOf) -> pa.Array:
    """What stands before the id: the index, by cluster and day."""
    days = np.floor_divide(start.fill_null(0).to_numpy(), DAY)
    coded = clusters.dictionary_encode()
    names = coded.dictionary.to_pylist()
    pairs, at = np.unique(np.stack([coded.indices.to_numpy(), days]), axis=1, return_inverse=True)
    heads = [
        f'{{"create":{{"_index":{_text(index_of(names[cluster], int(day)))},"_id":'
        for cluster, day in pairs.T
    ]
    return pa.array(heads, pa.string()).take(pa.array(at.reshape(-1)))


def _verdict_lists(columns: dict[str, pa.Array]) -> pa.Array | None:
    """As one text, since columns of lists tell neither their order nor empty ones (verdicts.py reads it)."""
    lists = [pc.fill_null(values(columns[name]), "null") for name in VERDICT_LISTS]
    inner = pc.binary_join_element_wise(*lists, ",")
    return members("verdict_lists", pc.binary_join_element_wise("[", inner, "]", ""))


def _processes(columns: dict[str, pa.Array]) -> pa.Array | None:
    """What processes are counted by: the name and, behind NUL, a hash over name and arguments."""
    name = columns["process_name"]
    if name.null_count == len(name):
        return None
    args = values(columns["process_args"])
    both = pc.binary_join_element_wise(values(name), args.fill_null("[]"), "\n")
    coded = both.dictionary_encode()
    first = pc.index_in(coded.dictionary, value_set=both)
    named = zip(name.take(first).to_pylist(), coded.dictionary.to_pylist(), strict=True)
    keys = [f"{text}\0{sha256(told.encode()).hexdigest()[:24]}" for text, told in named]
    return members("process", pa.array(keys, pa.string()).take(coded.indices))


def _shifted(column: pa.Array) -> pa.Array:
    """64 bits without a sign, moved down into those with one: the topmost bit turns over."""
    bits = column.fill_null(0).to_numpy() ^ np.uint64(SHIFT)
    return pa.array(bits.view(np.int64), mask=column.is_null().to_numpy(zero_copy_only=False))


def _text(text: str) -> str:
    return encode(text).decode()
