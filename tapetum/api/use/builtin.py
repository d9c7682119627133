"""The documents that ship in the package, read and checked as any other when first asked for."""

from functools import cache
from importlib.resources import files
from types import MappingProxyType

from tapetum.api import builtin
from tapetum.api.use.fitting import fitted
from tapetum.domain.documents import Document, DocumentKind

_MARK = "builtin."
_FOLDERS = {
    DocumentKind.DASHBOARD: "dashboards",
    DocumentKind.PRESET: "presets",
    DocumentKind.ALERT_RULE: "alert_rules",
}


@cache
def documents(kind: DocumentKind) -> MappingProxyType[str, Document]:
    """By id, in order of titles. They have no owner and no version, and nobody changes them."""
    found = [
        _document(kind, entry.name.removesuffix(".json"), entry.read_bytes())
        for entry in (files(builtin) / _FOLDERS[kind]).iterdir()
        if entry.name.endswith(".json")
    ]
    return MappingProxyType({each.id: each for each in sorted(found, key=lambda each: each.title)})


def is_builtin(document: Document) -> bool:
    return document.id.startswith(_MARK)


def _document(kind: DocumentKind, name: str, body: bytes) -> Document:
    read = fitted(kind, body)
    return Document(
        id=f"{_MARK}{name}",
        kind=kind,
        title=read.title,
        about=read.about,
        owner=None,
        shared=True,
        body=read.body,
        version=0,
        created_by=None,
        created_at=0,
        updated_by=None,
        updated_at=0,
    )
