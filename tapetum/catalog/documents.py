"""What saving and deleting a document comes to: pure, so that every adapter decides alike."""

from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from tapetum.domain.documents import OF_A_CLUSTER, Document, DocumentKind
from tapetum.domain.errors import BadInputError, ConflictError, NotAllowedError, NotFoundError, TooLargeError
from tapetum.domain.moments import Micros, iso
from tapetum.domain.scope import Scope

MOST_OWNED = 500
MOST_ALIKE = {DocumentKind.CAPTURE: 100}
"""Of one kind, where that is fewer."""
NEWEST_FIRST = frozenset({DocumentKind.CAPTURE})
"""Kinds that are listed by when they were made; others by title."""


class Owned(NamedTuple):
    """How many documents a caller owns, and how many of these are of the kind in question."""

    all: int
    alike: int


@dataclass(frozen=True, slots=True)
class Draft:
    """A document to save. `version` is what the caller read; None makes a new one under `id`.

    `shared` None leaves it as it was: a new one is its owner's.
    """

    id: str
    kind: DocumentKind
    title: str
    about: str | None
    shared: bool | None
    body: str
    version: int | None
    at: Micros


@dataclass(frozen=True, slots=True)
class Removal:
    """`version` None removes whatever it has become."""

    id: str
    kind: DocumentKind
    version: int | None


def listing(
    scope: Scope, caller: str | None, kind: DocumentKind, about: str | None, most: int
) -> dict[str, Any]:
    """The parameters of an adapter's list, which holds Document.visible before it counts to `most`.

    `clusters` None: of any. `own`: only those of the caller.
    """
    clusters = scope.seen_clusters if kind in OF_A_CLUSTER else None
    return {
        "kind": kind.value,
        "about": about,
        "caller": caller,
        "everything": scope.everything,
        "clusters": None if clusters is None else sorted(clusters),
        "own": kind is DocumentKind.CAPTURE and scope.namespaces is not None,
        "most": most,
    }


def to_save(
    draft: Draft, before: Document | None, owned: Owned, scope: Scope, caller: str | None
) -> Document:
    """What to keep, given what is kept under its id and how many documents the caller owns."""
    if draft.version is not None:
        known = _editable(before, draft, scope, caller)
        _hold_version(draft.version, known)
        return _changed(draft, known, caller)
    if before is not None:
        raise ConflictError(f"The id {draft.id[:60]!r} is in use; save it again.")
    alike = MOST_ALIKE.get(draft.kind)
    if alike is not None and owned.alike >= alike:
        raise TooLargeError(
            f"{alike} {draft.kind.spoken}s are kept for one owner; delete one that is not needed."
        )
    if owned.all >= MOST_OWNED:
        raise TooLargeError(
            f"{MOST_OWNED} dashboards, presets, views, layers, alert rules, feeds, delivery targets, "
            "captures and clusters are kept for one owner; delete one that is not needed."
        )
    return _made(draft, caller)


def to_put(draft: Draft, before: Document | None, owned: Owned, scope: Scope, caller: str | None) -> Document:
    """What to keep whatever is kept under its id; `before` itself where nothing would change."""
    if before is None:
        return to_save(replace(draft, version=None), None, owned, scope, caller)
    known = _editable(before, draft, scope, caller)
    same = (known.title, known.about, known.body) == (draft.title, draft.about, draft.body)
    return known if same else _changed(draft, known, caller)


def to_remove(removal: Removal, before: Document | None, scope: Scope, caller: str | None) -> Document:
    """What is to be removed, given what is kept under its id."""
    known = _editable(before, removal, scope, caller)
    if removal.version is not None:
        _hold_version(removal.version, known)
    return known


def _editable(before: Document | None, asked: Draft | Removal, scope: Scope, caller: str | None) -> Document:
    if before is None or before.kind is not asked.kind or not before.visible(scope, caller):
        raise NotFoundError(
            f"There is no {asked.kind.spoken} {asked.id[:60]!r}; it may have been deleted.", path="id"
        )
    if not before.editable(scope, caller):
        raise NotAllowedError(
            f"This {asked.kind.spoken} is {before.owner or 'nobody'}'s; save a copy of your own instead.",
            path="id",
        )
    return before


def _hold_version(version: int, known: Document) -> None:
    if version == known.version:
        return
    if not 0 < version < known.version:
        raise BadInputError(
            f"There is no version {version} of it, as the newest is {known.version}; give the one you read.",
            path="version",
        )
    raise ConflictError(
        f"It was changed by {known.updated_by or 'somebody'} at {iso(known.updated_at)} and is at version "
        f"{known.version}, not {version}; read it again, then change it.",
        path="version",
    )


def _made(draft: Draft, caller: str | None) -> Document:
    return Document(
        id=draft.id,
        kind=draft.kind,
        title=draft.title,
        about=draft.about,
        owner=caller,
        shared=bool(draft.shared),
        body=draft.body,
        version=1,
        created_by=caller,
        created_at=draft.at,
        updated_by=caller,
        updated_at=draft.at,
    )


def _changed(draft: Draft, known: Document, caller: str | None) -> Document:
    return replace(
        known,
        title=draft.title,
        about=draft.about,
        shared=known.shared if draft.shared is None else draft.shared,
        body=draft.body,
        version=known.version + 1,
        updated_by=caller,
        updated_at=draft.at,
    )
