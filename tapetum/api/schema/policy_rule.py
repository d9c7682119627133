"""Rules of policies on the board: what each says, what it did, and what is found of it."""

from collections.abc import Iterator

import strawberry
from strawberry import ID, field

from tapetum.api.schema.common import maybe_point
from tapetum.api.schema.scalars import BigInt, TimePoint
from tapetum.api.use.policy_board import Entry
from tapetum.api.use.policy_counts import Tally
from tapetum.domain.identity import manifest_id
from tapetum.domain.manifests import ManifestKey
from tapetum.domain.policies import PolicySide
from tapetum.domain.policy_trace import Action
from tapetum.policy.analysis import Basis, Finding, FindingKind, RuleRef
from tapetum.policy.rules import Direction
from tapetum.policy.wording import peer_of, subject_of, traffic_of

SIDES = {Direction.INGRESS: PolicySide.INGRESS, Direction.EGRESS: PolicySide.EGRESS}


@strawberry.type(
    description="What a policy, a rule or a tier's end did: connections started at the ends that it was "
    "applied to. Of what is staged, what it would have done. Null: the source does not count connections."
)
class PolicyCounts:
    allowed: BigInt | None = field(description="Connections that it allowed.")
    denied: BigInt | None = field(description="Connections that it denied.")
    passed: BigInt | None = field(description="Connections that it passed to the next tier.")
    records: BigInt = field(description="Log records that name it.")
    last: TimePoint | None = field(description="Start of the newest of them; null where there is none.")
    allowed_trend: list[BigInt] = field(description="Allowed connections by bucket.")
    denied_trend: list[BigInt] = field(description="Denied connections by bucket.")
    passed_trend: list[BigInt] = field(description="Passed connections by bucket.")

    @classmethod
    def of(cls, tally: Tally, buckets: int) -> "PolicyCounts":
        def big(value: int | None) -> BigInt | None:
            return None if value is None else BigInt(value)

        def trend(action: Action) -> list[BigInt]:
            return [BigInt(each) for each in tally.trend(action, buckets)]

        return cls(
            allowed=big(tally.connections(Action.ALLOW)),
            denied=big(tally.connections(Action.DENY)),
            passed=big(tally.connections(Action.PASS)),
            records=BigInt(tally.records),
            last=maybe_point(tally.last),
            allowed_trend=trend(Action.ALLOW),
            denied_trend=trend(Action.DENY),
            passed_trend=trend(Action.PASS),
        )


@strawberry.type(description="A rule, or the end of a tier, that a finding rests on.")
class RuleReference:
    policy_id: ID | None = field(description="Id of its policy; null for the end of a tier.")
    tier: str = field(description="Its tier.")
    kind: str | None = field(description="Kind of its policy; null for the end of a tier.")
    namespace: str | None = field(description="Namespace of its policy.")
    name: str | None = field(description="Name of its policy; null for the end of a tier.")
    side: PolicySide = field(description="Which traffic it is about.")
    index: int | None = field(description="Its place, as logs count rules; null for the end of a tier.")

    @classmethod
    def of(cls, cluster: str, ref: RuleRef) -> "RuleReference":
        id_, ends = ref.policy, ref.ends_tier
        key = ManifestKey(cluster, id_.kind.value, id_.namespace, id_.name)
        return cls(
            policy_id=None if ends else ID(manifest_id(key)),
            tier=id_.tier,
            kind=None if ends else id_.kind.value,
            namespace=None if ends else id_.namespace,
            name=None if ends else id_.plain_name,
            side=SIDES[ref.direction],
            index=None if ends else ref.rule,
        )


@strawberry.type(
    description="Why a rule does nothing. It could go, alone or with all others of which something is found."
)
class RuleFinding:
    kind: FindingKind = field(description="What is found.")
    basis: Basis = field(description="For whom it holds.")
    text: str = field(description="It as a sentence, with the rules that show it.")
    by: list[RuleReference] = field(
        description="The rules that show it, in the order of evaluation; those that the caller may not see "
        "are left out."
    )

    @classmethod
    def of(cls, entry: Entry, finding: Finding) -> "RuleFinding":
        seen = [each for each in finding.by if entry.shown(each)]
        hidden = len(seen) < len(finding.by)
        return cls(
            kind=finding.kind,
            basis=finding.basis,
            text=finding.said(seen, hidden=hidden),
            by=[RuleReference.of(entry.cluster, each) for each in seen],
        )


@strawberry.type(description="A rule of a policy, as it is evaluated.")
class PolicyRule:
    side: PolicySide = field(description="Which traffic it is about.")
    index: int = field(description="Its place among the rules of its side, as logs count them.")
    document_index: int = field(description="Its place in the manifest, where one rule there may be several.")
    action: str = field(description="Allow, Deny, Pass or Log.")
    traffic: str = field(description="Which traffic, such as `tcp 443`; `any` is all.")
    peer: str = field(description="From or to whom; empty is anyone.")
    subject: str = field(description="What narrows the endpoints that the policy selects; mostly empty.")
    counts: PolicyCounts = field(description="What it did.")
    finding: RuleFinding | None = field(description="Why it does nothing; null where that is not shown.")


def rules_of(entry: Entry, buckets: int) -> Iterator[PolicyRule]:
    for direction in Direction:
        for place, rule in enumerate(entry.policy.rules(direction) or ()):
            finding = entry.finding(direction, place)
            yield PolicyRule(
                side=SIDES[direction],
                index=place,
                document_index=rule.origin,
                action=rule.action.value,
                traffic=traffic_of(rule),
                peer=peer_of(rule, direction),
                subject=subject_of(rule, direction),
                counts=PolicyCounts.of(entry.tally.at(direction, place), buckets),
                finding=None if finding is None else RuleFinding.of(entry, finding),
            )
