"""The security posture: scores of clusters and namespaces, what they are made of, and what to do."""

from typing import Annotated

import strawberry
from strawberry import ID, argument, field

from tapetum import posture as domain
from tapetum.api.context import Info
from tapetum.api.schema.common import ClustersArgument, RangeArgument, TimeRange, maybe_point, point
from tapetum.api.schema.scalars import KQL, TimePoint
from tapetum.api.use.arguments import read_limit
from tapetum.api.use.posture import Posture, security_posture
from tapetum.api.use.posture_actions import PosturePage, logs_filter, page, sentence
from tapetum.api.use.posture_dismissals import Told, action_id
from tapetum.domain.dismissals import Dismissal
from tapetum.domain.endpoints import NodeKind

MOST = 500
_EXAMPLES = 10


@strawberry.type(description="One part of a score.")
class PostureComponent:
    component: domain.Component = field(description="Which part.")
    weight: int = field(description="How much it weighs, of 100; 0 is not part of the score.")
    score: float | None = field(
        description="Share of what is known to be safe, 0 to 100; what is not known counts as unsafe. Null "
        "where nothing is known."
    )
    coverage: float = field(description="How much of it is known, 0 to 1.")
    safe: int = field(description="Workloads that are known to be safe; of isolation, new pods too.")
    unsafe: int = field(description="Those that are known not to be.")
    unknown: int = field(description="Those of which it is not known.")
    examples: list[str] = field(
        description=f"Up to {_EXAMPLES} of the unsafe ones, as namespace/workload; a namespace alone stands "
        "for new pods in it."
    )

    @classmethod
    def of(cls, component: domain.Component, rating: domain.Rating) -> "PostureComponent":
        tally = rating.score.tallies[component]
        return cls(
            component=component,
            weight=rating.score.weights[component],
            score=tally.score,
            coverage=tally.coverage,
            safe=tally.safe,
            unsafe=tally.unsafe,
            unknown=tally.unknown,
            examples=[
                node.name if node.kind is NodeKind.NAMESPACE else f"{node.namespace}/{node.name}"
                for node in rating.unsafe[component][:_EXAMPLES]
            ],
        )


@strawberry.type(description="How well workloads are guarded.")
class PostureScore:
    cluster: str | None = field(description="The cluster; null is all that were asked about.")
    namespace: str | None = field(description="The namespace; null is all of the cluster.")
    score: float | None = field(
        description="0 to 100: what is known to be safe, weighed. What is not known counts as unsafe. Null "
        "where nothing is known."
    )
    at_most: float = field(description="What the score would be if all that is not known were safe.")
    coverage: float = field(description="How much of what the score is made of is known, 0 to 1.")
    workloads: int = field(description="Workloads that records or manifests tell of.")
    trend: list[float | None] = field(
        description="The score of each part of the range, which begin at `starts`; null where nothing is "
        "known. A part shows less than the whole, so that it may score otherwise."
    )
    trend_coverage: list[float] = field(
        description="How much is known of each part, 0 to 1: scores that rest on other data do not compare."
    )
    components: list[PostureComponent] = field(description="What it is made of.")

    @classmethod
    def of(cls, rating: domain.Rating) -> "PostureScore":
        return cls(
            cluster=rating.cluster,
            namespace=rating.namespace,
            score=rating.score.value,
            at_most=rating.score.at_most,
            coverage=rating.score.coverage,
            workloads=rating.workloads,
            trend=[each.value for each in rating.trend],
            trend_coverage=[each.coverage for each in rating.trend],
            components=[PostureComponent.of(each, rating) for each in domain.Component],
        )


@strawberry.type(description="That an action of the posture needs nothing, as somebody decided.")
class PostureDismissal:
    note: str = field(description="Why.")
    by: str | None = field(description="Who decided; null where nobody has to say who they are.")
    at: TimePoint = field(description="When.")
    until: TimePoint | None = field(description="Until when it holds; null is until it is brought back.")
    subjects: int | None = field(
        description="How many it was about then: it ends where it is about more. Null: whatever their number."
    )

    @classmethod
    def of(cls, told: Dismissal) -> "PostureDismissal":
        return cls(
            note=told.note,
            by=told.by,
            at=point(told.at),
            until=maybe_point(told.until),
            subjects=told.subjects,
        )


