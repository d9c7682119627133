"""What changes of policies would have done to recorded flows: the root, its flips and what was changed."""

from typing import Annotated

import strawberry
from strawberry import ID, Private, argument, field

from tapetum.api.context import Info
from tapetum.api.schema.common import (
    AfterArgument,
    FilterArgument,
    FirstArgument,
    RangeArgument,
    TimeRange,
    point,
)
from tapetum.api.schema.connection import Connection
from tapetum.api.schema.evaluation import Evaluation
from tapetum.api.schema.node import ServiceNode
from tapetum.api.schema.policy_change import PolicyChangeInput, edits_of
from tapetum.api.schema.problems import Problem, attempt
from tapetum.api.schema.scalars import BigInt, TimePoint
from tapetum.api.schema.traffic import Traffic
from tapetum.api.use.simulation import Simulated, read_flips, simulate_policies
from tapetum.domain import moments
from tapetum.domain.identity import edge_id, seal
from tapetum.policy.documents.writing import written_yaml
from tapetum.policy.whatif import Change
from tapetum.policy.whatif import flips as domain


@strawberry.type(description="Connections of one edge and port that a change would have done the same to.")
class PolicyFlip:
    id: ID = field(description="The same edge, port and effect always have the same id.")
    effect: Change = field(description="What would have become of them.")
    edge_id: ID = field(description="The edge between the workloads, or whatever they are, of both ends.")
    source: ServiceNode = field(description="Where they came from.")
    target: ServiceNode = field(description="Where they went to.")
    protocol: str | None = field(description="tcp, udp, icmp, or a protocol's number.")
    port: int | None = field(description="The target's port; null where logs aggregate it, and for ICMP.")
    allowed: Traffic = field(description="What was logged as allowed of it.")
    denied: Traffic = field(description="What was logged as denied of it.")
    first_seen: TimePoint = field(description="Start of the first record of it in the range.")
    last_seen: TimePoint = field(description="Start of the last record of it in the range.")
    verdict_keys: int = field(
        description="How many different connections it stands for: of other pods, addresses or labels."
    )
    flip: Private[domain.Flip]
    simulated: Private[Simulated]

    @classmethod
    def of(cls, flip: domain.Flip, simulated: Simulated) -> "PolicyFlip":
        edge = edge_id(flip.source, flip.target)
        return cls(
            id=ID(seal("flip", edge, flip.use.protocol, flip.use.port, flip.change.name)),
            effect=flip.change,
            edge_id=ID(edge),
            source=ServiceNode.of(flip.source),
            target=ServiceNode.of(flip.target),
            protocol=flip.use.protocol,
            port=flip.use.port,
            allowed=Traffic.of(flip.allowed),
            denied=Traffic.of(flip.denied),
            first_seen=point(flip.first_seen),
            last_seen=point(flip.last_seen),
            verdict_keys=flip.keys,
            flip=flip,
            simulated=simulated,
        )

    @field(description="What decides those that were recorded most often, as the cluster is.")
    def before(self) -> Evaluation:
        return Evaluation.of(self.simulated.simulation.traces(self.flip)[0])

    @field(description="What would decide the same ones after the change.")
    def after(self) -> Evaluation:
        return Evaluation.of(self.simulated.simulation.traces(self.flip)[1])


@strawberry.type(description="All recorded connections that a change would have done the same to.")
class EffectTotal:
    effect: Change = field(description="What would have become of them.")
    traffic: Traffic = field(description="What was logged of them, by the rule that combines reporters.")
    paths: int = field(description="How many edges and ports they are of.")


@strawberry.type(description="An object that the changes make, change or remove.")
class ChangedObject:
    kind: str = field(description="Its kind as in policy traces.")
    namespace: str | None = field(description="Its namespace; null where it lies in none.")
    name: str = field(description="Its name.")
    before: str | None = field(description="It as YAML, as the cluster has it; null where it has none.")
    after: str | None = field(description="It as YAML after the changes; null where they remove it.")


