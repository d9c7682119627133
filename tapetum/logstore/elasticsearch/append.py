"""Applying a batch: its new records and bad lines, the same whichever attempt gets through (decision 8)."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tapetum.domain.arrow import compute as pc
from tapetum.domain.batches import Batch, Receipt, RecordKind, Rejection
from tapetum.domain.moments import DAY
from tapetum.domain.shapes import SHAPES
from tapetum.logstore import bad_lines
from tapetum.logstore.elasticsearch.attempt import Attempt
from tapetum.logstore.elasticsearch.bulk import Fate, Sender
from tapetum.logstore.elasticsearch.documents import entry, lines_of, written
from tapetum.logstore.elasticsearch.journal import Intent, Journal, direct
from tapetum.logstore.elasticsearch.names import RECORDS, Family, Names
from tapetum.logstore.elasticsearch.where import FAMILY
from tapetum.logstore.port import Appended

_MOST_BYTES = 32_766
"""Of a value that the engine can find again."""
_AT_ONCE = 2_000


class Appender:
    """Writes batches, from any thread, and from several processes at the same batch."""

    def __init__(self, sender: Sender, journal: Journal, names: Names) -> None:
        self._sender = sender
        self._journal = journal
        self._names = names

    def append(self, attempt: Attempt, batch: Batch) -> Appended:
        """See LogStore.append; a delivery that is done already gets its own receipt again."""
        delivery = attempt.delivery or direct(batch.id)
        intent = self._journal.begin(batch.id, delivery, batch.received_at, None)
        if batch.id in attempt.applied or intent.delivery != delivery:
            return _replayed(attempt, batch, None)
        if not intent.created and (receipt := self._journal.receipt(delivery)) is not None:
            return _replayed(attempt, batch, receipt if attempt.delivery else None)
        attempt.begun.append(batch.id)
        fresh, refused = self._records(attempt, batch, intent)
        self._letters(attempt, batch, intent, refused)
        rejected = len(batch.rejections) + len(refused)
        receipt = Receipt(
            len(batch.lines), fresh.num_rows, batch.records.num_rows - fresh.num_rows - len(refused), rejected
        )
        attempt.applied[batch.id] = receipt
        return Appended(fresh, receipt)

    def withdraw(self, batch_id: str) -> None:
        """Remove all records and dead letters of a batch."""
        server, now = self._sender.server, {"refresh": "true"}
        for families, field in ((RECORDS, "batch"), ((Family.LETTERS,), "batch_id")):
            path = f"/{','.join(map(self._names.pattern, families))}"
            server.do("POST", f"{path}/_refresh")
            query = {"query": {"term": {field: batch_id}}}
            server.do("POST", f"{path}/_delete_by_query", query, parameters=now)

    def _records(self, attempt: Attempt, batch: Batch, intent: Intent) -> tuple[pa.Table, list[Rejection]]:
        """The new ones, and those that the engine cannot take."""
        records = _distinct(batch.records)
        if not records.num_rows:
            return records, []
        attempt.touched |= {index for index, _ in self._places(batch.kind, records)}
        index_of = partial(self._names.of_day, FAMILY[batch.kind])
        pieces = written(batch, records, intent.received_at, index_of)
        fates = np.concatenate([self._sender.create(lines) for lines in pieces])
        new = fates == Fate.NEW
        there = np.flatnonzero(fates == Fate.THERE)
        if len(there):
            new[there] = self._own(batch, records.take(there))
        wrong = np.flatnonzero(fates == Fate.WRONG)
        refused = [_refusal(records.slice(int(at), 1)) for at in wrong]
        return (records if new.all() else records.filter(pa.array(new))), refused

    def stored(self, kind: RecordKind, records: pa.Table) -> npt.NDArray[np.bool_]:
        """Which of these records are there, whoever brought them."""
        told = self._documents(self._places(kind, records), source=False)
        return np.array([document.get("found", False) for document in told], np.bool_)

    def _places(self, kind: RecordKind, records: pa.Table) -> list[tuple[str, str]]:
        """Each record's index and id."""
        times = records.column(SHAPES[kind].time).combine_chunks().view(pa.int64())
        days = np.floor_divide(times.to_numpy(), DAY)
        rows = list(zip(records.column("cluster").to_pylist(), days.tolist(), strict=True))
        index = {row: self._names.of_day(FAMILY[kind], *row) for row in set(rows)}
        identities = records.column("id").to_pylist()
        return [(index[row], identity) for row, identity in zip(rows, identities, strict=True)]

    def _own(self, batch: Batch, records: pa.Table) -> list[bool]:
        """Which of these records, all of which are there, another attempt at this very batch has made."""
        places = self._places(batch.kind, records)
        rows = list(zip(places, records.column("line_no").to_pylist(), strict=True))
        told = self._documents([place for place, _ in rows], source=["batch", "line_no"])
        sources = (document.get("_source", {}) for document in told)
        return [
            source.get("batch") == batch.id and source.get("line_no") == number
            for (_, number), source in zip(rows, sources, strict=True)
        ]

    def _documents(
        self, places: Sequence[tuple[str, str]], *, source: list[str] | bool
    ) -> Iterator[dict[str, Any]]:
        """What is at each place, as it is now, whether searches show it or not."""
        for start in range(0, len(places), _AT_ONCE):
            asked = [
                {"_index": index, "_id": identity, "_source": source}
                for index, identity in places[start : start + _AT_ONCE]
            ]
            yield from self._sender.server.do("POST", "/_mget", {"docs": asked})[1]["docs"]

    def _letters(self, attempt: Attempt, batch: Batch, intent: Intent, refused: Sequence[Rejection]) -> None:
        """Bad lines under (batch, line): those that are there are our own."""
        rejections = [*batch.rejections, *refused]
        if not rejections:
            return
        index = self._names.index(Family.LETTERS, batch.cluster, intent.received_at)
        documents = [_letter(batch, intent, rejection) for rejection in rejections]
        attempt.touched.add(index)
        self._sender.create(lines_of([entry(index, str(told["id"]), told) for told in documents]))


