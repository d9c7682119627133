"""How window rules stand, in DuckDB: the statements, on a connection that the adapter opens."""

from tapetum.catalog.port import Kept
from tapetum.embedded.duckdb import Connection

TABLES = """
CREATE TABLE IF NOT EXISTS standings (
  watch VARCHAR, cluster VARCHAR, judged BIGINT, told VARCHAR, PRIMARY KEY (watch, cluster)
);
"""


def found(connection: Connection, watch: str, cluster: str) -> Kept | None:
    rows = connection.execute(
        "SELECT judged, told FROM standings WHERE watch = ? AND cluster = ?", [watch, cluster]
    ).fetchall()
    return rows[0] if rows else None


def keep(connection: Connection, watch: str, cluster: str, before: Kept | None, after: Kept) -> bool:
    if found(connection, watch, cluster) != before:
        return False
    connection.execute("INSERT OR REPLACE INTO standings VALUES (?, ?, ?, ?)", [watch, cluster, *after])
    return True
