"""Policies that recorded flows recommend: the root, the policies with their proofs, and how they tested."""

from typing import Annotated

import strawberry
from strawberry import argument, field

from tapetum.api.context import Info
from tapetum.api.schema.common import RangeArgument, TimeRange
from tapetum.api.schema.held_out import HeldOutTest
from tapetum.api.schema.problems import Problem, attempt
from tapetum.api.schema.recommended_rule import RecommendedRule
from tapetum.api.schema.scalars import KQL, BigInt, TimePoint
from tapetum.api.use.arguments import read_limit
from tapetum.api.use.recommendation import RecommendationAsked, Recommended, recommend_policies
from tapetum.policy import recommend as domain
from tapetum.policy.documents.writing import written_yaml
from tapetum.policy.recommend import edges
from tapetum.policy.recommend.text import policy_yaml

MOST = 500


@strawberry.input(description="Whose policies are recommended.")
class RecommendationTarget:
    cluster: str | None = field(
        default=None, description="Name of the cluster; null is the only one there is."
    )
    namespaces: list[str] | None = field(default=None, description="Of these namespaces; null is all.")
    selector: str | None = field(
        default=None, description="Of workloads that this selector of Calico's means, as app == 'web'."
    )


@strawberry.input(description="What a recommendation is to look like, and what is evidence enough.")
class RecommendationOptions:
    style: domain.Style = field(default=domain.Style.STAGED, description="The kind of policies.")
    tier: str = field(default="default", description="The tier of Calico's policies.")
    order: float = field(default=100, description="Their order in it.")
    min_connections: int = field(default=0, description="Leave out edges with fewer connections.")
    min_days: int = field(default=1, description="Leave out edges that were seen on fewer days, UTC.")

    def read(self) -> domain.Options:
        return domain.Options(
            self.style,
            self.tier,
            self.order,
            min_connections=self.min_connections,
            min_days=self.min_days,
        )


@strawberry.type(description="A policy for one workload, as it was learnt.")
class RecommendedPolicy:
    namespace: str = field(description="Its namespace.")
    workload: str = field(description="The workload that it is for.")
    kind: str = field(description="Its kind as in policy traces.")
    name: str = field(description="Its name, without its tier.")
    yaml: str = field(description="The manifest, with what each rule rests on in comments.")
    ingress: list[RecommendedRule] = field(description="Its rules on what reaches the workload, in order.")
    egress: list[RecommendedRule] = field(description="Its rules on what leaves the workload, in order.")
    notes: list[str] = field(
        description="What it cannot express, and which policies decide before it or no longer after it."
    )

    @classmethod
    def of(cls, policy: domain.RecommendedPolicy, found: Recommended) -> "RecommendedPolicy":
        return cls(
            namespace=policy.workload.namespace,
            workload=policy.workload.name,
            kind=policy.policy.id.kind.value,
            name=policy.policy.id.plain_name,
            yaml=policy_yaml(policy),
            ingress=[RecommendedRule.of(each, found) for each in policy.ingress],
            egress=[RecommendedRule.of(each, found) for each in policy.egress],
            notes=list(policy.notes),
        )


@strawberry.type(description="An edge that was allowed and not learnt.")
class UnlearntEdge:
    source: str | None = field(description="Who connected; null where records do not tell.")
    target: str | None = field(description="To whom; null where records do not tell.")
    protocol: str | None = field(description="tcp, udp, icmp, or a protocol's number.")
    port: int | None = field(description="The target's port.")
    connections: BigInt = field(description="Connections in the range that was learnt from.")
    why: edges.Why = field(description="Why it was not learnt.")

    @classmethod
    def of(cls, left: edges.LeftOut) -> "UnlearntEdge":
        return cls(
            source=None if left.source is None else str(left.source),
            target=None if left.destination is None else str(left.destination),
            protocol=left.protocol,
            port=left.port,
            connections=BigInt(left.evidence.connections),
            why=left.why,
        )