def _replayed(attempt: Attempt, batch: Batch, receipt: Receipt | None) -> Appended:
    """All lines are duplicates, unless this very delivery has its receipt."""
    total = len(batch.lines)
    receipt = receipt or Receipt(total, 0, total, 0)
    attempt.applied.setdefault(batch.id, receipt)
    return Appended(SHAPES[batch.kind].record.empty_table(), receipt, replayed=True)


def _distinct(records: pa.Table) -> pa.Table:
    """The first of each id."""
    ids = records.column("id").combine_chunks()
    if pc.count_distinct(ids).as_py() == records.num_rows:
        return records
    _, first = np.unique(ids.to_numpy(zero_copy_only=False).astype(str), return_index=True)
    return records.take(np.sort(first))


def _letter(batch: Batch, intent: Intent, rejection: Rejection) -> dict[str, object]:
    line = bad_lines.kept(batch, rejection)
    text = line.decode(errors="replace")
    told: dict[str, object] = {
        "id": bad_lines.letter_id(batch.id, rejection.line_no),
        "cluster": batch.cluster,
        "received_at": intent.received_at,
        "source": batch.source,
        "kind": batch.kind.value,
        "batch_id": batch.id,
        "line_no": rejection.line_no,
        "reason": bad_lines.reason(batch, rejection),
        "line": text,
    }
    return told if text.encode() == line else {**told, "bytes": line}  # written in base64


def _refusal(record: pa.Table) -> Rejection:
    (row,) = record.to_pylist()
    for name, value in row.items():
        longest = max(
            (
                len(text.encode())
                for text in (value if isinstance(value, list) else [value])
                if isinstance(text, str)
            ),
            default=0,
        )
        if longest > _MOST_BYTES:
            reason = f"{name} holds a value of {longest} bytes; the log store can find at most {_MOST_BYTES}"
            return Rejection(row["line_no"], reason)
    return Rejection(
        row["line_no"], "the log store cannot hold this record: it has too many objects or parts"
    )
