"""The Mutation root. Each field answers its thing, or the problems that kept it from being changed."""

from typing import Annotated

import strawberry
from strawberry import ID, argument, field

from tapetum.api.context import Info
from tapetum.api.schema.problems import Problem, attempt
from tapetum.api.schema.saved import Dashboard, Preset
from tapetum.api.schema.scalars import JSON
from tapetum.api.use.saved import remove_document, save_document
from tapetum.domain.documents import DocumentKind

_Body = Annotated[JSON, argument(description="The whole document, as docs/dashboards.md describes it.")]
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


@strawberry.type(description="What became of a preset.")
class PresetChange:
    preset: Preset | None = field(description="As it is now, or was; null where nothing was changed.")
    problems: list[Problem] = field(description="Why nothing was changed.")


@strawberry.type(description="What can be changed; by POST only. Fields run one after the other.")
class Mutation:
    @strawberry.mutation(
        description="Save a dashboard: a new one, a copy, an import, or over a version that was read."
    )
    async def save_dashboard(
        self,
        info: Info,
        document: _Body,
        text: _MaybeId = None,
        version: _Version = None,
        shared: _Shared = None,
    ) -> DashboardChange:
        saved, problems = await attempt(
            save_document(info.context, DocumentKind.DASHBOARD, text, document, version, shared)
        )
        return DashboardChange(dashboard=None if saved is None else Dashboard.of(saved), problems=problems)

    @strawberry.mutation(description="Delete a dashboard.")
    async def delete_dashboard(
        self,
        info: Info,
        text: Annotated[ID, argument(name="id", description="The dashboard's id.")],
        version: _Version = None,
    ) -> DashboardChange:
        removed, problems = await attempt(
            remove_document(info.context, DocumentKind.DASHBOARD, text, version)
        )
        return DashboardChange(
            dashboard=None if removed is None else Dashboard.of(removed), problems=problems
        )

    @strawberry.mutation(
        description="Save a preset: a new one, a copy, an import, or over a version that was read."
    )
    async def save_preset(
        self,
        info: Info,
        document: _Body,
        text: _MaybeId = None,
        version: _Version = None,
        shared: _Shared = None,
    ) -> PresetChange:
        saved, problems = await attempt(
            save_document(info.context, DocumentKind.PRESET, text, document, version, shared)
        )
        return PresetChange(preset=None if saved is None else Preset.of(saved), problems=problems)

    @strawberry.mutation(description="Delete a preset.")
    async def delete_preset(
        self,
        info: Info,
        text: Annotated[ID, argument(name="id", description="The preset's id.")],
        version: _Version = None,
    ) -> PresetChange:
        removed, problems = await attempt(remove_document(info.context, DocumentKind.PRESET, text, version))
        return PresetChange(preset=None if removed is None else Preset.of(removed), problems=problems)
