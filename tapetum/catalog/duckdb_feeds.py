"""The content of feeds in DuckDB: the statements, on a connection that the adapter opens."""

from tapetum.catalog.feeds import hold_scope, packed, state_of, state_text, unpacked
from tapetum.domain.documents import DocumentKind
from tapetum.domain.feeds import FeedState, Indicators
from tapetum.domain.scope import Scope
from tapetum.embedded.duckdb import Connection

TABLES = """
CREATE TABLE IF NOT EXISTS feed_copies (
  feed VARCHAR, state VARCHAR, digest VARCHAR, wanted BOOLEAN, matched VARCHAR, content BLOB
);
"""
"""Without a key: DuckDB refuses to replace a row under one twice in a transaction."""
_MARKS = """SELECT d.id, d.version, c.digest FROM documents d LEFT JOIN feed_copies c ON c.feed = d.id
WHERE d.kind = ?"""
_FOR = "SELECT 1 FROM documents WHERE id = ? AND kind = ? AND version = ?"


def states(connection: Connection, scope: Scope) -> list[FeedState]:
    hold_scope(scope)
    rows = connection.execute("SELECT state, wanted, matched FROM feed_copies ORDER BY feed").fetchall()
    return [state_of(*row) for row in rows]


def marks(connection: Connection) -> dict[str, tuple[int, str | None]]:
    rows = connection.execute(_MARKS, [DocumentKind.FEED.value]).fetchall()
    return {feed: (version, digest) for feed, version, digest in rows}


def indicators(connection: Connection, scope: Scope, feed: str) -> Indicators | None:
    hold_scope(scope)
    rows = connection.execute(
        "SELECT content FROM feed_copies WHERE feed = ? AND content IS NOT NULL", [feed]
    ).fetchall()
    return unpacked(rows[0][0]) if rows else None


def keep(
    connection: Connection, scope: Scope, version: int, state: FeedState, fresh: Indicators | None
) -> bool:
    hold_scope(scope)
    if not connection.execute(_FOR, [state.feed, DocumentKind.FEED.value, version]).fetchall():
        return False
    if not connection.execute("SELECT 1 FROM feed_copies WHERE feed = ?", [state.feed]).fetchall():
        connection.execute("INSERT INTO feed_copies (feed) VALUES (?)", [state.feed])
    connection.execute(
        "UPDATE feed_copies SET state = ?, digest = ?, wanted = false WHERE feed = ?",
        [state_text(state), state.digest, state.feed],
    )
    if fresh is not None:
        connection.execute("UPDATE feed_copies SET content = ? WHERE feed = ?", [packed(fresh), state.feed])
    return True


def want(connection: Connection, scope: Scope, feed: str) -> None:
    hold_scope(scope)
    connection.execute("UPDATE feed_copies SET wanted = true WHERE feed = ?", [feed])


def note_matched(connection: Connection, scope: Scope, feed: str, digest: str) -> None:
    hold_scope(scope)
    connection.execute("UPDATE feed_copies SET matched = ? WHERE feed = ?", [digest, feed])


def forget(connection: Connection, feed: str) -> None:
    connection.execute("DELETE FROM feed_copies WHERE feed = ?", [feed])
