"""The documents that ship in the package, as their files have them; whoever uses one checks what it says."""

from functools import cache
from importlib.resources import files

import msgspec

from tapetum.domain.documents import Document, DocumentKind

_MARK = "builtin."
_FOLDERS = {
    DocumentKind.DASHBOARD: "dashboards",
    DocumentKind.PRESET: "presets",
    DocumentKind.ALERT_RULE: "alert_rules",
}


class _Headed(msgspec.Struct, frozen=True):
    title: str
    kind: str | None = None


@cache
def shipped(kind: DocumentKind) -> tuple[Document, ...]:
    """In order of titles. They have no owner and no version. No feed ships: whose, would be users' choice."""
    if kind not in _FOLDERS:
        return ()
    folder = files("tapetum") / "api" / "builtin" / _FOLDERS[kind]
    found = [
        _document(kind, entry.name.removesuffix(".json"), entry.read_bytes())
        for entry in folder.iterdir()
        if entry.name.endswith(".json")
    ]
    return tuple(sorted(found, key=lambda each: each.title))


def is_shipped(document_id: str) -> bool:
    return document_id.startswith(_MARK)


def _document(kind: DocumentKind, name: str, body: bytes) -> Document:
    head = msgspec.json.decode(body, type=_Headed)
    return Document(
        id=f"{_MARK}{name}",
        kind=kind,
        title=head.title,
        about=head.kind,
        owner=None,
        shared=True,
        body=body.decode(),
        version=0,
        created_by=None,
        created_at=0,
        updated_by=None,
        updated_at=0,
    )
