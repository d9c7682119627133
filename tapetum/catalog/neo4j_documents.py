"""Saved documents as nodes: the statements, in a transaction that the adapter opens and has its turn in."""

from collections.abc import Sequence
from typing import Any, Protocol

from tapetum.catalog.documents import NEWEST_FIRST, Draft, Owned, Removal, to_put, to_remove, to_save
from tapetum.domain.documents import Document, DocumentCounts, DocumentKind
from tapetum.domain.scope import Scope

CONSTRAINTS = (
    "CREATE CONSTRAINT document_id IF NOT EXISTS FOR (d:Document) REQUIRE d.id IS UNIQUE; "
    "CREATE INDEX document_owner IF NOT EXISTS FOR (d:Document) ON (d.owner); "
    "CREATE INDEX document_kind IF NOT EXISTS FOR (d:Document) ON (d.kind)"
)
_NAMES = (
    "id", "kind", "title", "about", "owner", "shared", "body", "version",
    "created_by", "created_at", "updated_by", "updated_at",
)  # fmt: skip
_TOLD = f"RETURN {', '.join(f'd.{name}' for name in _NAMES)}"
_OWN = "d.owner = $caller OR (d.owner IS NULL AND $caller IS NULL)"
_LIST = (
    "MATCH (d:Document {kind: $kind}) WHERE ($about IS NULL OR d.about = $about) "
    f"AND ({_OWN} OR (NOT $own AND (d.shared OR (d.owner IS NULL AND $everything)))) "
    "AND ($clusters IS NULL OR coalesce(d.about, '') IN $clusters) "
    f"{_TOLD} ORDER BY "
)
_BY_TITLE, _BY_TIME = "d.title, d.id LIMIT $most", "d.created_at DESC, d.id LIMIT $most"
FIND = f"MATCH (d:Document {{id: $id}}) {_TOLD}"
MARKS = "MATCH (d:Document {kind: $kind}) RETURN d.id, d.version, d.updated_at"
EVERY = f"MATCH (d:Document {{kind: $kind}}) {_TOLD}"
_OWNED = f"MATCH (d:Document) WHERE {_OWN} RETURN count(d), count(CASE WHEN d.kind = $kind THEN 1 END)"
_SAVE = "MERGE (d:Document {id: $id}) SET d = $document"
_REMOVE = (
    "MATCH (d:Document {id: $id}) DELETE d",
    "MATCH (c:FeedCopy {feed: $id}) DELETE c",
    "MATCH (s:Delivery {target: $id}) DELETE s",
)


class Runs(Protocol):
    """An open transaction."""

    def run(self, statement: str, values: dict[str, Any]) -> list[list[Any]]: ...


def list_of(kind: DocumentKind) -> str:
    """Takes the parameters of documents.listing."""
    return _LIST + (_BY_TIME if kind in NEWEST_FIRST else _BY_TITLE)


def read(rows: list[list[Any]]) -> list[Document]:
    return [Document(id_, DocumentKind(kind), *rest) for id_, kind, *rest in rows]


def save(transaction: Runs, scope: Scope, caller: str | None, draft: Draft) -> Document:
    owned = _owned(transaction, caller, draft.kind)
    kept = to_save(draft, _found(transaction, draft.id), owned, scope, caller)
    _keep(transaction, kept)
    return kept


def put(transaction: Runs, scope: Scope, caller: str | None, drafts: Sequence[Draft]) -> DocumentCounts:
    counts = DocumentCounts()
    for draft in drafts:
        before = _found(transaction, draft.id)
        kept = to_put(draft, before, _owned(transaction, caller, draft.kind), scope, caller)
        if kept != before:
            _keep(transaction, kept)
        counts = counts.counting(before, kept)
    return counts


def remove(transaction: Runs, scope: Scope, caller: str | None, removal: Removal) -> Document:
    removed = to_remove(removal, _found(transaction, removal.id), scope, caller)
    for statement in _REMOVE:
        transaction.run(statement, {"id": removed.id})
    return removed


def _owned(transaction: Runs, caller: str | None, kind: DocumentKind) -> Owned:
    (counts,) = transaction.run(_OWNED, {"caller": caller, "kind": kind.value})
    return Owned(*counts)


def _keep(transaction: Runs, kept: Document) -> None:
    document = {name: getattr(kept, name) for name in _NAMES} | {"kind": kept.kind.value}
    transaction.run(_SAVE, {"id": kept.id, "document": document})


def _found(transaction: Runs, document_id: str) -> Document | None:
    found = read(transaction.run(FIND, {"id": document_id}))
    return found[0] if found else None
