"""Which workloads of a cluster policies isolate, by its manifests alone: what nobody allows is denied.

A direction is isolated where an enforced policy of a tier that denies by default selects the workload.
"""

from collections.abc import Iterable, Mapping

from tapetum.domain.policy_trace import Action
from tapetum.policy.labels import NO_LABELS, Labels
from tapetum.policy.resources.endpoints import DEFAULT_SERVICE_ACCOUNT
from tapetum.policy.resources.policies import Stage
from tapetum.policy.rules import Direction
from tapetum.policy.state import ClusterState, View
from tapetum.posture.components import Standing

Place = tuple[str, str | None]
"""A namespace and a workload as logs name it; None: a pod without labels of its own, which nobody chose."""


def isolation(state: ClusterState) -> Mapping[Place, Standing]:
    """Of the workloads that have pods, and of a new pod in each of their namespaces."""
    found: dict[Place, Standing] = {
        place: _worst(_isolated(state, state.inheritance.of_pod(pod)) for pod in pods)
        for place, pods in state.groups.items()
    }
    for namespace in {namespace for namespace, _ in state.groups}:
        bare = state.inheritance.of_workload(namespace, NO_LABELS, DEFAULT_SERVICE_ACCOUNT)
        found[namespace, None] = _isolated(state, bare)
    return found


def _isolated(state: ClusterState, labels: Labels) -> Standing:
    return _worst(_governed(state, labels, direction) for direction in Direction)


def _governed(state: ClusterState, labels: Labels, direction: Direction) -> Standing:
    held = [
        told
        for tier, policies in state.applied(labels, View.ENFORCED, direction, Stage.NORMAL)
        if tier.default_action is Action.DENY
        for _, told in policies
    ]
    if True in held:
        return Standing.SAFE
    return Standing.UNKNOWN if held else Standing.UNSAFE


def _worst(told: Iterable[Standing]) -> Standing:
    every = set(told)
    return next(each for each in (Standing.UNSAFE, Standing.UNKNOWN, Standing.SAFE) if each in every)
