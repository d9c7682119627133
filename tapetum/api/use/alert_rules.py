"""Alert rules: everybody reads those that bear on what they see; who sees everything changes them.

A rule that comes with the product is changed by saving over it, under its own id; deleting that brings it
back.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import anyio.to_thread
import msgspec

from tapetum.api.context import Asked
from tapetum.api.use import builtin
from tapetum.api.use.arguments import read_limit
from tapetum.api.use.fitting import fitted
from tapetum.api.use.refused import ObjectsRefusedError, refused
from tapetum.api.use.rule_import import drafts_of, read_rules
from tapetum.api.use.saved import MOST, encoded, parse_document_id
from tapetum.catalog.documents import Draft, Removal
from tapetum.domain.alert_rules import AlertRule
from tapetum.domain.documents import Document, DocumentCounts, DocumentKind, write_body
from tapetum.domain.errors import BadInputError, ConflictError, NotAllowedError, NotFoundError

KIND = DocumentKind.ALERT_RULE


def read_rule(document: Document) -> AlertRule:
    return msgspec.json.decode(document.body, type=AlertRule)


async def list_rules(asked: Asked, about: str | None, limit: int) -> list[Document]:
    """Those of the product first, then the others by title."""
    read_limit("limit", limit, MOST)
    saved = await asked.api.catalog.documents(asked.scope, asked.caller, KIND, None, MOST)
    shown = (_shown(asked, each) for each in builtin.with_saved(KIND, saved))
    return [each for each in shown if each is not None and about in (None, each.about)][:limit]


async def find_rule(asked: Asked, text: str) -> Document | None:
    found = await _found(asked, parse_document_id(KIND, text))
    return None if found is None else _shown(asked, found)


async def save_rule(asked: Asked, text: str | None, body: Any, version: int | None) -> Document:
    """Without an id a new one; with an id, in place of the version that was read."""
    _hold_everything(asked)
    if (text is None) != (version is None):
        raise BadInputError(
            "An id comes with the version that was read, and a new rule with neither; give both or none.",
            path="version" if version is None else "id",
        )
    raw_id = asked.api.document_id() if text is None else parse_document_id(KIND, text)
    return await _save(asked, raw_id, encoded(KIND, body), version)


async def switch_rule(asked: Asked, text: str, *, enabled: bool) -> Document:
    _hold_everything(asked)
    raw_id = parse_document_id(KIND, text)
    found = await _found(asked, raw_id)
    if found is None:
        raise _missing(raw_id)
    rule = read_rule(found)
    if rule.enabled is enabled:
        return found
    switched = write_body(msgspec.structs.replace(rule, enabled=enabled))
    return await _save(asked, raw_id, switched, found.version)


async def remove_rule(asked: Asked, text: str, version: int | None) -> Document:
    _hold_everything(asked)
    raw_id = parse_document_id(KIND, text)
    if raw_id in builtin.documents(KIND):
        found = await _found(asked, raw_id)
        if found is not None and builtin.is_builtin(found):
            raise NotAllowedError(
                "This alert rule comes with the product and stays; switch it off instead.", path="id"
            )
    return await asked.api.catalog.remove_document(asked.scope, asked.caller, Removal(raw_id, KIND, version))


async def import_rules(asked: Asked, texts: Sequence[str]) -> DocumentCounts:
    """All of them or none. Raises ObjectsRefusedError, or what keeps the whole from being kept."""
    _hold_everything(asked)
    named = [(f"rules[{place}]", text) for place, text in enumerate(texts)]
    # Reading takes a second where much is sent, and others are served meanwhile.
    found = await anyio.to_thread.run_sync(read_rules, named)
    if found.problems:
        raise ObjectsRefusedError([refused(each) for each in found.problems], "rules")
    return await asked.api.catalog.put_documents(asked.scope, asked.caller, drafts_of(found.rules, asked.now))


async def _found(asked: Asked, raw_id: str) -> Document | None:
    saved = await asked.api.catalog.document(asked.scope, asked.caller, raw_id)
    if saved is not None and saved.kind is KIND:
        return saved
    return builtin.documents(KIND).get(raw_id)


async def _save(asked: Asked, raw_id: str, body: bytes, version: int | None) -> Document:
    """Version 0 is the product's own: what is saved over it is the first of its id."""
    over = version == 0 and raw_id in builtin.documents(KIND)
    read = fitted(KIND, body)
    draft = Draft(
        id=raw_id,
        kind=KIND,
        title=read.title,
        about=read.about,
        shared=True,  # it raises alerts for all, so that all may know of it
        body=read.body,
        version=None if over else version,
        at=asked.now,
    )
    try:
        return await asked.api.catalog.save_document(asked.scope, asked.caller, draft)
    except ConflictError:
        if not over:
            raise
        raise ConflictError(
            "This alert rule was changed since it was read; read it again, then change it.", path="version"
        ) from None


def _shown(asked: Asked, document: Document) -> Document | None:
    """As the caller sees it: a rule for clusters that they do not see says nothing of these."""
    rule = read_rule(document)
    if rule.clusters is None or asked.scope.everything:
        return document
    seen = tuple(each for each in rule.clusters if asked.scope.sees_cluster(each))
    if not seen:
        return None
    return replace(document, body=write_body(msgspec.structs.replace(rule, clusters=seen)).decode())


def _hold_everything(asked: Asked) -> None:
    if not asked.scope.everything:
        raise NotAllowedError(
            "Alert rules hold for everybody, so only a token without limits changes them; use such a one."
        )


def _missing(raw_id: str) -> NotFoundError:
    return NotFoundError(f"There is no alert rule {raw_id[:60]!r}; it may have been deleted.", path="id")
