"""What policies decide of a connection: the verdict, each end's steps, and what is not known."""

import strawberry
from strawberry import field

from tapetum.domain.policies import PolicySide
from tapetum.domain.policy_trace import Action
from tapetum.policy import trace


@strawberry.type(description="One step of an evaluation: what a policy, or the end of its tier, did.")
class EvaluationStep:
    tier: str = field(description="Tier of the policy.")
    kind: str = field(description="Kind of the policy, as in traces.")
    namespace: str | None = field(description="Namespace of the policy; null where it is global.")
    name: str = field(description="Name of the policy, without its tier.")
    action: Action = field(description="What this step does.")
    rule_index: int = field(description="Rule that matches, from 0, as logs count them; -1: none did.")
    document_rule: int | None = field(
        description="The same rule's place in the manifest, from 0; null at a tier's end."
    )
    staged: bool = field(description="Whether the policy is staged.")
    end_of_tier: bool = field(description="Whether the tier's default action applies.")

    @classmethod
    def of(cls, step: trace.Step) -> "EvaluationStep":
        hit = step.hit(0)
        return cls(
            tier=hit.tier,
            kind=hit.kind.value,
            namespace=hit.namespace,
            name=hit.name,
            action=hit.action,
            rule_index=hit.rule_index,
            document_rule=step.origin,
            staged=hit.staged,
            end_of_tier=hit.end_of_tier,
        )


@strawberry.type(description="What one end of a connection decides.")
class EndEvaluation:
    side: PolicySide = field(description="Egress of the source, or ingress of the destination.")
    verdict: trace.Verdict = field(description="Uncertain where what is not known may change it.")
    steps: list[EvaluationStep] = field(description="The way that is taken if nothing doubtful matches.")
    doubts: list[str] = field(description="What may have matched, and what is not known of it.")

    @classmethod
    def of(cls, side: PolicySide, found: trace.Trace) -> "EndEvaluation":
        return cls(
            side=side,
            verdict=found.verdict,
            steps=[EvaluationStep.of(each) for each in found.steps],
            doubts=[str(each) for each in found.doubts],
        )


@strawberry.type(description="What both ends of a connection decide; a denial at either end denies.")
class Evaluation:
    verdict: trace.Verdict = field(description="Of both ends.")
    egress: EndEvaluation | None = field(description="The source's; null where no policy can govern it.")
    ingress: EndEvaluation | None = field(description="The destination's; null likewise.")

    @classmethod
    def of(cls, found: trace.Evaluation) -> "Evaluation":
        egress, ingress = (
            None if end is None else EndEvaluation.of(side, end.enforced)
            for side, end in ((PolicySide.EGRESS, found.egress), (PolicySide.INGRESS, found.ingress))
        )
        return cls(verdict=found.verdict, egress=egress, ingress=ingress)
