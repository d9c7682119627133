"""The board of policies: its types, and the roots that read it."""

from typing import Annotated

import strawberry
from strawberry import ID, Private, argument, field

from tapetum.api.context import Info
from tapetum.api.schema.common import (
    ClustersArgument,
    RangeArgument,
    TimeRange,
    TimeRangeInput,
    maybe_point,
    point,
)
from tapetum.api.schema.manifest import ManifestVersion
from tapetum.api.schema.policy_rule import PolicyCounts, PolicyRule, rules_of
from tapetum.api.schema.scalars import TimePoint
from tapetum.api.use.arguments import read_limit
from tapetum.api.use.manifests import read_history
from tapetum.api.use.policy_board import Board, Column, Entry, Standing, find_policy, policy_board
from tapetum.api.use.policy_counts import Named, Tally
from tapetum.domain.endpoints import node_of
from tapetum.domain.identity import manifest_id, node_id
from tapetum.domain.policy_trace import Action
from tapetum.policy.documents.writing import written_yaml
from tapetum.policy.resources.policies import StagedAction
from tapetum.policy.wording import plain

ENDPOINTS_MOST = 500
_DAY = TimeRangeInput(from_=TimePoint("now-24h"))


@strawberry.type(description="An endpoint of the cluster that a policy selects.")
class PolicyEndpoint:
    namespace: str | None = field(description="Its namespace; null for a host endpoint.")
    name: str = field(description="Name of the pod or the host endpoint.")
    sure: bool = field(description="False: not all of its labels are known, so it may be selected.")
    node_id: ID | None = field(description="Id of its workload in the service graph.")

    @classmethod
    def of(cls, cluster: str, one: Standing) -> "PolicyEndpoint":
        peer = one.peer
        node = node_of(cluster, peer.kind.value, peer.namespace, one.aggregate)
        return cls(namespace=peer.namespace, name=peer.name or "", sure=one.sure, node_id=ID(node_id(node)))


@strawberry.type(
    description="A policy as a manifest describes it at the end of a range, with what it did over the range."
)
class Policy:
    id: ID = field(description="Id of its manifest; `manifest` and `policy` find it.")
    cluster: str = field(description="Its cluster.")
    kind: str = field(description="Its kind as in policy traces.")
    namespace: str | None = field(description="Its namespace; null where it is global.")
    name: str = field(description="Its name, without its tier.")
    tier: str = field(description="Its tier.")
    order: float | None = field(description="Its order in the tier; null comes last.")
    staged: StagedAction | None = field(
        description="What a staged policy would do; null where it is in force."
    )
    selector: str = field(
        description="Whom it selects, namespaces and service accounts in it, as a selector."
    )
    governs: list[str] = field(description="Ingress, Egress or both.")
    selects: int | None = field(
        description="Endpoints that it selects; null where no endpoints of the cluster are known."
    )
    may_select: int | None = field(
        description="Endpoints more that it may, as their labels are not all known."
    )
    counts: PolicyCounts = field(description="What its rules did.")
    last_evaluated: TimePoint | None = field(
        description="Start of the newest record that names it; null: none in the range does."
    )
    unused: bool = field(description="It selects nobody, or no record of the range names it.")
    rules: list[PolicyRule] = field(description="Its rules as they are evaluated, ingress first.")
    notes: list[str] = field(description="What of it cannot be evaluated as written.")
    entry: Private[Entry]

    @field(description="Endpoints that it selects, by namespace and name.")
    def endpoints(
        self, limit: Annotated[int, argument(description=f"How many, 1 to {ENDPOINTS_MOST}.")] = 50
    ) -> list[PolicyEndpoint]:
        read_limit("limit", limit, ENDPOINTS_MOST)
        return [PolicyEndpoint.of(self.cluster, each) for each in self.entry.endpoints()[:limit]]

    @field(description="Its manifest as YAML, without what the API server notes for itself.")
    def yaml(self) -> str:
        return written_yaml(self.entry.document)

    @field(description="What its manifest was at all times, newest first.", metadata={"searches": 1})
    async def history(
        self, info: Info, limit: Annotated[int, argument(description="How many, 1 to 500.")] = 20
    ) -> list[ManifestVersion]:
        return [ManifestVersion.of(each) for each in await read_history(info.context, self.entry.key, limit)]

    @classmethod
    def of(cls, entry: Entry, buckets: int) -> "Policy":
        policy, selects = entry.policy, entry.selects
        return cls(
            id=ID(manifest_id(entry.key)),
            cluster=entry.cluster,
            kind=policy.id.kind.value,
            namespace=policy.id.namespace,
            name=policy.id.plain_name,
            tier=policy.id.tier,
            order=policy.order,
            staged=policy.staged,
            selector=plain(policy.selector),
            governs=[
                name
                for name, rules in (("Ingress", policy.ingress), ("Egress", policy.egress))
                if rules is not None
            ],
            selects=None if selects is None else len(selects.sure),
            may_select=None if selects is None else len(selects.maybe),
            counts=PolicyCounts.of(entry.tally, buckets),
            last_evaluated=maybe_point(entry.last),
            unused=entry.unused,
            rules=list(rules_of(entry, buckets)),
            notes=list(policy.notes),
            entry=entry,
        )


