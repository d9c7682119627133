"""Dashboards, presets, views and layers: those that come with the product, and those that people saved."""

from typing import Any

import msgspec

from tapetum.api.context import Asked
from tapetum.api.use import builtin
from tapetum.api.use.arguments import read_limit
from tapetum.api.use.fitting import fitted
from tapetum.catalog.documents import Draft, Removal
from tapetum.domain.documents import Document, DocumentKind
from tapetum.domain.errors import BadInputError, NotAllowedError
from tapetum.domain.identity import seal, unseal

MOST = 1000


def document_id(document: Document) -> str:
    return seal(document.kind.value, document.id)


def parse_document_id(kind: DocumentKind, text: str) -> str:
    return parse_id(kind.value, text)


def parse_id(tag: str, text: str) -> str:
    """The one part that was sealed under a tag."""
    try:
        parts = unseal(text, tag)
    except BadInputError as error:
        raise BadInputError(error.message, path="id") from None
    if len(parts) != 1 or not isinstance(parts[0], str):
        raise BadInputError(f"{text[:60]!r} is not an id; take ids from an answer of this API.", path="id")
    return parts[0]


def editable(asked: Asked, document: Document) -> bool:
    if document.kind is DocumentKind.ALERT_RULE:
        return asked.scope.everything
    return not builtin.is_builtin(document) and document.editable(asked.scope, asked.caller)


async def list_documents(asked: Asked, kind: DocumentKind, about: str | None, limit: int) -> list[Document]:
    """Those of the product first, then one's own and shared ones, by title."""
    read_limit("limit", limit, MOST)
    ours = [each for each in builtin.documents(kind).values() if about is None or each.about == about]
    theirs = await asked.api.catalog.documents(asked.scope, asked.caller, kind, about, limit)
    return [*ours, *theirs][:limit]


async def find_document(asked: Asked, kind: DocumentKind, text: str) -> Document | None:
    raw_id = parse_document_id(kind, text)
    found = builtin.documents(kind).get(raw_id)
    if found is None:
        found = await asked.api.catalog.document(asked.scope, asked.caller, raw_id)
    return found if found is not None and found.kind is kind else None


async def save_document(
    asked: Asked, kind: DocumentKind, text: str | None, body: Any, version: int | None, shared: bool | None
) -> Document:
    """Without an id a new one, owned by the caller; with an id, in place of the version that was read."""
    if (text is None) != (version is None):
        raise BadInputError(
            "An id comes with the version that was read, and a new document with neither; give both or none.",
            path="version" if version is None else "id",
        )
    raw_id = asked.api.document_id() if text is None else _changeable(kind, text)
    read = fitted(kind, encoded(kind, body))
    draft = Draft(raw_id, kind, read.title, read.about, shared, read.body, version, asked.now)
    return await asked.api.catalog.save_document(asked.scope, asked.caller, draft)


async def remove_document(asked: Asked, kind: DocumentKind, text: str, version: int | None) -> Document:
    removal = Removal(_changeable(kind, text), kind, version)
    return await asked.api.catalog.remove_document(asked.scope, asked.caller, removal)


def _changeable(kind: DocumentKind, text: str) -> str:
    raw_id = parse_document_id(kind, text)
    if raw_id in builtin.documents(kind):
        raise NotAllowedError(
            f"This {kind.spoken} comes with the product and stays as it is; save a copy, without its id.",
            path="id",
        )
    return raw_id


def encoded(kind: DocumentKind, body: Any) -> bytes:
    try:
        return msgspec.json.encode(body)
    except (RecursionError, UnicodeEncodeError, TypeError):
        raise BadInputError(
            f"document: it cannot be written as JSON; send an object as {kind.page} describes it.",
            path="document",
        ) from None
