"""Writing to the embedded log store: what is new of a batch, and its dead letters."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa

from tapetum.domain.arrow import compute as pc
from tapetum.domain.batches import Batch, Receipt, RecordKind
from tapetum.domain.flows import VERDICT_KEY
from tapetum.domain.moments import Micros
from tapetum.domain.shapes import SHAPES
from tapetum.embedded.duckdb import Connection, first_row
from tapetum.logstore import bad_lines, duckdb_lines, duckdb_verdict_hours
from tapetum.logstore.port import Appended


def append(connection: Connection, batch: Batch) -> Appended:
    """Store a batch in the open transaction; see LogStore.append."""
    total = len(batch.lines)
    if connection.execute("SELECT 1 FROM batches WHERE id = ?", [batch.id]).fetchall():
        empty = SHAPES[batch.kind].record.empty_table()
        return Appended(empty, Receipt(total, 0, total, 0), replayed=True)
    fresh = _unseen(connection, batch.kind, batch.records)
    receipt = Receipt(total, fresh.num_rows, batch.records.num_rows - fresh.num_rows, len(batch.rejections))
    number = _number(connection, batch, receipt)
    if fresh.num_rows:
        _insert_records(connection, number, batch, fresh)
    if batch.rejections:
        _insert_dead_letters(connection, batch)
    return Appended(fresh, receipt)


def _unseen(connection: Connection, kind: RecordKind, records: pa.Table) -> pa.Table:
    """The first of each id that is not stored yet."""
    if records.num_rows == 0:
        return records
    ids = records.column("id").combine_chunks()
    if pc.count_distinct(ids).as_py() < records.num_rows:
        _, first = np.unique(ids.to_numpy(zero_copy_only=False).astype("S16"), return_index=True)
        records = records.take(np.sort(first))
    # A duplicate starts at the same time, so only rows of the batch's time span can be one.
    time = SHAPES[kind].time
    span = pc.min_max(records.column(time))
    with _registered(connection, "incoming_ids", records.select(["id"])):
        seen = connection.execute(
            f'SELECT id FROM {kind} WHERE "{time}" BETWEEN ? AND ? AND id IN (SELECT id FROM incoming_ids)',
            [span["min"].as_py(), span["max"].as_py()],
        ).fetchall()
    if not seen:
        return records
    known = pa.array([row[0] for row in seen], pa.string())
    return records.filter(pc.invert(pc.is_in(records.column("id"), value_set=known)))


def _number(connection: Connection, batch: Batch, receipt: Receipt) -> int:
    number = int(first_row(connection, "SELECT coalesce(max(number), 0) + 1 FROM batches")[0])
    connection.execute(
        "INSERT INTO batches VALUES (?, ?, ?, ?, ?, make_timestamp(?), ?, ?, ?, ?)",
        [
            number,
            batch.id,
            batch.cluster,
            batch.kind.value,
            batch.source,
            batch.received_at,
            receipt.lines,
            receipt.accepted,
            receipt.duplicates,
            receipt.rejected,
        ],
    )
    connection.execute(
        "UPDATE totals SET batches = batches + 1, accepted = accepted + ?, rejected = rejected + ?",
        [receipt.accepted, receipt.rejected],
    )
    return number


def _insert_records(connection: Connection, number: int, batch: Batch, fresh: pa.Table) -> None:
    with (
        _registered(connection, "fresh_records", fresh),
        _registered(connection, "batch_traces", batch.traces),
    ):
        connection.execute(
            f"INSERT INTO {batch.kind} BY NAME SELECT ?::INTEGER AS batch, * FROM fresh_records", [number]
        )
        if batch.kind is RecordKind.FLOWS:
            keep_verdict_keys(connection, fresh)
            duckdb_verdict_hours.forget(connection, batch.cluster, fresh.column("start_time"))
        if batch.traces.num_rows:
            connection.execute(
                "INSERT INTO traces BY NAME SELECT * FROM batch_traces b "
                "WHERE b.trace NOT IN (SELECT trace FROM traces)"
            )
    newest = pc.max(fresh.column(SHAPES[batch.kind].time)).as_py()
    blocks = duckdb_lines.pack(_kept(batch.lines, fresh))
    table = pa.table(
        {
            "batch": pa.array([number] * len(blocks), pa.int32()),
            "first_line": pa.array([first for first, _ in blocks], pa.int32()),
            "newest": pa.array([newest] * len(blocks), pa.timestamp("us")),
            "block": pa.array([block for _, block in blocks], pa.binary()),
        }
    )
    insert(connection, "raw_lines", table)


def keep_verdict_keys(connection: Connection, records: pa.Table) -> None:
    """What the keys of records stand for, where that is not known yet."""
    keys, first = np.unique(records.column("verdict_key").to_numpy(), return_index=True)
    with _registered(connection, "incoming_keys", pa.table({"verdict_key": keys, "first": first})):
        unknown = connection.sql(
            "SELECT first FROM incoming_keys ANTI JOIN verdict_keys USING (verdict_key) ORDER BY first"
        ).to_arrow_table()
    if unknown.num_rows:
        fresh = records.select(["verdict_key", *VERDICT_KEY]).take(unknown.column("first"))
        insert(connection, "verdict_keys", fresh)


def _kept(lines: Sequence[bytes], fresh: pa.Table) -> Sequence[bytes]:
    """The lines that new records were read from; others are empty."""
    if fresh.num_rows == len(lines):
        return lines
    kept = [b""] * len(lines)
    for line_no in fresh.column("line_no").to_pylist():
        kept[line_no] = lines[line_no]
    return kept


def _insert_dead_letters(connection: Connection, batch: Batch) -> None:
    received = moment(batch.received_at)
    count = len(batch.rejections)
    table = pa.table(
        {
            "id": [bad_lines.letter_id(batch.id, rejection.line_no) for rejection in batch.rejections],
            "cluster": [batch.cluster] * count,
            "received_at": pa.array([received] * count, pa.timestamp("us")),
            "source": [batch.source] * count,
            "kind": [batch.kind.value] * count,
            "batch_id": [batch.id] * count,
            "line_no": pa.array([rejection.line_no for rejection in batch.rejections], pa.int32()),
            "reason": [bad_lines.reason(batch, rejection) for rejection in batch.rejections],
            "line": pa.array(
                [bad_lines.kept(batch, rejection) for rejection in batch.rejections], pa.binary()
            ),
        }
    )
    insert(connection, "dead_letters", table)


def insert(connection: Connection, table: str, rows: pa.Table, columns: str = "*") -> None:
    with _registered(connection, "new_rows", rows):
        connection.execute(f"INSERT INTO {table} BY NAME SELECT {columns} FROM new_rows")


@contextmanager
def _registered(connection: Connection, name: str, rows: pa.Table) -> Generator[None]:
    """Rows under a name. After a failure the name goes with the cursor: asking for it in the ended transaction
    would only hide what failed.
    """
    connection.register(name, rows)
    yield
    connection.unregister(name)


def moment(micros: Micros) -> datetime:
    """DuckDB's timestamps are naive and in UTC."""
    return datetime.fromtimestamp(micros // 1_000_000, UTC).replace(
        microsecond=micros % 1_000_000, tzinfo=None
    )
