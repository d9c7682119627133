"""The Mutation root. Each field answers its thing, or the problems that kept it from being changed."""

from typing import Annotated, Any

import strawberry
from strawberry import ID, argument, field

from tapetum.api.context import Info
from tapetum.api.schema.alert_change import acknowledge, dismiss, reopen
from tapetum.api.schema.alert_rule_roots import AlertRuleMutations
from tapetum.api.schema.cluster import ClusterMutations
from tapetum.api.schema.delivery_change import DeliveryMutations
from tapetum.api.schema.feed_change import FeedMutations
from tapetum.api.schema.manifest import ManifestCounts, ManifestImport
from tapetum.api.schema.posture_change import PostureMutations
from tapetum.api.schema.problems import Problem, attempt
from tapetum.api.schema.saved import Dashboard, Preset
from tapetum.api.schema.scalars import JSON, TimePoint
from tapetum.api.use.manifests import Texts, import_manifests
from tapetum.api.use.saved import remove_document, save_document
from tapetum.domain.documents import Document, DocumentKind

_Body = Annotated[JSON, argument(description="The whole document, as docs/dashboards.md describes it.")]
_MaybeId = Annotated[
    ID | None,
    argument(name="id", description="What to save over; null makes a new one, owned by the caller."),
]
_Version = Annotated[
    int | None,
    argument(description="The version that was read; refused when it is no longer the newest."),
]
_NOW = TimePoint("now")
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


def _saving(change: type[DashboardChange | PresetChange], kind: DocumentKind) -> Any:
    async def resolve(
        info: Info,
        document: _Body,
        text: _MaybeId = None,
        version: _Version = None,
        shared: _Shared = None,
    ) -> Any:
        return change.of(*await attempt(save_document(info.context, kind, text, document, version, shared)))

    resolve.__annotations__["return"] = change  # a type variable says nothing when it is run
    return strawberry.mutation(
        resolve,
        description=f"Save a {kind.value}: a new one, a copy, an import, or over a version that was read.",
    )


def _deleting(change: type[DashboardChange | PresetChange], kind: DocumentKind) -> Any:
    identity = Annotated[ID, argument(name="id", description=f"The {kind.value}'s id.")]

    async def resolve(info: Info, text: ID, version: _Version = None) -> Any:
        return change.of(*await attempt(remove_document(info.context, kind, text, version)))

    resolve.__annotations__ |= {"text": identity, "return": change}
    return strawberry.mutation(resolve, description=f"Delete a {kind.value}.")


@strawberry.type(description="What can be changed; by POST only. Fields run one after the other.")
class Mutation(AlertRuleMutations, FeedMutations, DeliveryMutations, ClusterMutations, PostureMutations):
    save_dashboard = _saving(DashboardChange, DocumentKind.DASHBOARD)
    delete_dashboard = _deleting(DashboardChange, DocumentKind.DASHBOARD)
    save_preset = _saving(PresetChange, DocumentKind.PRESET)
    delete_preset = _deleting(PresetChange, DocumentKind.PRESET)
    acknowledge_alert = strawberry.mutation(
        acknowledge, description="Say that somebody looks after an alert that the caller sees."
    )
    dismiss_alert = strawberry.mutation(
        dismiss, description="Say that an alert that the caller sees needs nothing, and why."
    )
    reopen_alert = strawberry.mutation(
        reopen, description="Say that an alert that the caller sees needs somebody again."
    )

    @strawberry.mutation(
        description="Bring in manifests of a cluster as of a time: all of them, or none where one is wrong. "
        "What is there just so already stays as it is. Kinds that bear on no policy, such as Deployments and "
        "Secrets, are passed over and not kept. The request may have 16 MiB."
    )
    async def import_manifests(
        self,
        info: Info,
        cluster: Annotated[str, argument(description="Name of the cluster.")],
        texts: Annotated[
            list[str],
            argument(
                name="manifests",
                description="YAML or JSON, such as `kubectl get -o yaml` prints: Lists, many documents.",
            ),
        ],
        replace: Annotated[
            bool,
            argument(
                description="Whether these are all there is: whatever else the caller may change of the "
                "cluster is gone from then on."
            ),
        ] = False,
        kinds: Annotated[
            list[str] | None,
            argument(description="With `replace`, the rest is gone of these kinds only; null is of all."),
        ] = None,
        remove: Annotated[
            list[ID] | None, argument(description="Ids of manifests of the cluster that are gone.")
        ] = None,
        at: Annotated[TimePoint, argument(description="Since when they are so; not in the future.")] = _NOW,
    ) -> ManifestImport:
        sent = Texts(cluster, texts, at, replace, kinds, remove or ())
        counts, problems = await attempt(import_manifests(info.context, sent))
        return ManifestImport(
            manifests=None if counts is None else ManifestCounts.of(counts), problems=problems
        )
