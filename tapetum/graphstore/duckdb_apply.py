"""Writing what a batch changes into the tables of the embedded graph store."""

from tapetum.domain.moments import HOUR, MINUTE
from tapetum.embedded.duckdb import Connection
from tapetum.graphstore.changes import Change
from tapetum.graphstore.duckdb_tables import TABLE


def write(connection: Connection, change: Change) -> None:
    for table, rows in (
        ("flow_keys", change.keys),
        (TABLE[MINUTE], change.minutes.table()),
        (TABLE[HOUR], change.hours.table()),
    ):
        if rows.num_rows:
            connection.register("graph_rows", rows)
            connection.execute(f"INSERT INTO {table} BY NAME SELECT * FROM graph_rows")
            connection.unregister("graph_rows")
