"""Dashboards, presets, views and layers saved and deleted: the same three arguments for each kind."""

from typing import Annotated, Any

import strawberry
from strawberry import ID, argument, field

from tapetum.api.context import Info
from tapetum.api.schema.layer import Layer
from tapetum.api.schema.problems import Problem, attempt
from tapetum.api.schema.saved import Dashboard, Preset
from tapetum.api.schema.scalars import JSON
from tapetum.api.schema.view import View
from tapetum.api.use.saved import remove_document, save_document
from tapetum.domain.documents import Document, DocumentKind

_MaybeId = Annotated[
    ID | None,
    argument(name="id", description="What to save over; null makes a new one, owned by the caller."),
]
_Version = Annotated[
    int | None,
    argument(description="The version that was read; refused when it is no longer the newest."),
]
_Shared = Annotated[
    bool | None,
    argument(description="Whether everybody sees it; null leaves it as it was, a new one to its owner."),
]


@strawberry.type(description="What became of a dashboard.")
class DashboardChange:
    dashboard: Dashboard | None = field(description="As it is now, or was; null where nothing was changed.")
    problems: list[Problem] = field(description="Why nothing was changed.")

    @classmethod
    def of(cls, changed: Document | None, problems: list[Problem]) -> "DashboardChange":
        return cls(dashboard=None if changed is None else Dashboard.of(changed), problems=problems)


@strawberry.type(description="What became of a preset.")
class PresetChange:
    preset: Preset | None = field(description="As it is now, or was; null where nothing was changed.")
    problems: list[Problem] = field(description="Why nothing was changed.")

    @classmethod
    def of(cls, changed: Document | None, problems: list[Problem]) -> "PresetChange":
        return cls(preset=None if changed is None else Preset.of(changed), problems=problems)


@strawberry.type(description="What became of a saved view.")
class ViewChange:
    view: View | None = field(description="As it is now, or was; null where nothing was changed.")
    problems: list[Problem] = field(description="Why nothing was changed.")

    @classmethod
    def of(cls, changed: Document | None, problems: list[Problem]) -> "ViewChange":
        return cls(view=None if changed is None else View.of(changed), problems=problems)


@strawberry.type(description="What became of a layer.")
class LayerChange:
    layer: Layer | None = field(description="As it is now, or was; null where nothing was changed.")
    problems: list[Problem] = field(description="Why nothing was changed.")

    @classmethod
    def of(cls, changed: Document | None, problems: list[Problem]) -> "LayerChange":
        return cls(layer=None if changed is None else Layer.of(changed), problems=problems)


_Change = type[DashboardChange | PresetChange | ViewChange | LayerChange]


def _saving(change: _Change, kind: DocumentKind) -> Any:
    whole = Annotated[JSON, argument(description=f"The whole document, as {kind.page} describes it.")]

    async def resolve(
        info: Info,
        document: JSON,
        text: _MaybeId = None,
        version: _Version = None,
        shared: _Shared = None,
    ) -> Any:
        return change.of(*await attempt(save_document(info.context, kind, text, document, version, shared)))

    resolve.__annotations__ |= {
        "document": whole,
        "return": change,
    }  # a type variable says nothing when it is run
    return strawberry.mutation(
        resolve,
        description=f"Save a {kind.value}: a new one, a copy, an import, or over a version that was read.",
    )


def _deleting(change: _Change, kind: DocumentKind) -> Any:
    identity = Annotated[ID, argument(name="id", description=f"The {kind.value}'s id.")]

    async def resolve(info: Info, text: ID, version: _Version = None) -> Any:
        return change.of(*await attempt(remove_document(info.context, kind, text, version)))

    resolve.__annotations__ |= {"text": identity, "return": change}
    return strawberry.mutation(resolve, description=f"Delete a {kind.value}.")


@strawberry.type
class SavedMutations:
    """Fields of the Mutation root."""

    save_dashboard = _saving(DashboardChange, DocumentKind.DASHBOARD)
    delete_dashboard = _deleting(DashboardChange, DocumentKind.DASHBOARD)
    save_preset = _saving(PresetChange, DocumentKind.PRESET)
    delete_preset = _deleting(PresetChange, DocumentKind.PRESET)
    save_view = _saving(ViewChange, DocumentKind.VIEW)
    delete_view = _deleting(ViewChange, DocumentKind.VIEW)
    save_layer = _saving(LayerChange, DocumentKind.LAYER)
    delete_layer = _deleting(LayerChange, DocumentKind.LAYER)