@strawberry.type(description="What would raise the score.")
class PostureAction:
    id: ID = field(description="Of what it is about, whatever workloads fall short: stable over ranges.")
    component: domain.Component = field(description="The part of the score that it raises.")
    cluster: str = field(description="The cluster.")
    namespace: str | None = field(description="The namespace; null is all of the cluster.")
    subjects: int = field(description="How many workloads, and namespaces' new pods, it is about.")
    text: str = field(description="What is the matter and what to do, in a sentence.")
    workloads: list[str] = field(description=f"Up to {_EXAMPLES} workloads that it is about.")
    gain: float = field(description="Points by which the score of the whole rises.")
    certain: bool = field(
        description="False: it brings data that are missing, and the score rises by `gain` at most."
    )
    page: PosturePage = field(description="Where it begins.")
    filter: KQL | None = field(description="The flows that it is about, where its page is that of logs.")

    dismissal: PostureDismissal | None = field(description="Who dismissed it and why; null where nobody did.")

    @classmethod
    def of(cls, told: Told) -> "PostureAction":
        action, dismissal = told.action, told.dismissal
        text = logs_filter(action)
        return cls(
            id=ID(action_id(action)),
            component=action.component,
            cluster=action.cluster,
            namespace=action.namespace,
            subjects=len(action.subjects),
            text=sentence(action),
            workloads=list(action.workloads[:_EXAMPLES]),
            gain=action.gain,
            certain=action.certain,
            page=page(action),
            filter=None if text is None else KQL(text),
            dismissal=None if dismissal is None else PostureDismissal.of(dismissal),
        )


@strawberry.type(description="How well workloads are guarded over a range, and what would guard them better.")
class SecurityPosture:
    range: TimeRange = field(description="The range that was asked about, up to now.")
    starts: list[TimePoint] = field(description="Where the parts of each `trend` begin.")
    overall: PostureScore = field(description="Of all clusters that were asked about.")
    clusters: list[PostureScore] = field(description="By name.")
    namespaces: list[PostureScore] = field(description="Riskiest first, at most `limit`.")
    namespaces_total: int = field(description="How many namespaces there are.")
    actions: list[PostureAction] = field(description="Those that gain most first, at most `limit`.")
    actions_total: int = field(description="How many actions there are.")
    dismissed: list[PostureAction] = field(
        description="Actions that somebody dismissed, at most `limit`. They do not raise the score."
    )
    dismissed_total: int = field(description="How many dismissed actions there are.")
    clusters_without_manifests: list[str] = field(
        description="Clusters whose policies are not known, so that nobody in them is known to be isolated."
    )

    @classmethod
    def of(cls, found: Posture, limit: int) -> "SecurityPosture":
        rated = found.ratings
        return cls(
            range=TimeRange.of(found.range),
            starts=[point(start) for start in found.starts],
            overall=PostureScore.of(rated.whole),
            clusters=[PostureScore.of(each) for each in rated.clusters],
            namespaces=[PostureScore.of(each) for each in rated.namespaces[:limit]],
            namespaces_total=len(rated.namespaces),
            actions=[PostureAction.of(each) for each in found.actions[:limit]],
            actions_total=len(found.actions),
            dismissed=[PostureAction.of(each) for each in found.dismissed[:limit]],
            dismissed_total=len(found.dismissed),
            clusters_without_manifests=list(found.without),
        )


async def resolve(
    info: Info,
    within: RangeArgument,
    clusters: ClustersArgument = None,
    limit: Annotated[
        int, argument(description=f"How many namespaces, and how many actions, 1 to {MOST}.")
    ] = 50,
) -> SecurityPosture:
    asked = info.context
    most = read_limit("limit", limit, MOST)
    return SecurityPosture.of(await security_posture(asked, within.read(asked), clusters), most)
