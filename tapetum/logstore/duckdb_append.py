"""Writing to the embedded log store: what is new of a batch, its dead letters, alerts."""

from datetime import UTC, datetime

import numpy as np
import pyarrow as pa

from tapetum.domain.alerts import Alert, NumberedAlert
from tapetum.domain.arrow import compute as pc
from tapetum.domain.batches import Batch, Receipt
from tapetum.domain.flows import RECORD
from tapetum.domain.moments import Micros
from tapetum.embedded.duckdb import Connection
from tapetum.logstore import duckdb_lines
from tapetum.logstore.port import Appended

_KEPT_OF_A_BAD_LINE = 64 * 1024


def append(connection: Connection, batch: Batch) -> Appended:
    """Store a batch in the open transaction; see LogStore.append."""
    total = len(batch.lines)
    if connection.execute("SELECT 1 FROM batches WHERE id = ?", [batch.id]).fetchone():
        return Appended(RECORD.empty_table(), Receipt(total, 0, total, 0), replayed=True)
    fresh = _unseen(connection, batch.records)
    receipt = Receipt(total, fresh.num_rows, batch.records.num_rows - fresh.num_rows, len(batch.rejections))
    number = _number(connection, batch, receipt)
    if fresh.num_rows:
        _insert_flows(connection, number, batch, fresh)
    if batch.rejections:
        _insert_dead_letters(connection, batch)
    return Appended(fresh, receipt)


def _unseen(connection: Connection, records: pa.Table) -> pa.Table:
    """The first of each id that is not stored yet."""
    if records.num_rows == 0:
        return records
    ids = records.column("id").combine_chunks()
    _, first = np.unique(ids.to_numpy(zero_copy_only=False).astype("S16"), return_index=True)
    if len(first) < records.num_rows:
        records = records.take(np.sort(first))
    # A duplicate starts at the same time, so only rows of the batch's time span can be one.
    span = pc.min_max(records.column("start_time"))
    connection.register("incoming_ids", records.select(["id"]))
    try:
        seen = connection.execute(
            "SELECT id FROM flows WHERE start_time BETWEEN ? AND ? AND id IN (SELECT id FROM incoming_ids)",
            [span["min"].as_py(), span["max"].as_py()],
        ).fetchall()
    finally:
        connection.unregister("incoming_ids")
    if not seen:
        return records
    known = pa.array([row[0] for row in seen], pa.string())
    return records.filter(pc.invert(pc.is_in(records.column("id"), value_set=known)))


def _number(connection: Connection, batch: Batch, receipt: Receipt) -> int:
    row = connection.execute("SELECT coalesce(max(number), 0) + 1 FROM batches").fetchone()
    number = int(row[0]) if row else 1
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


def _insert_flows(connection: Connection, number: int, batch: Batch, fresh: pa.Table) -> None:
    connection.register("fresh_flows", fresh)
    connection.register("batch_traces", batch.traces)
    try:
        connection.execute(
            "INSERT INTO flows BY NAME SELECT ?::INTEGER AS batch, * FROM fresh_flows", [number]
        )
        connection.execute(
            "INSERT INTO traces BY NAME SELECT * FROM batch_traces b "
            "WHERE b.trace NOT IN (SELECT trace FROM traces)"
        )
    finally:
        connection.unregister("fresh_flows")
        connection.unregister("batch_traces")
    kept = [b""] * len(batch.lines)
    for line_no in fresh.column("line_no").to_pylist():
        kept[line_no] = batch.lines[line_no]
    newest = pc.max(fresh.column("start_time")).as_py()
    blocks = duckdb_lines.pack(kept)
    table = pa.table(
        {
            "batch": pa.array([number] * len(blocks), pa.int32()),
            "first_line": pa.array([first for first, _ in blocks], pa.int32()),
            "newest": pa.array([newest] * len(blocks), pa.timestamp("us")),
            "block": pa.array([block for _, block in blocks], pa.binary()),
        }
    )
    connection.register("raw_blocks", table)
    try:
        connection.execute("INSERT INTO raw_lines BY NAME SELECT * FROM raw_blocks")
    finally:
        connection.unregister("raw_blocks")


def _insert_dead_letters(connection: Connection, batch: Batch) -> None:
    received = moment(batch.received_at)
    count = len(batch.rejections)
    table = pa.table(
        {
            "id": [f"{batch.id}.{rejection.line_no}" for rejection in batch.rejections],
            "cluster": [batch.cluster] * count,
            "received_at": pa.array([received] * count, pa.timestamp("us")),
            "source": [batch.source] * count,
            "batch_id": [batch.id] * count,
            "line_no": pa.array([rejection.line_no for rejection in batch.rejections], pa.int32()),
            "reason": [rejection.reason for rejection in batch.rejections],
            "line": pa.array(
                [batch.lines[rejection.line_no][:_KEPT_OF_A_BAD_LINE] for rejection in batch.rejections],
                pa.binary(),
            ),
        }
    )
    connection.register("bad_lines", table)
    try:
        connection.execute("INSERT INTO dead_letters BY NAME SELECT * FROM bad_lines")
    finally:
        connection.unregister("bad_lines")


def append_alerts(connection: Connection, alerts: list[Alert]) -> list[NumberedAlert]:
    """Store alerts whose id is new; see LogStore.append_alerts."""
    row = connection.execute("SELECT coalesce(max(number), 0) FROM alerts").fetchone()
    number = int(row[0]) if row else 0
    stored: list[NumberedAlert] = []
    for alert in alerts:
        if connection.execute("SELECT 1 FROM alerts WHERE id = ?", [alert.id]).fetchone():
            continue
        number += 1
        connection.execute(
            f"INSERT INTO alerts VALUES ({', '.join('?' * 21)})",
            [
                number,
                alert.id,
                moment(alert.time),
                alert.kind,
                alert.rule,
                alert.title,
                alert.description,
                alert.severity,
                alert.cluster,
                alert.status.value,
                alert.technique,
                alert.tactic,
                alert.source.kind.value,
                alert.source.namespace,
                alert.source.name,
                alert.target.kind.value,
                alert.target.namespace,
                alert.target.name,
                alert.port,
                alert.protocol,
                list(alert.evidence),
            ],
        )
        stored.append(NumberedAlert(number, alert))
    return stored


def moment(micros: Micros) -> datetime:
    """DuckDB's timestamps are naive and in UTC."""
    return datetime.fromtimestamp(micros // 1_000_000, UTC).replace(
        microsecond=micros % 1_000_000, tzinfo=None
    )
