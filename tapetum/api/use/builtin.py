"""The documents that ship in the package, read and checked as any other when first asked for."""

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


def is_builtin(document: Document) -> bool:
    return is_shipped(document.id)


def _checked(document: Document) -> Document:
    read = fitted(document.kind, document.body.encode())
    return replace(document, title=read.title, about=read.about, body=read.body)
