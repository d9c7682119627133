"""What the embedded tables need over time: folding appended sums, and retention."""

from functools import partial

from tapetum.domain.batches import RecordKind
from tapetum.domain.flows import COUNTERS
from tapetum.domain.moments import DAY, HOUR, MINUTE, Micros
from tapetum.domain.shapes import SHAPES
from tapetum.embedded.duckdb import Connection, Engine
from tapetum.graphstore.buckets import keeps_minutes
from tapetum.graphstore.duckdb_tables import TABLE
from tapetum.logstore import duckdb_verdict_hours
from tapetum.logstore.duckdb_append import moment

_SUMS = ", ".join(f"sum({name})::BIGINT AS {name}" for name in ("records", *COUNTERS))
_HELD = " UNION ALL ".join(f"SELECT batch FROM {kind}" for kind in SHAPES)
_WORTHWHILE = 1.5
"""Rows a key and bucket above which folding pays."""
_AT_ONCE = 24
"""Buckets folded in one transaction, so that a batch never waits long."""


def fold(engine: Engine, now: Micros, *, everything: bool = False) -> None:
    """Sum up rows of the same bucket and key that batches appended: over the last day, or whatever there is
    (an archive comes in many batches too).
    """
    for unit, table in TABLE.items():
        since = 0 if everything else (now - DAY) // unit
        buckets = engine.read_now(partial(_untidy, table=table, since=since))
        for start in range(0, len(buckets), _AT_ONCE):
            with engine.transaction() as transaction:
                _fold(transaction.connection, table, buckets[start : start + _AT_ONCE])


def fold_verdicts(engine: Engine, now: Micros) -> None:
    """Fold the verdict keys of hours that are over, and of those that records came to since they were folded.

    An hour may hold millions of records, so they are summed up beside the commits, and only kept in one. What
    came meanwhile leaves the hour for the next time.
    """
    for cluster, hours in engine.read_now(partial(duckdb_verdict_hours.unfolded, now=now)):
        for hour in hours:
            rows = engine.read_now(partial(duckdb_verdict_hours.grouped, cluster=cluster, hour=hour))
            with engine.transaction() as transaction:
                duckdb_verdict_hours.keep(transaction.connection, cluster, hour, rows)


def _untidy(connection: Connection, table: str, since: int) -> list[int]:
    found = connection.execute(
        f"SELECT bucket FROM {table} WHERE bucket >= ? GROUP BY bucket "
        f"HAVING count(*) >= {_WORTHWHILE} * count(DISTINCT code) ORDER BY bucket",
        [since],
    ).fetchall()
    return [bucket for (bucket,) in found]


def _fold(connection: Connection, table: str, buckets: list[int]) -> None:
    # The range comes first, as it spares the engine reading the rest of the table.
    where = f"WHERE bucket BETWEEN {buckets[0]} AND {buckets[-1]} AND list_contains(?::INTEGER[], bucket)"
    connection.execute(
        f"CREATE TEMP TABLE folded AS SELECT bucket, code, {_SUMS} FROM {table} {where} GROUP BY ALL "
        "ORDER BY bucket, code",
        [buckets],
    )
    connection.execute(f"DELETE FROM {table} {where}", [buckets])
    connection.execute(f"INSERT INTO {table} FROM folded")
    connection.execute("DROP TABLE folded")


def retain(engine: Engine, retention: Micros, now: Micros) -> int:
    """Remove whole hours with their lines, sums and keys, and dead letters; returns how many records went.

    An hour of a cluster and kind goes when it is older than the retention, counted from their newest
    record (never later than now), and nothing arrived in it within the retention: an imported archive
    stays as long as anything else.
    """
    with engine.transaction() as transaction:
        connection = transaction.connection
        connection.execute("DELETE FROM edge_minutes WHERE bucket < ?", [keeps_minutes(now)])
        gone = sum(
            _expire(connection, kind, cluster, hours)
            for kind in SHAPES
            for cluster, hours in _old_hours(connection, kind, retention, now)
        )
        letters = connection.execute(
            "DELETE FROM dead_letters WHERE received_at < ? RETURNING 1", [moment(now - retention)]
        ).fetchall()
        if gone or letters:
            connection.execute(
                "UPDATE totals SET expired_records = expired_records + ?, expired_letters = expired_letters + ?",
                [gone, len(letters)],
            )
        if gone:
            connection.execute(f"DELETE FROM raw_lines WHERE batch NOT IN ({_HELD})")
            for table, key in (("traces", "trace"), ("verdict_keys", "verdict_key")):
                connection.execute(f"DELETE FROM {table} WHERE {key} NOT IN (SELECT {key} FROM flows)")
            connection.execute(
                f"DELETE FROM batches WHERE received_at < ? AND number NOT IN ({_HELD})",
                [moment(now - retention)],
            )
    return gone


def _old_hours(
    connection: Connection, kind: RecordKind, retention: Micros, now: Micros
) -> list[tuple[str, list[int]]]:
    return connection.execute(
        "WITH hours AS ("
        f' SELECT f.cluster, epoch_us(f."{SHAPES[kind].time}") // {HOUR} AS hour, max(b.received_at) AS arrived'
        f" FROM {kind} f JOIN batches b ON b.number = f.batch GROUP BY ALL"
        "), newest AS (SELECT cluster, max(hour) AS hour FROM hours GROUP BY cluster) "
        "SELECT h.cluster, list(h.hour) FROM hours h JOIN newest n USING (cluster) "
        "WHERE h.hour < least(n.hour, ?) - ? AND h.arrived < ? GROUP BY h.cluster",
        [now // HOUR, retention // HOUR, moment(now - retention)],
    ).fetchall()


def _expire(connection: Connection, kind: RecordKind, cluster: str, hours: list[int]) -> int:
    hour = f'epoch_us("{SHAPES[kind].time}") // {HOUR}'
    gone = connection.execute(
        f"DELETE FROM {kind} WHERE cluster = ? AND list_contains(?::BIGINT[], {hour}) RETURNING 1",
        [cluster, hours],
    ).fetchall()
    if kind is not RecordKind.FLOWS:
        return len(gone)
    duckdb_verdict_hours.remove(connection, cluster, hours)
    for table, hour in (("edge_hours", "bucket"), ("edge_minutes", f"bucket // {HOUR // MINUTE}")):
        connection.execute(
            f"DELETE FROM {table} WHERE list_contains(?::BIGINT[], ({hour})::BIGINT) "
            "AND code IN (SELECT code FROM flow_keys WHERE cluster = ?)",
            [hours, cluster],
        )
    return len(gone)
