"""A saved document: who may see and change it, and its JSON read strictly.

Knows nothing of what it says (dashboards.py, clusters.py and others), nor of where it is kept.
"""

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta, inspect

from tapetum.domain.errors import BadInputError, TooLargeError
from tapetum.domain.moments import Micros
from tapetum.domain.scope import Scope

T = TypeVar("T", bound=msgspec.Struct)

MOST_BYTES = 64 * 1024
_WHERE = re.compile(r"(.*) - at `\$\.?(.*)`\Z", re.DOTALL)
DASHBOARDS_PAGE, ALERTS_PAGE, FEEDS_PAGE = "docs/dashboards.md", "docs/alerts.md", "docs/feeds.md"
DELIVERY_PAGE, CLUSTERS_PAGE = "docs/delivery.md", "docs/clusters.md"
VIEWS_PAGE, LAYERS_PAGE, POSTURE_PAGE = "docs/views.md", "docs/layers.md", "docs/posture.md"
CAPTURES_PAGE = "docs/captures.md"

Title = Annotated[str, Meta(min_length=1, max_length=120)]
Prose = Annotated[str, Meta(max_length=2000)]


class DocumentKind(StrEnum):
    DASHBOARD = "dashboard"
    PRESET = "preset"
    ALERT_RULE = "alert_rule"
    FEED = "feed"
    DELIVERY_TARGET = "delivery_target"
    CLUSTER = "cluster"
    VIEW = "view"
    LAYER = "layer"
    IMAGE_SCAN = "image_scan"
    CAPTURE = "capture"

    @property
    def spoken(self) -> str:
        return self.value.replace("_", " ")

    @property
    def page(self) -> str:
        """Where its format is described."""
        pages = {
            DocumentKind.ALERT_RULE: ALERTS_PAGE,
            DocumentKind.FEED: FEEDS_PAGE,
            DocumentKind.DELIVERY_TARGET: DELIVERY_PAGE,
            DocumentKind.CLUSTER: CLUSTERS_PAGE,
            DocumentKind.VIEW: VIEWS_PAGE,
            DocumentKind.LAYER: LAYERS_PAGE,
            DocumentKind.IMAGE_SCAN: POSTURE_PAGE,
            DocumentKind.CAPTURE: CAPTURES_PAGE,
        }
        return pages.get(self, DASHBOARDS_PAGE)


OF_A_CLUSTER = (DocumentKind.CLUSTER, DocumentKind.IMAGE_SCAN, DocumentKind.CAPTURE)
Mark = tuple[int, Micros]
"""A document's version and when it was saved: what is saved anew under a deleted id has version 1 again."""


@dataclass(frozen=True, slots=True)
class Document:
    """`body` is its JSON. `owner` is the name of the token that saved it first, None where none was needed.

    `about` is what lists are narrowed by: the kind of record that a preset or a rule looks at.
    """

    id: str
    kind: DocumentKind
    title: str
    about: str | None
    owner: str | None
    shared: bool
    body: str
    version: int
    created_by: str | None
    created_at: Micros
    updated_by: str | None
    updated_at: Micros

    @property
    def mark(self) -> Mark:
        return self.version, self.updated_at

    def visible(self, scope: Scope, caller: str | None) -> bool:
        """To its owner, to all when shared; what nobody owns is everybody's who may see everything. What is
        said of a cluster is for those who see the cluster, and captures, which may hold packets of all its
        namespaces, for their owner and those who see all of it.
        """
        if self.kind in OF_A_CLUSTER and not scope.sees_cluster(self.about or ""):
            return False
        if self.kind is DocumentKind.CAPTURE and scope.namespaces is not None and self.owner != caller:
            return False
        return self.shared or self.owner == caller or (self.owner is None and scope.everything)

    def editable(self, scope: Scope, caller: str | None) -> bool:
        """By its owner, and by whoever may see everything, among what they see."""
        return self.visible(scope, caller) and (scope.everything or self.owner == caller)


@dataclass(frozen=True, slots=True)
class DocumentCounts:
    """What became of documents that were put under their ids."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0

    def counting(self, before: Document | None, after: Document) -> "DocumentCounts":
        if before is None:
            return replace(self, added=self.added + 1)
        if before == after:
            return replace(self, unchanged=self.unchanged + 1)
        return replace(self, changed=self.changed + 1)


def read_body(body: bytes, form: type[T], page: str = DASHBOARDS_PAGE) -> T:
    """The document that the JSON is; raises BadInputError with the path of what is wrong."""
    if len(body) > MOST_BYTES:
        raise TooLargeError(
            f"The document has {len(body)} bytes; at most {MOST_BYTES} are kept, so split it.",
            path="document",
        )
    try:
        return msgspec.json.decode(body, type=form)
    except RecursionError:
        raise BadInputError(
            f"The document is nested too deeply; {page} describes the format.", path="document"
        ) from None
    except msgspec.ValidationError as error:
        raise _refusal(error, form, page) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadInputError(
            f"The document is not JSON ({error}); {page} describes the format.", path="document"
        ) from None


def write_body(document: msgspec.Struct) -> bytes:
    return msgspec.json.encode(document)


class MemberError(ValueError):
    """A member of the object that is read does not go with the others, or is wrong in a way no type says."""

    def __init__(self, member: str, told: str) -> None:
        super().__init__(told)
        self.member = member


def printable(what: str, text: str) -> None:
    """For what is shown in one line; raises ValueError, which `read_body` makes a sentence with a path."""
    if not text.isprintable() or not text.strip():
        raise ValueError(f"{what} is blank or has characters that cannot be shown")


def _refusal(error: msgspec.ValidationError, form: type[msgspec.Struct], page: str) -> BadInputError:
    found = _WHERE.match(str(error))
    reason, path = found.groups() if found else (str(error), "")
    if isinstance(error.__cause__, MemberError):
        path = ".".join(filter(None, (path, error.__cause__.member)))
    if reason.startswith(("Invalid enum value", "Invalid value")):
        reason += f", not one of {', '.join(_choices(form, path))}"
    where = f"document.{path}" if path else "document"
    return BadInputError(
        f"{where}: {reason[:1].lower()}{reason[1:]}; {page} describes the format.", path=where
    )


def _choices(form: type[msgspec.Struct], path: str) -> list[str]:
    """What may stand at a path, as the form's types say."""
    found: list[inspect.Type] = [inspect.type_info(form)]
    for name in re.findall(r"[^.\[\]]+", path):
        found = [below for each in found for below in _below(each, name)]
    values: list[Any] = []
    for each in found:
        values += each.values if isinstance(each, inspect.LiteralType) else ()
        values += each.cls if isinstance(each, inspect.EnumType) else ()
    return [str(value) for value in values]


def _below(kind: inspect.Type, name: str) -> list[inspect.Type]:
    match kind:
        case inspect.StructType() if kind.tag_field == name:
            return [inspect.LiteralType((kind.tag,))]
        case inspect.StructType():
            return [part for each in kind.fields if each.encode_name == name for part in _parts(each.type)]
        case inspect.VarTupleType():
            return _parts(kind.item_type)
        case inspect.DictType():
            return _parts(kind.value_type)
        case _:
            return []


def _parts(kind: inspect.Type) -> list[inspect.Type]:
    return list(kind.types) if isinstance(kind, inspect.UnionType) else [kind]