@strawberry.type(description="A tier with its policies in the order in which they are tried.")
class PolicyTier:
    cluster: str = field(description="Its cluster.")
    name: str = field(description="Its name.")
    order: float | None = field(description="Its order among tiers; null comes last.")
    default_action: Action = field(description="What is done where a policy applies and no rule matches.")
    defined: bool = field(description="False: policies name it, and nothing describes it.")
    policies: list[Policy] = field(description="Those that the caller may see, staged ones among them.")
    ended: PolicyCounts = field(description="Connections that came to its end, by its default action.")

    @classmethod
    def of(cls, column: Column, buckets: int) -> "PolicyTier":
        tier = column.tier
        return cls(
            cluster=column.cluster,
            name=tier.name,
            order=tier.order,
            default_action=tier.default_action,
            defined=tier.defined,
            policies=[Policy.of(each, buckets) for each in column.entries],
            ended=PolicyCounts.of(column.ended, buckets),
        )


@strawberry.type(
    description="A policy that flow logs name and no manifest describes as of the range's end, or none that "
    "the caller may see."
)
class LoggedPolicy:
    cluster: str = field(description="Its cluster.")
    tier: str = field(description="Its tier, as logged.")
    kind: str = field(description="Its kind, as logged; empty where the source does not say.")
    namespace: str | None = field(description="Its namespace, as logged.")
    name: str = field(description="Its name, as logged.")
    counts: PolicyCounts = field(description="What it did.")

    @classmethod
    def of(cls, named: Named, tier: str, tally: Tally, buckets: int) -> "LoggedPolicy":
        cluster, kind, namespace, name = named
        counts = PolicyCounts.of(tally, buckets)
        return cls(cluster=cluster, tier=tier, kind=kind, namespace=namespace, name=name, counts=counts)


@strawberry.type(
    description="Policies by tier in the order of evaluation, as of the range's end, with what they did over "
    "the range. A connection is counted at each end at which a policy is applied: as egress by its source's "
    "report, as ingress by its destination's."
)
class PolicyBoard:
    range: TimeRange = field(description="The range that counts are over.")
    as_of: TimePoint = field(description="The time that policies and endpoints are as of.")
    interval: int = field(description="Length of a bucket of `trend`, in seconds.")
    starts: list[TimePoint] = field(description="When the buckets begin.")
    tiers: list[PolicyTier] = field(description="By cluster, then in order.")
    not_imported: list[LoggedPolicy] = field(description="Policies that only logs tell of.")
    unselected: PolicyCounts = field(
        description="Connections at ends that no policy selects in their direction: profiles decided."
    )
    clusters_without_manifests: list[str] = field(
        description="Clusters whose logs are here and whose manifests are not."
    )

    @classmethod
    def of(cls, board: Board) -> "PolicyBoard":
        tallies = board.tallies
        buckets = len(tallies.starts)
        return cls(
            range=TimeRange.of(board.range),
            as_of=point(board.as_of),
            interval=tallies.interval,
            starts=[point(each) for each in tallies.starts],
            tiers=[PolicyTier.of(each, buckets) for each in board.columns],
            not_imported=[LoggedPolicy.of(*each, buckets) for each in board.rest],
            unselected=PolicyCounts.of(tallies.profiles, buckets),
            clusters_without_manifests=list(board.without),
        )


@strawberry.type
class PolicyRoots:
    """Fields of the Query root."""

    @field(
        description="The policies of clusters, tier by tier, with what they did and which rules do nothing.",
        metadata={"searches": 1},
    )
    async def policy_board(
        self, info: Info, within: RangeArgument = _DAY, clusters: ClustersArgument = None
    ) -> PolicyBoard:
        return PolicyBoard.of(await policy_board(info.context, within.read(info.context), clusters))

    @field(
        description="A policy as of a range's end; null where it was not there, or may not be seen.",
        metadata={"searches": 1},
    )
    async def policy(
        self,
        info: Info,
        text: Annotated[ID, argument(name="id", description="Its id, as `Policy.id` has it.")],
        within: RangeArgument = _DAY,
    ) -> Policy | None:
        found = await find_policy(info.context, text, within.read(info.context))
        return None if found is None else Policy.of(found[0], len(found[1].starts))
