"""Saved documents as nodes: the statements, in a transaction that the adapter opens and has its turn in."""

from collections.abc import Sequence
from typing import Any, Protocol

from tapetum.catalog.documents import Draft, Removal, to_put, to_remove, to_save
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
_OWN = "(d.owner = $caller OR (d.owner IS NULL AND ($caller IS NULL OR $everything)))"
LIST = (
    f"MATCH (d:Document {{kind: $kind}}) WHERE ($about IS NULL OR d.about = $about) AND (d.shared OR {_OWN}) "
    f"{_TOLD} ORDER BY d.title, d.id LIMIT $most"
)
FIND = f"MATCH (d:Document {{id: $id}}) {_TOLD}"
MARKS = "MATCH (d:Document {kind: $kind}) RETURN d.id, d.version, d.updated_at"
EVERY = f"MATCH (d:Document {{kind: $kind}}) {_TOLD}"
_OWNED = "MATCH (d:Document) WHERE d.owner = $caller OR (d.owner IS NULL AND $caller IS NULL) RETURN count(d)"
_SAVE = "MERGE (d:Document {id: $id}) SET d = $document"
_REMOVE = (
    "MATCH (d:Document {id: $id}) DELETE d",
    "MATCH (c:FeedCopy {feed: $id}) DELETE c",
    "MATCH (s:Delivery {target: $id}) DELETE s",
)


class Runs(Protocol):
    """An open transaction."""

    def run(self, statement: str, values: dict[str, Any]) -> list[list[Any]]: ...


def asked(
    scope: Scope, caller: str | None, kind: DocumentKind, about: str | None, most: int
) -> dict[str, Any]:
    """The parameters of LIST."""
    return {
        "kind": kind.value,
        "about": about,
        "caller": caller,
        "everything": scope.everything,
        "most": most,
    }


def read(rows: list[list[Any]]) -> list[Document]:
    return [Document(id_, DocumentKind(kind), *rest) for id_, kind, *rest in rows]


def save(transaction: Runs, scope: Scope, caller: str | None, draft: Draft) -> Document:
    kept = to_save(draft, _found(transaction, draft.id), _owned(transaction, caller), scope, caller)
    _keep(transaction, kept)
    return kept


def put(transaction: Runs, scope: Scope, caller: str | None, drafts: Sequence[Draft]) -> DocumentCounts:
    counts = DocumentCounts()
    for draft in drafts:
        before = _found(transaction, draft.id)
        kept = to_put(draft, before, _owned(transaction, caller), scope, caller)
        if kept != before:
            _keep(transaction, kept)
        counts = counts.counting(before, kept)
    return counts


def remove(transaction: Runs, scope: Scope, caller: str | None, removal: Removal) -> Document:
    removed = to_remove(removal, _found(transaction, removal.id), scope, caller)
    for statement in _REMOVE:
        transaction.run(statement, {"id": removed.id})
    return removed


def _owned(transaction: Runs, caller: str | None) -> int:
    ((owned,),) = transaction.run(_OWNED, {"caller": caller})
    return owned


def _keep(transaction: Runs, kept: Document) -> None:
    document = {name: getattr(kept, name) for name in _NAMES} | {"kind": kept.kind.value}
    transaction.run(_SAVE, {"id": kept.id, "document": document})


def _found(transaction: Runs, document_id: str) -> Document | None:
    found = read(transaction.run(FIND, {"id": document_id}))
    return found[0] if found else None
