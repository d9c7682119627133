"""What decides a recorded flow: its type, and the root that finds it."""

from typing import Annotated

import msgspec
import strawberry
from strawberry import ID, argument, field

from tapetum.api.context import Info
from tapetum.api.schema.common import point
from tapetum.api.schema.evaluation import EndEvaluation
from tapetum.api.schema.flow import PolicyHit
from tapetum.api.schema.log import tag_of
from tapetum.api.schema.policy_rule import SIDES
from tapetum.api.schema.scalars import TimePoint
from tapetum.api.use.policy_trace import Traced, policy_trace
from tapetum.domain.batches import RecordKind
from tapetum.domain.errors import BadInputError
from tapetum.domain.identity import unseal
from tapetum.domain.policies import PolicySide
from tapetum.domain.policy_trace import Action, PolicySet


@strawberry.type(
    description="What decides a recorded flow at the end that reported it, by the manifests as of its start, "
    "beside what its record says."
)
class PolicyTrace:
    as_of: TimePoint = field(description="The time that the manifests are as of.")
    side: PolicySide = field(description="Which of the end's traffic it is.")
    action: Action | None = field(description="What the record says became of it.")
    logged: list[PolicyHit] = field(description="The steps that the record names, each set in order.")
    enforced: EndEvaluation | None = field(
        description="What the policies in force decide; null where the warnings say why."
    )
    pending: EndEvaluation | None = field(
        description="What they would with all staged policies in force: edits replace, deletions delete."
    )
    pending_as_logged: EndEvaluation | None = field(
        description="As Calico logs it as pending: staged policies beside the others, deletions left out."
    )
    warnings: list[str] = field(description="Where record and manifests disagree, or do not tell.")

    @classmethod
    def of(cls, traced: Traced) -> "PolicyTrace":
        record, judgement, direction = traced.record, traced.judgement, traced.direction
        hits = sorted(record["policy_hits"] or (), key=lambda hit: (hit["set"], hit["index"]))
        enforced, pending, as_logged = (
            None if judgement is None else EndEvaluation.of(SIDES[direction], getattr(judgement, name))
            for name in ("enforced", "pending", "logged_pending")
        )
        return cls(
            as_of=point(traced.as_of),
            side=SIDES[direction],
            action=None if record["action"] is None else Action(record["action"]),
            logged=[PolicyHit.of(hit) for hit in hits if hit["set"] != PolicySet.TRANSIT],
            enforced=enforced,
            pending=pending,
            pending_as_logged=as_logged,
            warnings=list(traced.warnings),
        )


@strawberry.type
class PolicyTraceRoots:
    """Fields of the Query root."""

    @field(
        description="What decides a recorded flow; null where there is no such flow that the caller may see.",
        metadata={"searches": 1},
    )
    async def policy_trace(
        self, info: Info, flow: Annotated[ID, argument(description="Id of the flow record.")]
    ) -> PolicyTrace | None:
        traced = await policy_trace(info.context, _record_id(flow))
        return None if traced is None else PolicyTrace.of(traced)


def _record_id(text: str) -> str:
    try:
        return msgspec.convert(unseal(text, tag_of(RecordKind.FLOWS)), tuple[str])[0]
    except (BadInputError, msgspec.ValidationError):
        raise BadInputError(
            f"{text[:60]!r} is not the id of a flow; take ids from `flows`.", path="flow"
        ) from None
