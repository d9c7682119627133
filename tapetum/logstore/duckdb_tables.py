"""The tables of the embedded log store, and how records go in and come out of them."""

import pyarrow as pa

from tapetum.domain.batches import RecordKind
from tapetum.domain.flows import HIT, POLICY_LISTS, RECORD, VERDICT_KEY
from tapetum.domain.shapes import SHAPES
from tapetum.embedded.duckdb import Connection
from tapetum.logstore import columns, duckdb_alerts, duckdb_verdict_hours
from tapetum.logstore.columns import ALERT

VERSION = 1


def _type(kind: pa.DataType) -> str:
    if pa.types.is_list(kind):
        return f"{_type(kind.value_type)}[]"
    if pa.types.is_struct(kind):
        inner = ", ".join(f'"{member.name}" {_type(member.type)}' for member in kind)
        return f"STRUCT({inner})"
    return {
        pa.string(): "VARCHAR",
        pa.int64(): "BIGINT",
        pa.int32(): "INTEGER",
        pa.uint8(): "UTINYINT",
        pa.uint64(): "UBIGINT",
        pa.bool_(): "BOOLEAN",
        pa.timestamp("us"): "TIMESTAMP",
    }[kind]


_RECORDS = "".join(
    f"CREATE TABLE IF NOT EXISTS {kind} (batch INTEGER, "
    + ", ".join(f'"{column.name}" {_type(column.type)}' for column in shape.record)
    + ");\n"
    for kind, shape in SHAPES.items()
)
"""A kind's records are in the table of its name."""
_VERDICT_KEY = ", ".join(f"{name} {_type(RECORD.field(name).type)}" for name in ("verdict_key", *VERDICT_KEY))
TABLES = f"""
{_RECORDS}
CREATE TABLE IF NOT EXISTS traces (
  trace UBIGINT PRIMARY KEY, {", ".join(f"{name} VARCHAR[]" for name in POLICY_LISTS)},
  policy_hits {_type(pa.list_(HIT))}
);
CREATE TABLE IF NOT EXISTS verdict_keys ({_VERDICT_KEY});
{duckdb_verdict_hours.TABLES}CREATE TABLE IF NOT EXISTS batches (
  number INTEGER, id VARCHAR PRIMARY KEY, cluster VARCHAR, kind VARCHAR, source VARCHAR, received_at TIMESTAMP,
  lines INTEGER, accepted INTEGER, duplicates INTEGER, rejected INTEGER
);
CREATE TABLE IF NOT EXISTS raw_lines (batch INTEGER, first_line INTEGER, newest TIMESTAMP, block BLOB);
CREATE TABLE IF NOT EXISTS dead_letters (
  id VARCHAR, cluster VARCHAR, received_at TIMESTAMP, source VARCHAR, batch_id VARCHAR, line_no INTEGER,
  reason VARCHAR, line BLOB, kind VARCHAR
);
CREATE TABLE IF NOT EXISTS {duckdb_alerts.ROWS} ({", ".join(f'"{c.name}" {_type(c.type)}' for c in ALERT)}, UNIQUE (id));
CREATE TABLE IF NOT EXISTS totals (
  batches BIGINT, accepted BIGINT, rejected BIGINT, expired_records BIGINT, expired_letters BIGINT
);
INSERT INTO totals SELECT 0, 0, 0, 0, 0 WHERE NOT EXISTS (FROM totals);
"""
"""`verdict_keys` has each key once, without an index: new ones are found by reading a column.
`totals` counts what was ever applied and what retention removed: the recount's other side."""


def create(connection: Connection) -> None:
    """Make the tables, and give those of an earlier version the columns that came later."""
    unled = duckdb_alerts.renamed(connection)
    connection.execute(TABLES)
    there = set(connection.execute("SELECT table_name, column_name FROM duckdb_columns()").fetchall())
    later = [
        (duckdb_alerts.ROWS if kind is RecordKind.ALERTS else kind.value, one.name, _type(one.type))
        for kind, shape in columns.SHAPES.items()
        for one in shape.record
    ]
    for table, name, held in (*later, ("dead_letters", "kind", "VARCHAR")):
        if (table, name) not in there:
            connection.execute(f'ALTER TABLE {table} ADD COLUMN "{name}" {held}')
    if unled:
        duckdb_alerts.lead(connection)
    connection.execute(duckdb_alerts.VIEW)
