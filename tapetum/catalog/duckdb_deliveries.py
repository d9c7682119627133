"""How deliveries stand, in DuckDB: the statements, on a connection that the adapter opens."""

from tapetum.catalog.deliveries import hold_scope, state_of, state_text
from tapetum.domain.deliveries import DeliveryState
from tapetum.domain.documents import DocumentKind
from tapetum.domain.scope import Scope
from tapetum.embedded.duckdb import Connection

TABLES = """
CREATE TABLE IF NOT EXISTS deliveries (target VARCHAR, revision BIGINT, state VARCHAR);
"""
"""Without a key: DuckDB refuses to replace a row under one twice in a transaction."""
_FOR = "SELECT 1 FROM documents WHERE id = ? AND kind = ? AND version = ?"


def states(connection: Connection, scope: Scope) -> list[DeliveryState]:
    hold_scope(scope)
    return [state_of(text) for (text,) in connection.execute("SELECT state FROM deliveries").fetchall()]


def keep(
    connection: Connection, scope: Scope, version: int, before: DeliveryState | None, after: DeliveryState
) -> bool:
    hold_scope(scope)
    if not connection.execute(_FOR, [after.target, DocumentKind.DELIVERY_TARGET.value, version]).fetchall():
        return False
    rows = connection.execute("SELECT revision FROM deliveries WHERE target = ?", [after.target]).fetchall()
    if (rows[0][0] if rows else None) != (None if before is None else before.revision):
        return False
    if rows:
        connection.execute(
            "UPDATE deliveries SET revision = ?, state = ? WHERE target = ?",
            [after.revision, state_text(after), after.target],
        )
    else:
        connection.execute(
            "INSERT INTO deliveries VALUES (?, ?, ?)", [after.target, after.revision, state_text(after)]
        )
    return True


def forget(connection: Connection, target: str) -> None:
    connection.execute("DELETE FROM deliveries WHERE target = ?", [target])
