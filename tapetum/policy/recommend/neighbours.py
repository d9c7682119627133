"""Which policies of its tier decide before a recommended one, and which no longer would after it."""

from tapetum.domain.policy_trace import Action
from tapetum.policy.recommend.selections import Selection
from tapetum.policy.resources.policies import Policy
from tapetum.policy.rules import Direction
from tapetum.policy.state import ClusterState
from tapetum.policy.state.order import policies_in_order


def neighbours(
    state: ClusterState, namespace: str, selection: Selection, own: Policy, direction: Direction
) -> tuple[list[str], list[str]]:
    """Names of those that select one of its pods: earlier ones and later ones. An edit of it is neither."""
    subjects = {
        state.inheritance.of_pod(pod)
        for (where, _), pod in state.pods.items()
        if where == namespace and pod.networked and selection.selector.holds(pod.labels)
    }
    beside = [
        each
        for each in state.policies
        if each.staged is None
        and each.id.tier == own.id.tier
        and (each.id.namespace, each.id.plain_name) != (own.id.namespace, own.id.plain_name)
        and each.rules(direction) is not None
        and any(each.selector.holds(labels) is not False for labels in subjects)
    ]
    ordered = policies_in_order([own, *beside])
    place = ordered.index(own)
    return [each.id.plain_name for each in ordered[:place]], [
        each.id.plain_name for each in ordered[place + 1 :]
    ]


def passes(state: ClusterState, tier: str) -> bool:
    """Whether the tier's end lets on what no rule matches."""
    return any(each.name == tier and each.default_action is Action.PASS for each in state.tiers)
