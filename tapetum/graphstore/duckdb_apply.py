"""Writing what a batch changes into the tables of the embedded graph store, and reading policies back."""

from dataclasses import asdict

import numpy as np
import pyarrow as pa

from tapetum.domain.moments import HOUR, MINUTE
from tapetum.domain.policies import PolicyRef
from tapetum.embedded.duckdb import Connection
from tapetum.graphstore.changes import Change
from tapetum.graphstore.decisions import Decided, pack, unpack
from tapetum.graphstore.duckdb_tables import TABLE


def write(connection: Connection, change: Change, decided: Decided, next_policy: int) -> None:
    _insert(connection, "flow_keys", change.keys)
    _insert(connection, TABLE[MINUTE], change.minutes.table())
    _insert(connection, TABLE[HOUR], change.hours.table())
    write_policies(connection, decided, next_policy)


def write_policies(connection: Connection, decided: Decided, next_policy: int) -> None:
    if decided.policies:
        rows = [{"code": code, **asdict(policy)} for code, policy in enumerate(decided.policies, next_policy)]
        _insert(connection, "policies", pa.Table.from_pylist(rows, _POLICY))
    if len(decided.decisions):
        columns = unpack(decided.decisions)
        rows = {"policy": columns.policy, "code": columns.key, "decision": columns.decision}
        _insert(connection, "policy_decisions", pa.table(rows))


def read_policies(connection: Connection) -> Decided:
    """All of them."""
    names = ", ".join(_POLICY.names[1:])
    policies = connection.execute(f"SELECT {names} FROM policies ORDER BY code").fetchall()
    columns = connection.execute("SELECT policy, code, decision FROM policy_decisions").fetchnumpy()
    packed = pack(*(columns[name].astype(np.int64) for name in ("policy", "code", "decision")))
    return Decided(tuple(PolicyRef(*policy) for policy in policies), packed)


def _insert(connection: Connection, table: str, rows: pa.Table) -> None:
    if rows.num_rows:
        connection.register("graph_rows", rows)
        connection.execute(f"INSERT INTO {table} BY NAME SELECT * FROM graph_rows")
        connection.unregister("graph_rows")


_POLICY = pa.schema(
    [
        ("code", pa.int32()),
        *((name, pa.string()) for name in ("cluster", "tier", "kind", "namespace", "name")),
    ]
)
