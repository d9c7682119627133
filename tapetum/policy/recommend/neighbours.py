"""Which policies of its tier decide before a recommended one, and which no longer would after it."""

from collections import defaultdict

from tapetum.domain.policy_trace import Action
from tapetum.policy.labels import Labels
from tapetum.policy.recommend.workloads import Workload
from tapetum.policy.resources.policies import Policy
from tapetum.policy.rules import Direction
from tapetum.policy.state import ClusterState
from tapetum.policy.state.order import policies_in_order


class Neighbours:
    """Of one state. Pods are looked up by namespace, with the labels that policies see."""

    def __init__(self, state: ClusterState) -> None:
        self._state = state
        self._pods: dict[str, dict[Labels, Labels]] = defaultdict(dict)
        for pod in state.pods.values():
            if pod.networked:
                self._pods[pod.namespace][pod.labels] = state.inheritance.of_pod(pod)

    def beside(self, own: Policy, workload: Workload, direction: Direction) -> tuple[list[str], list[str]]:
        """Names of those that select one of its pods: earlier ones, later ones. An edit of it is neither."""
        selector = workload.selection.selector
        here = self._pods[workload.namespace].items()
        subjects = [seen for labels, seen in here if selector.holds(labels)]
        found = [
            each
            for each in self._state.policies
            if each.staged is None
            and each.id.tier == own.id.tier
            and (each.id.namespace, each.id.plain_name) != (own.id.namespace, own.id.plain_name)
            and each.id.namespace in (None, workload.namespace)
            and each.rules(direction) is not None
            and any(each.selector.holds(labels) is not False for labels in subjects)
        ]
        ordered = policies_in_order([own, *found])
        names = [each.id.plain_name for each in ordered]
        place = ordered.index(own)
        return names[:place], names[place + 1 :]

    def passes(self, tier: str) -> bool:
        """Whether the tier's end lets on what no rule matches."""
        return any(each.name == tier and each.default_action is Action.PASS for each in self._state.tiers)
