"""Saved views of the service graph and of the flow visualizer: the type, and the roots that find them."""

from typing import Annotated

import strawberry
from strawberry import ID, argument, field

from tapetum.api.context import Info
from tapetum.api.schema.saved import SavedDocument
from tapetum.api.schema.scalars import JSON
from tapetum.api.use.saved import MOST, document_id, find_document, list_documents
from tapetum.domain.documents import Document, DocumentKind
from tapetum.domain.views import ViewPage


@strawberry.type(description="What a page's address says of what is shown, under a name; docs/views.md.")
class View(SavedDocument):
    @field(description="What it is for.")
    def description(self) -> str:
        return self.body["description"]

    @field(description="The page that it is a view of.")
    def page(self) -> ViewPage:
        return ViewPage(self.saved.about or "")

    @field(description="Parameters of the page's address by their short names: a text, or a list of texts.")
    def search(self) -> JSON:
        return JSON(self.body["search"])

    @classmethod
    def of(cls, saved: Document) -> "View":
        return cls(id=ID(document_id(saved)), saved=saved)


@strawberry.type
class ViewRoots:
    """Fields of the Query root."""

    @field(description="Saved views: the caller's own and shared ones, by title.")
    async def views(
        self,
        info: Info,
        page: Annotated[
            ViewPage | None, argument(description="Only those of one page; null is of both.")
        ] = None,
        limit: Annotated[int, argument(description=f"How many, 1 to {MOST}.")] = 100,
    ) -> list[View]:
        about = None if page is None else page.value
        found = await list_documents(info.context, DocumentKind.VIEW, about, limit)
        return [View.of(each) for each in found]

    @field(description="A saved view; null where there is none that the caller may see.")
    async def view(
        self, info: Info, text: Annotated[ID, argument(name="id", description="The view's id.")]
    ) -> View | None:
        found = await find_document(info.context, DocumentKind.VIEW, text)
        return None if found is None else View.of(found)