@strawberry.type(description="What changes of policies would have done to the flows of a range.")
class PolicySimulation:
    simulated: Private[Simulated | None]
    problems: list[Problem] = field(
        description="Why nothing was simulated, such as an object that is wrong; all else is empty then."
    )

    @field(description="The cluster.")
    def cluster(self) -> str | None:
        return None if self.simulated is None else self.simulated.cluster

    @field(description="The range whose flows were replayed; give it, resolved, to go on behind a cursor.")
    def range(self) -> TimeRange | None:
        return None if self.simulated is None else TimeRange.of(self.simulated.range)

    @field(description="What would have become of all of them, effect by effect.")
    def totals(self) -> list[EffectTotal]:
        if self.simulated is None:
            return []
        found = self.simulated.simulation
        return [
            EffectTotal(
                effect=change, traffic=Traffic.of(found.total(change)), paths=len(found.places(change))
            )
            for change in Change
        ]

    @field(
        description="What was logged otherwise than the present policies surely decide it, of what the "
        "changes bear on: policies that are not imported, or were others then."
    )
    def disagreeing(self) -> Traffic | None:
        return None if self.simulated is None else Traffic.of(self.simulated.simulation.disagreeing)

    @field(description="Different connections that were replayed, each once however often it was recorded.")
    def verdict_keys(self) -> int:
        return 0 if self.simulated is None else self.simulated.simulation.keys

    @field(description="Records of an earlier version that are not ready to be replayed, and were left out.")
    def left_out(self) -> BigInt:
        return BigInt(0 if self.simulated is None else self.simulated.keyless)

    @field(description="What the changes come to, as manifests; by kind, namespace and name.")
    def objects(self) -> list[ChangedObject]:
        if self.simulated is None:
            return []
        draft = self.simulated.draft
        return [
            ChangedObject(
                kind=key.kind,
                namespace=key.namespace,
                name=key.name,
                before=None if (was := draft.objects.get(key)) is None else written_yaml(was),
                after=None if made is None else written_yaml(made),
            )
            for key, made in sorted(draft.changed.items(), key=lambda item: tuple(map(str, item[0])))
        ]

    @field(
        description="Connections that flip or may, by edge and port: newly denied ones first, then newly "
        "allowed and uncertain ones, the busiest first among each. Null where there are problems."
    )
    def flips(
        self,
        first: FirstArgument,
        after: AfterArgument = None,
        effect: Annotated[Change | None, argument(description="Only these; null: all but UNCHANGED.")] = None,
    ) -> Connection[PolicyFlip] | None:
        if self.simulated is None:
            return None
        page = read_flips(self.simulated, effect, first, after)
        return Connection(page=page, shown=[PolicyFlip.of(flip, self.simulated) for flip in page.flips()])


async def _simulated(
    info: Info,
    changes: list[PolicyChangeInput],
    cluster: str | None,
    within: moments.TimeRange,
    filter_text: str | None,
) -> Simulated:
    edits = list(edits_of(changes))
    return await simulate_policies(
        info.context,
        cluster,
        [edit for edit, _ in edits],
        within,
        filter_text,
        paths=[path for _, path in edits],
    )


@strawberry.type
class SimulationRoots:
    """Fields of the Query root."""

    @field(
        description="What changes of a cluster's policies, or of what they go by, would have done to flows "
        "that were recorded in a range. The cluster is taken as its manifests were at the range's end.",
        metadata={"searches": 4},
    )
    async def simulate_policies(
        self,
        info: Info,
        changes: Annotated[list[PolicyChangeInput], argument(description="The changes, made in this order.")],
        within: RangeArgument,
        cluster: Annotated[
            str | None, argument(description="Name of the cluster; null where the caller sees only one.")
        ] = None,
        query: FilterArgument = None,
    ) -> PolicySimulation:
        asked = within.read(info.context)
        found, problems = await attempt(_simulated(info, changes, cluster, asked, query))
        return PolicySimulation(simulated=found, problems=problems)
