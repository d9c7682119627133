"""The tables of the embedded log store, and how records go in and come out of them."""

import pyarrow as pa

from tapetum.domain.flows import HIT, LOGGED, POLICY_LISTS, RECORD

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


FLOW_COLUMNS = tuple(RECORD.names)
READABLE = (
    "id", "cluster", "sampling", "source_network", "dest_network", "dest_domain", "flow_key", "trace", *LOGGED.names,
)  # fmt: skip
"""Columns of a flow that a reader gets back; policies come from `traces`."""

_text = pa.string()
ALERT = pa.schema(
    [
        ("number", pa.int64()),
        ("id", _text),
        ("time", pa.timestamp("us")),
        *((name, _text) for name in ("kind", "rule", "title", "description")),
        ("severity", pa.int64()),
        *((name, _text) for name in ("cluster", "status", "technique", "tactic")),
        *((name, _text) for name in ("source_kind", "source_namespace", "source_name")),
        *((name, _text) for name in ("dest_kind", "dest_namespace", "dest_name")),
        ("dest_port", pa.int64()),
        ("proto", _text),
        ("evidence", pa.list_(_text)),
    ]
)

TABLES = f"""
CREATE TABLE IF NOT EXISTS flows (batch INTEGER, {", ".join(f'"{c.name}" {_type(c.type)}' for c in RECORD)});
CREATE TABLE IF NOT EXISTS traces (
  trace UBIGINT PRIMARY KEY, {", ".join(f"{name} VARCHAR[]" for name in POLICY_LISTS)},
  policy_hits {_type(pa.list_(HIT))}
);
CREATE TABLE IF NOT EXISTS batches (
  number INTEGER, id VARCHAR PRIMARY KEY, cluster VARCHAR, kind VARCHAR, source VARCHAR, received_at TIMESTAMP,
  lines INTEGER, accepted INTEGER, duplicates INTEGER, rejected INTEGER
);
CREATE TABLE IF NOT EXISTS raw_lines (batch INTEGER, first_line INTEGER, newest TIMESTAMP, block BLOB);
CREATE TABLE IF NOT EXISTS dead_letters (
  id VARCHAR, cluster VARCHAR, received_at TIMESTAMP, source VARCHAR, batch_id VARCHAR, line_no INTEGER,
  reason VARCHAR, line BLOB
);
CREATE TABLE IF NOT EXISTS alerts ({", ".join(f'"{c.name}" {_type(c.type)}' for c in ALERT)}, UNIQUE (id));
CREATE TABLE IF NOT EXISTS totals (
  batches BIGINT, accepted BIGINT, rejected BIGINT, expired_records BIGINT, expired_letters BIGINT
);
INSERT INTO totals SELECT 0, 0, 0, 0, 0 WHERE NOT EXISTS (FROM totals);
"""
"""`totals` counts what was ever applied and what retention removed: the recount's other side."""
