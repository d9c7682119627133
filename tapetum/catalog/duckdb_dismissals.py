"""Dismissed advice, in DuckDB: the statements, on a connection that the adapter opens."""

from tapetum.catalog.dismissals import hold_scope, key_of, read, seen, text_of
from tapetum.domain.dismissals import Advice, Dismissal
from tapetum.domain.scope import Scope
from tapetum.embedded.duckdb import Connection

TABLES = """
CREATE TABLE IF NOT EXISTS dismissals (advice VARCHAR, told VARCHAR);
"""
"""Without a key: DuckDB refuses to replace a row under one twice in a transaction."""
_TAKE = "DELETE FROM dismissals WHERE advice = ? RETURNING told"


def every(connection: Connection, scope: Scope) -> list[Dismissal]:
    return seen(scope, [told for (told,) in connection.execute("SELECT told FROM dismissals").fetchall()])


def keep(connection: Connection, scope: Scope, dismissal: Dismissal) -> None:
    hold_scope(scope, dismissal.advice)
    key = key_of(dismissal.advice)
    connection.execute(_TAKE, [key])
    connection.execute("INSERT INTO dismissals VALUES (?, ?)", [key, text_of(dismissal)])


def take(connection: Connection, scope: Scope, advice: Advice) -> Dismissal | None:
    hold_scope(scope, advice)
    rows = connection.execute(_TAKE, [key_of(advice)]).fetchall()
    return read(rows[0][0]) if rows else None
