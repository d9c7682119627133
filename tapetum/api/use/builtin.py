"""The documents that ship in the package, read and checked as any other when first asked for."""

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from types import MappingProxyType

from tapetum.api.use.fitting import fitted
from tapetum.catalog.shipped import is_shipped, shipped
from tapetum.domain.documents import Document, DocumentKind


@cache
def documents(kind: DocumentKind) -> MappingProxyType[str, Document]:
    """By id, in order of titles. Nobody changes them."""
    return MappingProxyType({each.id: _checked(each) for each in shipped(kind)})


def with_saved(kind: DocumentKind, saved: Iterable[Document]) -> list[Document]:
    """Those of the product first, each as it was saved over, then the others in their order."""
    kept = {each.id: each for each in saved}
    ours = [kept.pop(each.id, each) for each in documents(kind).values()]
    return [*ours, *kept.values()]


def is_builtin(document: Document) -> bool:
    """Whether it comes with the product, and as it came: what was saved over it has a version."""
    return document.version == 0 and is_shipped(document.id)


def replaces_builtin(document: Document) -> bool:
    return document.version > 0 and document.id in documents(document.kind)


def _checked(document: Document) -> Document:
    read = fitted(document.kind, document.body.encode())
    return replace(document, title=read.title, about=read.about, body=read.body)
