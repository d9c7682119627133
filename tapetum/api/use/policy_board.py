"""The board of policies: tier by tier in order, with what each did over a range and what is found of rules.

The state is the whole cluster's, so that it decides as it does; shown is what the caller may see of it.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import anyio.to_thread

from tapetum.api.context import Asked, Reviewed
from tapetum.api.states import ClusterObjects
from tapetum.api.use.arguments import read_clusters
from tapetum.api.use.cluster_objects import read_objects, seen_clusters
from tapetum.api.use.manifests import parse_manifest_id
from tapetum.api.use.policy_counts import Named, Tallies, Tally
from tapetum.domain.batches import RecordKind
from tapetum.domain.manifests import ManifestKey
from tapetum.domain.moments import Micros, TimeRange
from tapetum.domain.scope import Scope
from tapetum.logstore.port import Search
from tapetum.policy.analysis import Finding, RuleRef, Selected, review, selected
from tapetum.policy.connection import Peer
from tapetum.policy.resources.keys import Key, key_of
from tapetum.policy.resources.policies import STAGED_OF, Policy, Tier
from tapetum.policy.rules import Direction
from tapetum.policy.state import ClusterState, View

Review = Callable[[Asked, ClusterObjects], Awaitable[Reviewed]]
"""What is found of the rules of a cluster's policies."""


@dataclass(frozen=True, slots=True)
class Standing:
    """An endpoint that a policy selects; `aggregate` is how logs name it with its siblings."""

    peer: Peer
    aggregate: str | None
    sure: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """A policy with all that is told of it. `selects` None: no endpoints of the cluster are known."""

    objects: ClusterObjects
    policy: Policy
    tally: Tally
    applied: Micros | None
    selects: Selected | None
    findings: Reviewed
    scope: Scope

    @property
    def cluster(self) -> str:
        return self.objects.cluster

    @property
    def key(self) -> ManifestKey:
        return ManifestKey(self.cluster, *key_of(self.policy))

    @property
    def last(self) -> Micros | None:
        return max((each for each in (self.tally.last, self.applied) if each is not None), default=None)

    @property
    def idle(self) -> bool:
        """It selects nobody."""
        return self.selects is not None and not (self.selects.sure or self.selects.maybe)

    @property
    def unused(self) -> bool:
        return self.idle or self.last is None

    @property
    def document(self) -> Mapping[str, Any]:
        return self.objects.objects[key_of(self.policy)]

    def endpoints(self) -> list[Standing]:
        """By namespace and name."""
        pods = self.objects.state.pods
        found: list[Standing] = []
        for peers, sure in ((self.selects.sure, True), (self.selects.maybe, False)) if self.selects else ():
            for peer in peers:
                pod = pods.get((peer.namespace or "", peer.name or ""))
                found.append(Standing(peer, pod.aggregate if pod else peer.name, sure))
        return sorted(found, key=lambda each: (each.peer.namespace or "", each.peer.name or ""))

    def finding(self, direction: Direction, rule: int) -> Finding | None:
        return self.findings.get(RuleRef(self.policy.id, direction, rule))

    def shown(self, ref: RuleRef) -> bool:
        """Whether the caller may see the policy that a proof names; of a tier's end all may know."""
        return ref.ends_tier or self.scope.sees(self.cluster, ref.policy.namespace)


@dataclass(frozen=True, slots=True)
class Column:
    cluster: str
    tier: Tier
    entries: tuple[Entry, ...]
    ended: Tally


@dataclass(frozen=True, slots=True)
class Board:
    """`rest`: policies that logs name and no manifest that the caller sees describes."""

    range: TimeRange
    as_of: Micros
    tallies: Tallies
    columns: tuple[Column, ...]
    rest: tuple[tuple[Named, str, Tally], ...]
    without: tuple[str, ...]


async def policy_board(asked: Asked, within: TimeRange, clusters: Sequence[str] | None) -> Board:
    return await board_of(asked, Search(RecordKind.FLOWS, within, read_clusters(clusters)), findings_of)


async def board_of(asked: Asked, search: Search, review: Review) -> Board:
    """With what the searched flows say that policies did."""
    tallies = Tallies(await asked.api.logs.policy_hits(asked.scope, search, None))
    as_of = min(search.range.end, asked.now)
    columns: list[Column] = []
    without: list[str] = []
    for cluster in await seen_clusters(asked, search.clusters):
        objects = await read_objects(asked, cluster, as_of)
        if not objects.objects:
            without.append(cluster)
            continue
        columns += _columns(asked, objects, tallies, await review(asked, objects))
    return Board(search.range, as_of, tallies, tuple(columns), tuple(tallies.rest()), tuple(without))


async def find_policy(asked: Asked, text: str, within: TimeRange) -> tuple[Entry, Tallies] | None:
    """As of the range's end; None where it was not there, or is not the caller's to see."""
    key = parse_manifest_id(text)
    if not key.visible(asked.scope):
        return None
    objects = await read_objects(asked, key.cluster, min(within.end, asked.now))
    policy = objects.state.resources.get(Key(key.kind, key.namespace, key.name))
    if not isinstance(policy, Policy):
        return None
    search = Search(RecordKind.FLOWS, within, frozenset({key.cluster}))
    tallies = Tallies(await asked.api.logs.policy_hits(asked.scope, search, None))
    reviewed = await findings_of(asked, objects)
    return _entry(asked.scope, objects, policy, tallies, reviewed), tallies


async def findings_of(asked: Asked, objects: ClusterObjects) -> Reviewed:
    return await anyio.to_thread.run_sync(
        asked.api.reviews.get, objects.digest, lambda: _reviewed(objects.state)
    )


def _reviewed(state: ClusterState) -> Reviewed:
    """Enforced policies as they are, staged ones as if all that is staged were enforced."""
    found = {each.at: each for each in review(state)}
    if state.any_staged:
        found |= {each.at: each for each in review(state, View.PENDING) if each.at.policy.kind in STAGED_OF}
    return found


def _columns(asked: Asked, objects: ClusterObjects, tallies: Tallies, reviewed: Reviewed) -> list[Column]:
    state, cluster = objects.state, objects.cluster
    found: list[Column] = []
    for tier in state.tiers:
        entries = tuple(
            _entry(asked.scope, objects, policy, tallies, reviewed)
            for policy in state.policies
            if policy.id.tier == tier.name and asked.scope.sees(cluster, policy.id.namespace)
        )
        ended = tallies.end_of(cluster, tier.name)
        given = asked.scope.namespaces is None and Key("Tier", None, tier.name) in state.resources
        if entries or ended.records or given:
            found.append(Column(cluster, tier, entries, ended))
    return found


def _entry(
    scope: Scope, objects: ClusterObjects, policy: Policy, tallies: Tallies, reviewed: Reviewed
) -> Entry:
    cluster, state = objects.cluster, objects.state
    tally, applied = tallies.take(cluster, policy.id), tallies.applied(cluster, policy.id)
    selects = _seen(scope, cluster, selected(state, policy)) if state.endpoints else None
    return Entry(objects, policy, tally, applied, selects, reviewed, scope)


def _seen(scope: Scope, cluster: str, found: Selected) -> Selected:
    def seen(peers: Sequence[Peer]) -> tuple[Peer, ...]:
        return tuple(each for each in peers if scope.sees(cluster, each.namespace))

    return Selected(seen(found.sure), seen(found.maybe))
