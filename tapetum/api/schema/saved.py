"""Dashboards and presets: the types, and the roots that find them."""

from typing import Annotated, Any

import msgspec
import strawberry
from strawberry import ID, Private, argument, field

from tapetum.api.context import Info
from tapetum.api.schema.common import point
from tapetum.api.schema.node import Node
from tapetum.api.schema.scalars import JSON, TimePoint
from tapetum.api.use.builtin import is_builtin
from tapetum.api.use.saved import MOST, document_id, editable, find_document, list_documents
from tapetum.domain.batches import RecordKind
from tapetum.domain.documents import Document, DocumentKind

_Limit = Annotated[int, argument(description=f"How many, 1 to {MOST}.")]


@strawberry.interface(description="What people save, share, export and import.")
class SavedDocument(Node):
    saved: Private[Document]

    @field(description="Its title.")
    def title(self) -> str:
        return self.saved.title

    @field(description="The whole of it. Saved without an id it becomes a copy; this is export and import.")
    def document(self) -> JSON:
        return JSON(self.body)

    @field(
        description="Whether it comes with the product, as it came. Nobody changes such a dashboard or "
        "preset, and anybody copies it; an alert rule is saved over."
    )
    def builtin(self) -> bool:
        return is_builtin(self.saved)

    @field(description="Whether the caller may change and delete it.")
    def editable(self, info: Info) -> bool:
        return editable(info.context, self.saved)

    @field(description="Whether everybody sees it. Data in it is still only what the reader may see.")
    def shared(self) -> bool:
        return self.saved.shared

    @field(
        description="Name of the token that saved it first; null where none was needed, and for builtin ones."
    )
    def owner(self) -> str | None:
        return self.saved.owner

    @field(description="How often it was saved; give it when saving over it. 0 for builtin ones.")
    def version(self) -> int:
        return self.saved.version

    @field(description="When it was saved first; null for builtin ones.")
    def created_at(self) -> TimePoint | None:
        return None if is_builtin(self.saved) else point(self.saved.created_at)

    @field(description="When it was saved last; null for builtin ones.")
    def updated_at(self) -> TimePoint | None:
        return None if is_builtin(self.saved) else point(self.saved.updated_at)

    @field(description="Name of the token that saved it last; null where none was needed.")
    def updated_by(self) -> str | None:
        return self.saved.updated_by

    @property
    def body(self) -> dict[str, Any]:
        return msgspec.json.decode(self.saved.body)


@strawberry.type(description="Widgets on a grid, each with its question to `aggregate`; docs/dashboards.md.")
class Dashboard(SavedDocument):
    @field(description="What it shows.")
    def description(self) -> str:
        return self.body["description"]

    @classmethod
    def of(cls, saved: Document) -> "Dashboard":
        return cls(id=ID(document_id(saved)), saved=saved)


@strawberry.type(description="A question that people ask of one kind of record; docs/dashboards.md.")
class Preset(SavedDocument):
    @field(description="Which records it looks at.")
    def kind(self) -> RecordKind:
        return RecordKind(self.saved.about or "")

    @field(description="The question that it answers.")
    def question(self) -> str:
        return self.body["question"]

    @field(description="How it finds the answer, and what the answer does not say.")
    def explanation(self) -> str:
        return self.body["explanation"]

    @classmethod
    def of(cls, saved: Document) -> "Preset":
        return cls(id=ID(document_id(saved)), saved=saved)


@strawberry.type
class SavedRoots:
    """Fields of the Query root."""

    @field(description="Dashboards: those that come with the product, then the caller's own and shared ones.")
    async def dashboards(self, info: Info, limit: _Limit = 100) -> list[Dashboard]:
        found = await list_documents(info.context, DocumentKind.DASHBOARD, None, limit)
        return [Dashboard.of(each) for each in found]

    @field(description="A dashboard; null where there is none that the caller may see.")
    async def dashboard(
        self, info: Info, text: Annotated[ID, argument(name="id", description="The dashboard's id.")]
    ) -> Dashboard | None:
        found = await find_document(info.context, DocumentKind.DASHBOARD, text)
        return None if found is None else Dashboard.of(found)

    @field(description="Presets: those that come with the product, then the caller's own and shared ones.")
    async def presets(
        self,
        info: Info,
        kind: Annotated[
            RecordKind | None, argument(description="Only those about such records; null is all.")
        ] = None,
        limit: _Limit = 100,
    ) -> list[Preset]:
        about = None if kind is None else kind.value
        return [
            Preset.of(each) for each in await list_documents(info.context, DocumentKind.PRESET, about, limit)
        ]

    @field(description="A preset; null where there is none that the caller may see.")
    async def preset(
        self, info: Info, text: Annotated[ID, argument(name="id", description="The preset's id.")]
    ) -> Preset | None:
        found = await find_document(info.context, DocumentKind.PRESET, text)
        return None if found is None else Preset.of(found)
