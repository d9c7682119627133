"""The state of a cluster: built from resources, asked by evaluation, changed only by deriving another."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from itertools import chain
from types import MappingProxyType
from typing import TypeVar

from tapetum.policy.connection import Peer
from tapetum.policy.labels import Labels
from tapetum.policy.resources.endpoints import HostEndpoint, Namespace, Pod, Profile, ServiceAccount
from tapetum.policy.resources.keys import Key, key_of
from tapetum.policy.resources.kinds import Resource
from tapetum.policy.resources.network_sets import NetworkSet
from tapetum.policy.resources.policies import Policy, Stage, StagedAction, Tier
from tapetum.policy.resources.services import EndpointSlice, Service
from tapetum.policy.rules import Direction, ServiceRef
from tapetum.policy.selectors import Selector
from tapetum.policy.state import peers
from tapetum.policy.state.behind import Backend, backends
from tapetum.policy.state.inherited import Inheritance
from tapetum.policy.state.logged import LoggedEnd, lasting, logged_peer
from tapetum.policy.state.order import View, policies_in_order, promoted_id, tiers_in_order, viewed

Kind = TypeVar("Kind")
TierPolicies = tuple[Tier, tuple[Policy, ...]]
Applied = tuple[Tier, tuple[tuple[Policy, bool | None], ...]]

_MOST_ENDS = 200_000
"""Of flow records that are remembered."""


class ClusterState:
    """Everything derived is computed once, when it is first asked for."""

    def __init__(self, resources: Iterable[Resource] = ()) -> None:
        self.resources: Mapping[Key, Resource] = MappingProxyType({key_of(each): each for each in resources})
        self._tiers: dict[tuple[View, Direction, Stage], tuple[TierPolicies, ...]] = {}
        self._applied: dict[tuple[Labels, View, Direction, Stage], tuple[Applied, ...]] = {}
        self._sets: dict[Selector, tuple[NetworkSet, ...]] = {}
        self._backends: dict[ServiceRef, tuple[Backend, ...] | None] = {}
        self._logged: dict[LoggedEnd, Peer] = {}

    def changed(self, put: Iterable[Resource] = (), remove: Iterable[Key] = ()) -> "ClusterState":
        """With these added or replaced, and without those."""
        gone = set(remove)
        kept = {key: each for key, each in self.resources.items() if key not in gone}
        added = {key_of(each): each for each in put}
        derived = ClusterState({**kept, **added}.values())
        differing = (*added.values(), *(self.resources.get(key) for key in (*gone, *added)))
        if all(each is None or isinstance(each, Policy | Tier) for each in differing):
            derived._logged = self._logged  # no policy has a say in who was meant
        return derived

    def means(self, other: "ClusterState") -> bool:
        """Whether both tell the same of whom a record names, as one derives from the other and only policies
        and tiers differ.
        """
        return self._logged is other._logged  # noqa: SLF001 - of its own kind

    def promoted(self, *keys: Key) -> "ClusterState":
        """With these staged policies in force: edits replace, deletions delete. None named: all of them."""
        staged = [
            each
            for key, each in self.resources.items()
            if isinstance(each, Policy) and each.staged is not None and (not keys or key in keys)
        ]
        staged = [each for each in staged if each.staged is not StagedAction.IGNORE]
        targets = {promoted_id(each.id) for each in staged}
        enforced = [each for each in self.policies if each.staged is None and promoted_id(each.id) in targets]
        kinds = {each.id: promoted_id(each.id).kind for each in staged}
        return self.changed(
            put=(
                replace(each, id=replace(each.id, kind=kinds[each.id]), staged=None)
                for each in staged
                if each.staged is not StagedAction.DELETE
            ),
            remove=map(key_of, (*staged, *enforced)),
        )

    def policies_of(self, view: View, direction: Direction, stage: Stage) -> tuple[TierPolicies, ...]:
        """Tier by tier, in order; a tier without such policies is left out."""
        key = view, direction, stage
        if key not in self._tiers:
            by_tier: dict[str, list[Policy]] = defaultdict(list)
            for policy in policies_in_order(viewed(self.policies, view)):
                if policy.stage is stage and policy.rules(direction) is not None:
                    by_tier[policy.id.tier].append(policy)
            self._tiers[key] = tuple(
                (tier, tuple(by_tier[tier.name])) for tier in self.tiers if tier.name in by_tier
            )
        return self._tiers[key]

    def applied(self, labels: Labels, view: View, direction: Direction, stage: Stage) -> tuple[Applied, ...]:
        """`policies_of`, of those only that select these labels, or may: None where labels do not tell."""
        key = labels, view, direction, stage
        if key not in self._applied:
            selected = (
                (
                    tier,
                    tuple(
                        (each, held)
                        for each in policies
                        if (held := each.selector.holds(labels)) is not False
                    ),
                )
                for tier, policies in self.policies_of(view, direction, stage)
            )
            self._applied[key] = tuple(each for each in selected if each[1])
        return self._applied[key]

    @cached_property
    def policies(self) -> tuple[Policy, ...]:
        return policies_in_order(self._of(Policy))

    @cached_property
    def any_staged(self) -> bool:
        return any(policy.staged is not None for policy in self.policies)

    @cached_property
    def tiers(self) -> tuple[Tier, ...]:
        return tiers_in_order(self._of(Tier), self.policies)

    @cached_property
    def namespaces(self) -> Mapping[str, Namespace]:
        return {each.name: each for each in self._of(Namespace)}

    @cached_property
    def profiles(self) -> Mapping[str, Profile]:
        return {each.name: each for each in self._of(Profile)}

    @cached_property
    def network_sets(self) -> Mapping[tuple[str | None, str], NetworkSet]:
        return {(each.namespace, each.name): each for each in self._of(NetworkSet)}

    @cached_property
    def pods(self) -> Mapping[tuple[str, str], Pod]:
        return {(each.namespace, each.name): each for each in self._of(Pod)}

    @cached_property
    def services(self) -> tuple[Service, ...]:
        return self._of(Service)

    @cached_property
    def hosts(self) -> Mapping[str, HostEndpoint]:
        return {each.name: each for each in self._of(HostEndpoint)}

    @cached_property
    def inheritance(self) -> Inheritance:
        accounts = {(each.namespace, each.name): each for each in self._of(ServiceAccount)}
        return Inheritance(self.namespaces, accounts, self.profiles)

    @cached_property
    def groups(self) -> Mapping[tuple[str, str], tuple[Pod, ...]]:
        """Pods by the name that logs give to siblings."""
        found: dict[tuple[str, str], list[Pod]] = defaultdict(list)
        for pod in self.pods.values():
            if pod.networked:
                found[pod.namespace, pod.aggregate].append(pod)
        return {key: tuple(each) for key, each in found.items()}

    @cached_property
    def revisions(self) -> Mapping[tuple[str, frozenset[tuple[str, str]]], tuple[Pod, ...]]:
        """Pods by namespace and the labels that a rollout leaves them."""
        found: dict[tuple[str, frozenset[tuple[str, str]]], list[Pod]] = defaultdict(list)
        for pod in chain.from_iterable(self.groups.values()):
            found[pod.namespace, lasting(pod.labels)].append(pod)
        return {key: tuple(each) for key, each in found.items()}

    @cached_property
    def endpoints(self) -> tuple[Peer, ...]:
        """Every pod and host endpoint that policies can select, with the labels that they see."""
        return (
            *(peers.pod_peer(self.inheritance, pod) for pod in self.pods.values() if pod.networked),
            *(peers.host_peer(self.inheritance, host) for host in self.hosts.values()),
        )

    @cached_property
    def set_labels(self) -> tuple[tuple[NetworkSet, Labels], ...]:
        return tuple((each, self.inheritance.of_set(each)) for each in self.network_sets.values())

    def sets_selected(self, selector: Selector) -> tuple[NetworkSet, ...]:
        """Network sets whose labels a rule's selector matches."""
        if selector not in self._sets:
            self._sets[selector] = tuple(
                found for found, labels in self.set_labels if selector.holds(labels) is not False
            )
        return self._sets[selector]

    def backends(self, service: ServiceRef) -> tuple[Backend, ...] | None:
        """None: nothing that is given tells what stands behind it."""
        if service not in self._backends:
            here = service.namespace
            known = {(each.namespace, each.name): each for each in self._of(Service)}
            self._backends[service] = backends(
                known.get((here, service.name)),
                (
                    each
                    for each in self._of(EndpointSlice)
                    if (each.namespace, each.service) == (here, service.name)
                ),
                (pod for pod in self.pods.values() if pod.namespace == here),
            )
        return self._backends[service]

    def pod(self, namespace: str, name: str) -> Peer | None:
        found = self.pods.get((namespace, name))
        return peers.pod_peer(self.inheritance, found) if found is not None and found.networked else None

    def host(self, name: str) -> Peer | None:
        found = self.hosts.get(name)
        return None if found is None else peers.host_peer(self.inheritance, found)

    def at(self, address: str, domains: tuple[str, ...] | None = None) -> Peer:
        """Whoever has the address: an endpoint of the cluster, else something outside."""
        return peers.peer_at(self.endpoints, address, domains)

    def logged(self, end: LoggedEnd) -> Peer:
        """One end of a flow record, with all that the record and the cluster tell of it."""
        peer = self._logged.get(end)
        if peer is None:
            peer = logged_peer(self, end)
            if len(self._logged) >= _MOST_ENDS:
                self._logged.clear()
            self._logged[end] = peer
        return peer

    def _of(self, kind: type[Kind]) -> tuple[Kind, ...]:
        return tuple(each for each in self.resources.values() if isinstance(each, kind))
