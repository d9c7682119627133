"""Recommended policies with what each rule rests on, and the step from observations to them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from tapetum.policy.documents import Document, Place
from tapetum.policy.labels import Labels
from tapetum.policy.recommend.documents import document, expressible, placed, tier_document
from tapetum.policy.recommend.drafts import Draft, drafts
from tapetum.policy.recommend.edges import Edge, Evidence, LeftOut, learn
from tapetum.policy.recommend.neighbours import Neighbours
from tapetum.policy.recommend.observed import Observed
from tapetum.policy.recommend.options import Options, Style, Target
from tapetum.policy.recommend.parties import Party
from tapetum.policy.recommend.peers import ANYWHERE, Peer
from tapetum.policy.recommend.unused import Endpoints, Unused
from tapetum.policy.recommend.workloads import Workload, Workloads
from tapetum.policy.resources.keys import key_of
from tapetum.policy.resources.kinds import Resource
from tapetum.policy.resources.manifests import resolve
from tapetum.policy.resources.policies import Policy
from tapetum.policy.rules import Direction
from tapetum.policy.state import ClusterState


@dataclass(frozen=True, slots=True)
class RecommendedRule:
    """One rule of the document, at the same place. `evidence` None: it denies.

    `coverage` is its share of all learnt connections of the target.
    """

    peer: Peer
    protocol: str | None
    ports: tuple[int, ...] | None
    evidence: Evidence | None
    coverage: float
    unused: tuple[Unused, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecommendedPolicy:
    """`document` reads back as `policy`. `notes` say what it could not express, and what it overrides."""

    workload: Workload
    document: dict[str, Any]
    policy: Policy
    ingress: tuple[RecommendedRule, ...]
    egress: tuple[RecommendedRule, ...]
    notes: tuple[str, ...]

    def rules(self, direction: Direction) -> tuple[RecommendedRule, ...]:
        return self.ingress if direction is Direction.INGRESS else self.egress


@dataclass(frozen=True, slots=True)
class Recommendation:
    """`idle` are workloads of the target of which nothing was learnt: nothing is written for them."""

    options: Options
    tier: dict[str, Any] | None
    policies: tuple[RecommendedPolicy, ...]
    connections: int
    left_out: tuple[LeftOut, ...]
    idle: tuple[Workload, ...]

    @property
    def documents(self) -> tuple[dict[str, Any], ...]:
        return (*((self.tier,) if self.tier else ()), *(each.document for each in self.policies))

    @property
    def resources(self) -> tuple[Resource, ...]:
        return read_back(self.documents)

    def applied(self, state: ClusterState) -> ClusterState:
        """The state with all of them in force, staged ones too."""
        changed = state.changed(self.resources)
        if self.options.style is not Style.STAGED:
            return changed
        return changed.promoted(*(key_of(each.policy) for each in self.policies))


def recommend(state: ClusterState, observed: Observed, target: Target, options: Options) -> Recommendation:
    """From what was observed; what is to be tested must not be in it."""
    workloads = Workloads(state, observed.recorded.ends)
    learnt = learn(observed, workloads, options)
    aims = {each for each in workloads.every.values() if target.holds(each.namespace, _labels(each))}
    outgoing, incoming = defaultdict[Party, list[Edge]](list), defaultdict[Party, list[Edge]](list)
    for edge in learnt.edges:
        outgoing[edge.source].append(edge)
        incoming[edge.destination].append(edge)
    touching = [each for each in learnt.edges if each.source in aims or each.destination in aims]
    total = sum(each.evidence.connections for each in touching)
    endpoints, neighbours = Endpoints(state, workloads), Neighbours(state)
    tier = None
    if options.style is not Style.KUBERNETES and options.tier not in {each.name for each in state.tiers}:
        tier = tier_document(options)
    ordered = sorted(aims, key=str)
    busy = [each for each in ordered if outgoing[each] or incoming[each]]
    return Recommendation(
        options,
        tier,
        tuple(
            _policy(
                state,
                each,
                {Direction.INGRESS: incoming[each], Direction.EGRESS: outgoing[each]},
                options,
                endpoints,
                neighbours,
                total,
            )
            for each in busy
        ),
        total,
        tuple(each for each in learnt.left_out if each.source in aims or each.destination in aims),
        tuple(each for each in ordered if each not in busy and each.pods),
    )


def read_back(documents: Iterable[dict[str, Any]]) -> tuple[Resource, ...]:
    """As a cluster has them once they are stored; names and nets come from logs, which may have any."""
    found = resolve((Document(Place("recommended"), each) for each in documents), lenient=True)
    if found.problems:
        raise AssertionError(str(found.problems[0]))
    return found.resources


def _policy(
    state: ClusterState,
    workload: Workload,
    edges: dict[Direction, list[Edge]],
    options: Options,
    endpoints: Endpoints,
    neighbours: Neighbours,
    total: int,
) -> RecommendedPolicy:
    given = {each: drafts(state, each, edges[each], options) for each in Direction}
    written = {
        direction: [each for each in rules if expressible(each, options.style)]
        for direction, rules in given.items()
    }
    notes = [
        f"{direction.value} over {each.protocol} has no form in a NetworkPolicy, so that it is denied."
        for direction, rules in given.items()
        for each in rules
        if not expressible(each, options.style)
    ]
    place = placed(workload, options)
    for direction in Direction:
        earlier, later = neighbours.beside(place, workload, direction)
        if earlier:
            notes.append(f"{direction.value} rules of {', '.join(earlier)} are asked before these.")
        if options.style is Style.KUBERNETES:
            continue
        if later:
            notes.append(f"{direction.value} rules of {', '.join(later)} no longer decide for these pods.")
        if later or neighbours.passes(options.tier):
            written[direction].append(Draft(ANYWHERE))
    text = document(workload, written, options)
    policy = _read(text)
    ingress, egress = (
        _rules(written[direction], policy, direction, endpoints, total) for direction in Direction
    )
    return RecommendedPolicy(workload, text, policy, ingress, egress, tuple(notes))


def _rules(
    written: Sequence[Draft], policy: Policy, direction: Direction, endpoints: Endpoints, total: int
) -> tuple[RecommendedRule, ...]:
    seen: dict[Party, set[tuple[str | None, int | None]]] = defaultdict(set)
    for draft in written:
        for party in draft.parties:
            seen[party].update((draft.protocol, port) for port in draft.ports or (None,))
    used = {party: frozenset(pairs) for party, pairs in seen.items()}
    left: dict[int, dict[Unused, None]] = defaultdict(dict)
    for place, some in endpoints.unused(policy.rules(direction) or (), direction, used):
        left[place].update(dict.fromkeys(some))
    return tuple(
        RecommendedRule(
            each.peer,
            each.protocol,
            each.ports,
            each.evidence,
            each.evidence.connections / total if each.evidence is not None and total else 0.0,
            tuple(left[place]),
            each.notes,
        )
        for place, each in enumerate(written)
    )


def _read(text: dict[str, Any]) -> Policy:
    (found,) = read_back([text])
    if not isinstance(found, Policy):
        raise TypeError(text["kind"])
    return found


def _labels(workload: Workload) -> Labels:
    return Labels(dict(workload.labels))
