"""How recommended policies do on flows that were not learnt from."""

import strawberry
from strawberry import field

from tapetum.api.schema.common import TimeRange, point
from tapetum.api.schema.scalars import BigInt, TimePoint
from tapetum.domain import moments
from tapetum.domain.policy_trace import format_hit
from tapetum.policy.recommend import heldout
from tapetum.policy.recommend.text import end_text


@strawberry.type(description="Connections, each counted by one of its reporters.")
class HeldOutTally:
    connections: BigInt = field(description="All of them.")
    denied: BigInt = field(description="Those that the policies would deny.")
    uncertain: BigInt = field(description="Those of which the records do not tell.")
    share_denied: float = field(description="Denied by all, 0 to 1.")

    @classmethod
    def of(cls, tally: heldout.Tally) -> "HeldOutTally":
        return cls(
            connections=BigInt(tally.total),
            denied=BigInt(tally.denied),
            uncertain=BigInt(tally.uncertain),
            share_denied=tally.share_denied,
        )


@strawberry.type(description="An edge that was allowed and that the policies would deny.")
class LostEdge:
    source: str = field(description="Who connected, as flows name it.")
    target: str = field(description="To whom, as flows name it.")
    protocol: str | None = field(description="tcp, udp, icmp, or a protocol's number.")
    port: int | None = field(description="The target's port.")
    connections: BigInt = field(description="Connections of it.")
    first_seen: TimePoint = field(description="Start of the first record of it.")
    last_seen: TimePoint = field(description="Start of the last record of it.")
    decided_by: str = field(description="What would deny it, as a policy string.")

    @classmethod
    def of(cls, lost: heldout.Lost) -> "LostEdge":
        return cls(
            source=end_text(lost.source),
            target=end_text(lost.destination),
            protocol=lost.protocol,
            port=lost.port,
            connections=BigInt(lost.connections),
            first_seen=point(lost.first_seen),
            last_seen=point(lost.last_seen),
            decided_by=format_hit(lost.step.hit(0)),
        )


@strawberry.type(
    description="Flows that were not learnt from, replayed with the recommended policies in force."
)
class HeldOutTest:
    range: TimeRange | None = field(description="What was tested on.")
    legitimate: HeldOutTally = field(description="What was allowed and is not unwanted.")
    unwanted: HeldOutTally = field(description="What was allowed and is unwanted.")
    newly_allowed: BigInt = field(description="Connections that were denied and no longer would be.")
    lost: list[LostEdge] = field(description="Most connections first, at most `limit`.")

    @classmethod
    def of(cls, held: heldout.HeldOut, tested: moments.TimeRange | None, limit: int) -> "HeldOutTest":
        return cls(
            range=None if tested is None else TimeRange.of(tested),
            legitimate=HeldOutTally.of(held.legitimate),
            unwanted=HeldOutTally.of(held.unwanted),
            newly_allowed=BigInt(held.newly_allowed),
            lost=[LostEdge.of(each) for each in held.lost[:limit]],
        )