@strawberry.type(description="Policies that the flows of a range recommend.")
class PolicyRecommendation:
    cluster: str | None = field(description="The cluster.")
    learnt: TimeRange | None = field(description="What was learnt from.")
    connections: BigInt = field(description="Connections from or to the target that were learnt from.")
    total: int = field(description="How many policies there are; `policies` holds at most `limit` of them.")
    policies: list[RecommendedPolicy] = field(description="By namespace and workload, at most `limit`.")
    tier: str | None = field(description="A tier that the cluster lacks, as YAML; null where none is needed.")
    unlearnt: list[UnlearntEdge] = field(description="Allowed edges that were left out, at most `limit`.")
    idle: list[str] = field(
        description="Workloads of the target of which nothing was learnt: no policy is written for them."
    )
    test: HeldOutTest | None = field(
        description="How the policies do on what came after `learnUntil`; null where nothing was held out."
    )
    left_out: BigInt = field(
        description="Records of an earlier version that are not ready to be learnt from, and were left out."
    )
    problems: list[Problem] = field(description="Why nothing is recommended; all else is empty then.")

    @classmethod
    def of(cls, found: Recommended, limit: int) -> "PolicyRecommendation":
        told = found.recommendation
        return cls(
            cluster=found.cluster,
            learnt=TimeRange.of(found.learnt),
            connections=BigInt(told.connections),
            total=len(told.policies),
            policies=[RecommendedPolicy.of(each, found) for each in told.policies[:limit]],
            tier=None if told.tier is None else written_yaml(told.tier),
            unlearnt=[UnlearntEdge.of(each) for each in told.left_out[:limit]],
            idle=[str(each) for each in told.idle],
            test=None if found.held_out is None else HeldOutTest.of(found.held_out, found.tested, limit),
            left_out=BigInt(found.keyless),
            problems=[],
        )

    @classmethod
    def refused(cls, problems: list[Problem]) -> "PolicyRecommendation":
        nothing = BigInt(0)
        return cls(
            cluster=None,
            learnt=None,
            connections=nothing,
            total=0,
            policies=[],
            tier=None,
            unlearnt=[],
            idle=[],
            test=None,
            left_out=nothing,
            problems=problems,
        )


_NO_OPTIONS = RecommendationOptions()


@strawberry.type
class RecommendationRoots:
    """Fields of the Query root."""

    @field(
        description="Policies that allow what was seen over a range, each rule with its proof. "
        "Needs a token that sees the whole cluster.",
        metadata={"searches": 4},
    )
    async def recommend_policies(
        self,
        info: Info,
        target: Annotated[RecommendationTarget, argument(description="Whose policies.")],
        within: RangeArgument,
        learn_until: Annotated[
            TimePoint | None,
            argument(description="Learn from what began earlier and test on the rest; null learns from all."),
        ] = None,
        unwanted: Annotated[
            list[KQL] | None,
            argument(description="Filters of flows whose edges are left out, and told apart in the test."),
        ] = None,
        alerts: Annotated[
            bool,
            argument(
                description="Leave out the edges of what alerts show, but for first denials and those that "
                "somebody dismissed."
            ),
        ] = True,
        options: Annotated[
            RecommendationOptions, argument(description="What they are to look like.")
        ] = _NO_OPTIONS,
        limit: Annotated[int, argument(description=f"How many policies, 1 to {MOST}.")] = 100,
    ) -> PolicyRecommendation:
        read_limit("limit", limit, MOST)
        wanted = RecommendationAsked(
            target.cluster,
            target.namespaces,
            target.selector,
            options.read(),
            within.read(info.context),
            learn_until,
            unwanted or (),
            alerts,
        )
        found, problems = await attempt(recommend_policies(info.context, wanted))
        if found is None:
            return PolicyRecommendation.refused(problems)
        return PolicyRecommendation.of(found, limit)
