"""One recommended rule: what it rests on, and what it permits that was never seen."""

from itertools import islice
from typing import Annotated

import strawberry
from strawberry import Private, argument, field

from tapetum.api.schema.common import maybe_point, point
from tapetum.api.schema.scalars import BigInt, TimePoint
from tapetum.api.use.arguments import read_limit
from tapetum.api.use.recommendation import Recommended
from tapetum.domain.flows import Reporter
from tapetum.domain.policy_trace import Action
from tapetum.policy.recommend import Observed
from tapetum.policy.recommend import RecommendedRule as Rule
from tapetum.policy.recommend.text import end_text
from tapetum.policy.recommend.unused import Unused

FLOWS_MOST = 500


@strawberry.type(description="Connections that a rule rests on, alike in all that policies can tell.")
class LearntFlow:
    source: str = field(description="Who connected, as flows name it.")
    target: str = field(description="To whom, as flows name it.")
    protocol: str | None = field(description="tcp, udp, icmp, or a protocol's number.")
    port: int | None = field(description="The target's port; null where logs leave it out, and for ICMP.")
    reporter: Reporter = field(description="Which end reported it; both ends report most connections.")
    connections: BigInt = field(description="Connections that were started.")
    first_seen: TimePoint = field(description="Start of the first record.")
    last_seen: TimePoint = field(description="Start of the last record.")

    @classmethod
    def of(cls, flows: Observed, row: int) -> "LearntFlow":
        recorded = flows.recorded
        traffic = recorded.traffic[recorded.kind[row]]
        return cls(
            source=end_text(recorded.ends[recorded.source[row]]),
            target=end_text(recorded.ends[recorded.destination[row]]),
            protocol=traffic.protocol,
            port=traffic.port,
            reporter=Reporter.SRC if flows.by_source[row] else Reporter.DST,
            connections=BigInt(int(flows.connections[row])),
            first_seen=point(int(flows.first_seen[row])),
            last_seen=point(int(flows.last_seen[row])),
        )


@strawberry.type(description="An endpoint, or siblings, that a rule permits at ports where none was seen.")
class UnusedPermission:
    namespace: str | None = field(description="Its namespace; null for a host endpoint.")
    name: str = field(description="Its name, or that of its siblings with * at the end.")
    protocol: str | None = field(description="The rule's protocol; null is any.")
    ports: list[int] = field(description="Ports that were never seen; empty where the rule names none.")
    endpoints: int = field(description="How many siblings there are.")

    @classmethod
    def of(cls, unused: Unused) -> "UnusedPermission":
        return cls(
            namespace=unused.namespace,
            name=unused.name,
            protocol=unused.protocol,
            ports=list(unused.ports),
            endpoints=unused.endpoints,
        )


@strawberry.type(
    description="A rule of a recommended policy. What denies rests on no flow: its counts are 0."
)
class RecommendedRule:
    action: Action = field(description="What it does.")
    peer: str = field(description="The other end, in words.")
    protocol: str | None = field(description="Its protocol; null is any.")
    ports: list[int] = field(description="Its ports; empty is any.")
    connections: BigInt = field(description="Connections that it rests on, each counted once.")
    records: BigInt = field(description="Records of these.")
    bytes: BigInt = field(description="Bytes of these, both ways.")
    first_seen: TimePoint | None = field(description="Start of the first record; null where it denies.")
    last_seen: TimePoint | None = field(description="Start of the last record; null where it denies.")
    days_seen: int = field(description="On how many days, UTC, they were seen.")
    coverage: float = field(description="Their share of all connections that were learnt from, 0 to 1.")
    one_sided: bool = field(description="Only one end reported some of them.")
    unused_pairs: BigInt = field(
        description="How much it permits that was never seen: endpoints by ports, over all manifests."
    )
    notes: list[str] = field(description="Why it is wider than what was seen; mostly empty.")
    rule: Private[Rule]
    found: Private[Recommended]

    @field(description="What it rests on.")
    def flows(
        self, limit: Annotated[int, argument(description=f"How many, 1 to {FLOWS_MOST}.")] = 20
    ) -> list[LearntFlow]:
        read_limit("limit", limit, FLOWS_MOST)
        rows = () if self.rule.evidence is None else self.rule.evidence.rows
        return [LearntFlow.of(self.found.flows, row) for row in rows[:limit]]

    @field(description="What it permits that was never seen.")
    def unused(
        self, limit: Annotated[int, argument(description=f"How many, 1 to {FLOWS_MOST}.")] = 20
    ) -> list[UnusedPermission]:
        read_limit("limit", limit, FLOWS_MOST)
        return [UnusedPermission.of(each) for each in islice(self.rule.unused, limit)]

    @classmethod
    def of(cls, rule: Rule, found: Recommended) -> "RecommendedRule":
        seen = rule.evidence
        return cls(
            action=Action.DENY if seen is None else Action.ALLOW,
            peer=str(rule.peer),
            protocol=rule.protocol,
            ports=list(rule.ports or ()),
            connections=BigInt(0 if seen is None else seen.connections),
            records=BigInt(0 if seen is None else seen.records),
            bytes=BigInt(0 if seen is None else seen.bytes),
            first_seen=maybe_point(None if seen is None else seen.first_seen),
            last_seen=maybe_point(None if seen is None else seen.last_seen),
            days_seen=0 if seen is None else len(seen.days),
            coverage=rule.coverage,
            one_sided=seen is not None and seen.one_sided,
            unused_pairs=BigInt(sum(each.pairs for each in rule.unused)),
            notes=list(rule.notes),
            rule=rule,
            found=found,
        )
