"""The Mutation root. Each field answers its thing, or the problems that kept it from being changed."""

from typing import Annotated

import strawberry
from strawberry import ID, argument

from tapetum.api.context import Info
from tapetum.api.schema.alert_change import acknowledge, dismiss, reopen
from tapetum.api.schema.alert_rule_roots import AlertRuleMutations
from tapetum.api.schema.capture import CaptureMutations
from tapetum.api.schema.cluster import ClusterMutations
from tapetum.api.schema.delivery_change import DeliveryMutations
from tapetum.api.schema.feed_change import FeedMutations
from tapetum.api.schema.image_scan import ScanMutations
from tapetum.api.schema.manifest import ManifestCounts, ManifestImport
from tapetum.api.schema.packet_capture import PacketCaptureMutations
from tapetum.api.schema.posture_change import PostureMutations
from tapetum.api.schema.problems import attempt
from tapetum.api.schema.saved_change import SavedMutations
from tapetum.api.schema.scalars import TimePoint
from tapetum.api.use.manifests import Texts, import_manifests

_NOW = TimePoint("now")


@strawberry.type(description="What can be changed; by POST only. Fields run one after the other.")
class Mutation(
    SavedMutations,
    AlertRuleMutations,
    FeedMutations,
    DeliveryMutations,
    ClusterMutations,
    PostureMutations,
    ScanMutations,
    PacketCaptureMutations,
    CaptureMutations,
):
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
