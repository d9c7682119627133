"""Layers of the service graph: the type, and the roots that find them."""

from typing import Annotated

import msgspec
import strawberry
from strawberry import ID, argument, field

from tapetum.api.context import Info
from tapetum.api.schema.saved import SavedDocument
from tapetum.api.schema.scalars import KQL
from tapetum.api.use.saved import MOST, document_id, find_document, list_documents
from tapetum.domain.documents import Document, DocumentKind
from tapetum.domain.endpoints import NodeKind
from tapetum.domain.layers import Layer as Kept
from tapetum.domain.layers import Member


@strawberry.type(
    description="Nodes by their names: `*` is any part, a backslash takes the next character as it is."
)
class LayerMember:
    kind: NodeKind = field(description="What they are. A namespace brings all that lives in it.")
    name: str = field(description="Their name, as nodes of the service graph have it.")
    namespace: str | None = field(description="The namespace that they live in; null is any, and none.")
    cluster: str | None = field(description="Their cluster's name; null is any.")

    @classmethod
    def of(cls, member: Member) -> "LayerMember":
        return cls(
            kind=member.kind.node,
            name=member.name,
            namespace=member.namespace,
            cluster=member.cluster,
        )


@strawberry.type(
    description="Nodes and edges of the service graph under a name, to be dimmed or hidden; docs/layers.md."
)
class Layer(SavedDocument):
    @field(description="What it is for.")
    def description(self) -> str:
        return self.body["description"]

    @field(description="The nodes that belong to it, with their edges.")
    def members(self) -> list[LayerMember]:
        return [LayerMember.of(each) for each in self._kept.members]

    @field(
        name="filter",
        description="Edges all of whose flows this finds belong to it too; null where there is none.",
    )
    def flows(self) -> KQL | None:
        return KQL(self._kept.filter) if self._kept.filter else None

    @property
    def _kept(self) -> Kept:
        return msgspec.json.decode(self.saved.body, type=Kept)

    @classmethod
    def of(cls, saved: Document) -> "Layer":
        return cls(id=ID(document_id(saved)), saved=saved)


@strawberry.type
class LayerRoots:
    """Fields of the Query root."""

    @field(description="Layers of the service graph: the caller's own and shared ones, by title.")
    async def layers(
        self, info: Info, limit: Annotated[int, argument(description=f"How many, 1 to {MOST}.")] = 100
    ) -> list[Layer]:
        found = await list_documents(info.context, DocumentKind.LAYER, None, limit)
        return [Layer.of(each) for each in found]

    @field(description="A layer; null where there is none that the caller may see.")
    async def layer(
        self, info: Info, text: Annotated[ID, argument(name="id", description="The layer's id.")]
    ) -> Layer | None:
        found = await find_document(info.context, DocumentKind.LAYER, text)
        return None if found is None else Layer.of(found)
