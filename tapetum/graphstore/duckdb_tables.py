"""The tables of the embedded graph store."""

from tapetum.domain.flows import COUNTERS, FLOW_KEY
from tapetum.domain.moments import HOUR, MINUTE

_KEY_TYPES = {"dest_port": "BIGINT", "known": "UTINYINT", "sampling": "BIGINT"}
_SUMS = ", ".join(f"{name} BIGINT" for name in ("records", *COUNTERS))

TABLES = f"""
CREATE TABLE IF NOT EXISTS flow_keys (
  code INTEGER, flow_key UBIGINT, {", ".join(f"{name} {_KEY_TYPES.get(name, 'VARCHAR')}" for name in FLOW_KEY)}
);
CREATE TABLE IF NOT EXISTS edge_minutes (bucket INTEGER, code INTEGER, {_SUMS});
CREATE TABLE IF NOT EXISTS edge_hours (bucket INTEGER, code INTEGER, {_SUMS});
CREATE TABLE IF NOT EXISTS policies (
  code INTEGER, cluster VARCHAR, tier VARCHAR, kind VARCHAR, namespace VARCHAR, name VARCHAR
);
CREATE TABLE IF NOT EXISTS policy_decisions (policy INTEGER, code INTEGER, decision UTINYINT);
"""
"""Rows are added, never changed: a batch appends its sums
and upkeep folds closed buckets, so reading sums up what it finds.
In `policy_decisions`, `code` is a flow key's and `decision` that of domain.policies.Decision."""
TABLE = {MINUTE: "edge_minutes", HOUR: "edge_hours"}
