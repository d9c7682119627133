"""Scores of the whole, of each cluster and of each namespace, now and over time."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tapetum.domain.endpoints import NodeKind, NodeRef
from tapetum.posture.components import Component, Standing
from tapetum.posture.score import Score, Tallies, added, score_of, tallied, weights_of
from tapetum.posture.standings import Standings

Group = tuple[str, str]
"""A cluster and a namespace."""


@dataclass(frozen=True, slots=True)
class Rating:
    """Of the whole where neither is named. `trend` has a score for each part of the range."""

    cluster: str | None
    namespace: str | None
    score: Score
    trend: tuple[Score, ...]
    workloads: int
    unsafe: Mapping[Component, tuple[NodeRef, ...]]


@dataclass(frozen=True, slots=True)
class Ratings:
    """`namespaces` begin with the riskiest: what is not known may be at risk, so that it counts as such."""

    whole: Rating
    clusters: tuple[Rating, ...]
    namespaces: tuple[Rating, ...]


def ratings(now: Standings, parts: Sequence[Standings]) -> Ratings:
    tallies = _by_group(now)
    over_time = [_by_group(part) for part in parts]
    weights = weights_of(added(tallies.values()))
    clusters = sorted({cluster for cluster, _ in tallies})

    def rating(cluster: str | None, namespace: str | None) -> Rating:
        def of(every: Mapping[Group, Tallies]) -> Score:
            return score_of(
                added(each for group, each in every.items() if _within(group, cluster, namespace)), weights
            )

        nodes = [node for node in now if _within(_group(node), cluster, namespace)]
        return Rating(
            cluster,
            namespace,
            of(tallies),
            tuple(of(part) for part in over_time),
            sum(node.kind is NodeKind.WORKLOAD for node in nodes),
            {component: tuple(sorted(_unsafe(now, nodes, component), key=_order)) for component in Component},
        )

    namespaces = [rating(*group) for group in tallies]
    return Ratings(
        rating(None, None),
        tuple(rating(cluster, None) for cluster in clusters),
        tuple(sorted(namespaces, key=_risk)),
    )


def _by_group(told: Standings) -> Mapping[Group, Tallies]:
    found: dict[Group, list[Mapping[Component, Standing]]] = defaultdict(list)
    for node, each in told.items():
        found[_group(node)].append(each)
    return {group: tallied(every) for group, every in found.items()}


def _group(node: NodeRef) -> Group:
    return node.cluster, node.namespace or ""


def _within(group: Group, cluster: str | None, namespace: str | None) -> bool:
    return cluster in (None, group[0]) and namespace in (None, group[1])


def _unsafe(told: Standings, nodes: Sequence[NodeRef], component: Component) -> list[NodeRef]:
    return [node for node in nodes if told[node].get(component) is Standing.UNSAFE]


def _order(node: NodeRef) -> tuple[str, str, str, str]:
    return node.cluster, node.namespace or "", node.kind, node.name


def _risk(rating: Rating) -> tuple[float, float, str, str]:
    return rating.score.value or 0.0, rating.score.at_most, rating.cluster or "", rating.namespace or ""
