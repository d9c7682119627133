"""Saved documents in DuckDB: the statements, on a connection that the adapter opens."""

from collections.abc import Sequence
from typing import Any

from tapetum.catalog import duckdb_deliveries, duckdb_feeds
from tapetum.catalog.documents import NEWEST_FIRST, Draft, Owned, Removal, listing, to_put, to_remove, to_save
from tapetum.domain.documents import Document, DocumentCounts, DocumentKind, Mark
from tapetum.domain.scope import Scope
from tapetum.embedded.duckdb import Connection, first_row

TABLES = """
CREATE TABLE IF NOT EXISTS documents (
  id VARCHAR PRIMARY KEY, kind VARCHAR, title VARCHAR, about VARCHAR, owner VARCHAR, shared BOOLEAN, body VARCHAR,
  version BIGINT, created_by VARCHAR, created_at BIGINT, updated_by VARCHAR, updated_at BIGINT
);
"""
_NAMES = (
    "id, kind, title, about, owner, shared, body, version, created_by, created_at, updated_by, updated_at"
)
_OWN = "owner IS NOT DISTINCT FROM $caller"
_VISIBLE = f"""({_OWN} OR (NOT $own AND (shared OR (owner IS NULL AND $everything))))
AND ($clusters::VARCHAR[] IS NULL OR list_contains($clusters::VARCHAR[], coalesce(about, '')))"""
_LIST = f"""SELECT {_NAMES} FROM documents
WHERE kind = $kind AND ($about IS NULL OR about = $about) AND {_VISIBLE}"""
_BY_TITLE, _BY_TIME = " ORDER BY title, id LIMIT $most", " ORDER BY created_at DESC, id LIMIT $most"
_SAVE = f"INSERT OR REPLACE INTO documents ({_NAMES}) VALUES ({', '.join('?' * len(_NAMES.split(', ')))})"


def listed(
    connection: Connection, scope: Scope, caller: str | None, kind: DocumentKind, about: str | None, most: int
) -> list[Document]:
    statement = _LIST + (_BY_TIME if kind in NEWEST_FIRST else _BY_TITLE)
    values = listing(scope, caller, kind, about, most)
    found = [_document(row) for row in connection.execute(statement, values).fetchall()]
    return [each for each in found if each.visible(scope, caller)]


def marks(connection: Connection, kind: DocumentKind) -> dict[str, Mark]:
    rows = connection.execute("SELECT id, version, updated_at FROM documents WHERE kind = ?", [kind.value])
    return {row[0]: (row[1], row[2]) for row in rows.fetchall()}


def every(connection: Connection, kind: DocumentKind) -> list[Document]:
    rows = connection.execute(f"SELECT {_NAMES} FROM documents WHERE kind = ?", [kind.value]).fetchall()
    return [_document(row) for row in rows]


def found(connection: Connection, document_id: str) -> Document | None:
    rows = connection.execute(f"SELECT {_NAMES} FROM documents WHERE id = ?", [document_id]).fetchall()
    return _document(rows[0]) if rows else None


def save(connection: Connection, scope: Scope, caller: str | None, draft: Draft) -> Document:
    owned = _owned(connection, caller, draft.kind)
    kept = to_save(draft, found(connection, draft.id), owned, scope, caller)
    connection.execute(_SAVE, _row(kept))
    return kept


def put(connection: Connection, scope: Scope, caller: str | None, drafts: Sequence[Draft]) -> DocumentCounts:
    counts = DocumentCounts()
    for draft in drafts:
        before = found(connection, draft.id)
        kept = to_put(draft, before, _owned(connection, caller, draft.kind), scope, caller)
        if kept != before:
            connection.execute(_SAVE, _row(kept))
        counts = counts.counting(before, kept)
    return counts


def remove(connection: Connection, scope: Scope, caller: str | None, removal: Removal) -> Document:
    removed = to_remove(removal, found(connection, removal.id), scope, caller)
    connection.execute("DELETE FROM documents WHERE id = ?", [removed.id])
    duckdb_feeds.forget(connection, removed.id)
    duckdb_deliveries.forget(connection, removed.id)
    return removed


def _owned(connection: Connection, caller: str | None, kind: DocumentKind) -> Owned:
    counts = "count(*), count(*) FILTER (kind = ?)"
    told = f"SELECT {counts} FROM documents WHERE owner IS NOT DISTINCT FROM ?"
    return Owned(*first_row(connection, told, [kind.value, caller]))


def _row(document: Document) -> list[Any]:
    return [
        document.id,
        document.kind.value,
        document.title,
        document.about,
        document.owner,
        document.shared,
        document.body,
        document.version,
        document.created_by,
        document.created_at,
        document.updated_by,
        document.updated_at,
    ]


def _document(row: tuple[Any, ...]) -> Document:
    id_, kind, *rest = row
    return Document(id_, DocumentKind(kind), *rest)
