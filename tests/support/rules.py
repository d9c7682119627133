"""Alert rules as tests save them."""

from typing import Any

import msgspec

from tapetum.catalog.documents import Draft
from tapetum.domain.batches import RecordKind
from tapetum.domain.documents import Document, DocumentKind
from tests.support.factory import NOW

RULE = DocumentKind.ALERT_RULE


def body(filter_: str, kind: RecordKind = RecordKind.FLOWS, **says: Any) -> str:
    told = {"format": 1, "title": "A rule", "kind": kind, "filter": filter_, "severity": 60, **says}
    return msgspec.json.encode(told).decode()


def draft(rule_id: str, text: str, version: int | None = None, *, shared: bool = True) -> Draft:
    return Draft(rule_id, RULE, "A rule", None, shared, text, version, NOW)


def document(rule_id: str, text: str, version: int = 1) -> Document:
    return Document(rule_id, RULE, "A rule", None, None, True, text, version, None, NOW, None, NOW)
