"""Of what became of connections, and of what policies did."""

from enum import StrEnum

from tapetum.api.schema.enums.showing import shown
from tapetum.domain.policies import PolicySide
from tapetum.domain.policy_trace import Action, PolicySet
from tapetum.policy import trace
from tapetum.policy.resources.policies import StagedAction
from tapetum.policy.whatif import Change


class Verdict(StrEnum):
    ALLOWED = "allowed"
    DENIED = "denied"


shown(
    Verdict,
    "Verdict",
    "What became of a connection.",
    {"ALLOWED": "It was let through.", "DENIED": "It was stopped by a policy."},
)
shown(
    Action,
    "Action",
    "What one rule, or a tier's end, did.",
    {"ALLOW": "Let it through.", "DENY": "Stopped it.", "PASS": "Left it to the next tier."},
)
shown(
    PolicySet,
    "PolicySet",
    "Which evaluation a policy's decision belongs to.",
    {
        "ENFORCED": "What decided the connection.",
        "PENDING": "What would decide it now, with staged policies active.",
        "TRANSIT": "What it passed on its way.",
    },
)
shown(
    PolicySide,
    "PolicySide",
    "Which traffic of an endpoint a policy was applied to.",
    {"EGRESS": "What leaves it.", "INGRESS": "What reaches it."},
)
shown(
    trace.Verdict,
    "EvaluatedVerdict",
    "What an evaluation comes to.",
    {
        "ALLOW": "Allowed, whatever is not known.",
        "DENY": "Denied, whatever is not known.",
        "UNCERTAIN": "What is not known decides.",
    },
)
shown(
    Change,
    "PolicyEffect",
    "What a change of policies would have done to a connection.",
    {
        "UNCHANGED": "Nothing.",
        "NEWLY_DENIED": "It was allowed and would be denied.",
        "NEWLY_ALLOWED": "It was denied and would be allowed.",
        "UNCERTAIN": "The change bears on it, and what is known of it does not tell the outcome.",
    },
)
shown(
    StagedAction,
    "StagedAction",
    "What a staged policy would do.",
    {
        "SET": "Put itself in force, instead of the policy of its name if there is one.",
        "DELETE": "Delete the policy of its name.",
        "LEARN": "As SET; a tool is still changing it.",
        "IGNORE": "Nothing: it takes no part in evaluation.",
    },
)
