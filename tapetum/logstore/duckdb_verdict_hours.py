"""Verdict keys of whole hours, folded once by upkeep, so that a question reads few rows instead of all records.

An hour of a cluster is folded a while after it is over, as nodes flush their logs late. A record that comes late takes the hour's mark away in its own
transaction; the hour is then read from its records, until upkeep folds it anew.
"""

from collections.abc import Iterable, Sequence

import pyarrow as pa

from tapetum.domain.arrow import compute as pc
from tapetum.domain.flows import COUNTERS
from tapetum.domain.moments import HOUR, MINUTE, Micros, TimeRange
from tapetum.embedded.duckdb import Connection, first_row

TABLES = f"""
CREATE TABLE IF NOT EXISTS verdict_hours (
  cluster VARCHAR, hour BIGINT, verdict_key UBIGINT, records BIGINT,
  {", ".join(f"{name} BIGINT" for name in COUNTERS)}, first_seen TIMESTAMP, last_seen TIMESTAMP
);
CREATE TABLE IF NOT EXISTS folded_hours (cluster VARCHAR, hour BIGINT, records BIGINT);
"""
"""`folded_hours` marks the hours whose rows in `verdict_hours` are all that there is; others are remains."""

OF_RECORDS = (
    "f.verdict_key, count(*) AS records, "
    + ", ".join(f"sum(f.{name})::BIGINT AS {name}" for name in COUNTERS)
    + ", min(f.start_time) AS first_seen, max(f.start_time) AS last_seen"
)
OF_HOURS = f"verdict_key, records, {', '.join(COUNTERS)}, first_seen, last_seen"
_QUIET = 15 * MINUTE
_HOUR = f"epoch_us(f.start_time) // {HOUR}"
_WITHIN = "f.cluster = ? AND f.start_time >= make_timestamp(?) AND f.start_time < make_timestamp(?)"
_THESE = "cluster = ? AND list_contains(?::BIGINT[], hour)"


def forget(connection: Connection, cluster: str, starts: pa.ChunkedArray) -> None:
    """Records of these start times come; what was folded of their hours is no longer all."""
    hours = pc.unique(pc.divide(starts.cast(pa.int64()), HOUR)).to_pylist()
    connection.execute(f"DELETE FROM folded_hours WHERE {_THESE}", [cluster, hours])


def folded(connection: Connection, cluster: str, within: TimeRange) -> list[int]:
    """Hours that lie wholly in the range, in order."""
    found = connection.execute(
        "SELECT hour FROM folded_hours WHERE cluster = ? AND hour BETWEEN ? AND ? ORDER BY hour",
        [cluster, -(-within.start // HOUR), within.end // HOUR - 1],
    ).fetchall()
    return [hour for (hour,) in found]


def beside(within: TimeRange, hours: Sequence[int]) -> list[TimeRange]:
    """What of the range is in none of the hours."""
    found: list[TimeRange] = []
    at = within.start
    for hour in hours:
        if at < hour * HOUR:
            found.append(TimeRange(at, hour * HOUR))
        at = (hour + 1) * HOUR
    return [*found, TimeRange(at, within.end)] if at < within.end else found


def unfolded(connection: Connection, now: Micros) -> list[tuple[str, list[int]]]:
    """Hours with records that are over and not folded, by cluster."""
    return connection.execute(
        f"SELECT cluster, list(hour ORDER BY hour) FROM (SELECT DISTINCT f.cluster, {_HOUR} AS hour FROM flows f) "
        "ANTI JOIN folded_hours USING (cluster, hour) WHERE hour < ? GROUP BY cluster",
        [(now - _QUIET) // HOUR],
    ).fetchall()


def grouped(connection: Connection, cluster: str, hour: int) -> pa.Table:
    """The hour's rows of `verdict_hours`, from its records."""
    return connection.sql(
        f"SELECT ?::VARCHAR AS cluster, ?::BIGINT AS hour, {OF_RECORDS} FROM flows f WHERE {_WITHIN} "
        "GROUP BY f.verdict_key",
        params=[cluster, hour, *_within(cluster, hour)],
    ).to_arrow_table()


def keep(connection: Connection, cluster: str, hour: int, rows: pa.Table) -> bool:
    """Mark the hour as folded to the rows; False where records came to it or went since they were grouped."""
    remove(connection, cluster, [hour])
    (there,) = first_row(connection, f"SELECT count(*) FROM flows f WHERE {_WITHIN}", _within(cluster, hour))
    if there != pc.sum(rows.column("records")).as_py():
        return False
    connection.register("hour_rows", rows)
    connection.execute("INSERT INTO verdict_hours BY NAME SELECT * FROM hour_rows")
    connection.unregister("hour_rows")
    connection.execute("INSERT INTO folded_hours VALUES (?, ?, ?)", [cluster, hour, there])
    return True


def _within(cluster: str, hour: int) -> list[object]:
    return [cluster, hour * HOUR, (hour + 1) * HOUR]


def remove(connection: Connection, cluster: str, hours: Iterable[int]) -> None:
    for table in ("folded_hours", "verdict_hours"):
        connection.execute(f"DELETE FROM {table} WHERE {_THESE}", [cluster, list(hours)])


def mistaken(connection: Connection) -> list[tuple[str, int]]:
    """Marked hours that hold another number of records: an earlier version, which knows no marks, wrote since."""
    return connection.execute(
        f"SELECT m.cluster, m.hour FROM folded_hours m LEFT JOIN (SELECT f.cluster, {_HOUR} AS hour, count(*) AS "
        "records FROM flows f GROUP BY ALL) r USING (cluster, hour) WHERE m.records IS DISTINCT FROM r.records"
    ).fetchall()


def wrong(connection: Connection) -> int:
    """How many marked hours are not the sums of their records."""
    sums = ", ".join(f"coalesce(sum({{}}.{name}), 0) AS {name}" for name in COUNTERS)
    differs = " OR ".join(f"h.{name} IS DISTINCT FROM r.{name}" for name in ("records", *COUNTERS))
    found = connection.execute(
        "SELECT count(*) FROM (SELECT m.cluster, m.hour, coalesce(sum(v.records), 0) AS records, "
        f"{sums.format(*['v'] * len(COUNTERS))} FROM folded_hours m LEFT JOIN verdict_hours v "
        "USING (cluster, hour) GROUP BY ALL) h LEFT JOIN (SELECT f.cluster, "
        f"{_HOUR} AS hour, count(*) AS records, {sums.format(*['f'] * len(COUNTERS))} FROM flows f GROUP BY ALL) r "
        f"USING (cluster, hour) WHERE {differs}"
    ).fetchall()
    return int(found[0][0])
