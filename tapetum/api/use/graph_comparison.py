"""Two ranges of the service graph side by side, and what changed of the policies between them."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

import anyio.to_thread

from tapetum.api.context import Asked
from tapetum.api.use.service_graph import GraphAsked, needs_records, service_graph
from tapetum.catalog.manifests import ManifestChangesAsked
from tapetum.domain.endpoints import NodeRef
from tapetum.domain.errors import BadInputError
from tapetum.domain.flows import Reporter
from tapetum.domain.graph_comparison import GraphComparison, compare
from tapetum.domain.manifests import ManifestChange, ManifestKey
from tapetum.domain.moments import HOUR, TimeRange
from tapetum.domain.policy_trace import PolicyKind, PolicySet
from tapetum.domain.service_graph import Shape
from tapetum.logstore.port import Decision

COMPARED = 100_000
"""Edges of a side; the rest is left out, and the answer says so."""

_SETS = frozenset(("NetworkSet", "GlobalNetworkSet"))
_POLICIES = frozenset(kind.value for kind in PolicyKind if kind is not PolicyKind.END_OF_TIER)
_MOST = ((_POLICIES | {"Tier", "Namespace"}, 2000), (_SETS, 200))
"""Kinds, and how many of their changes in a cluster are looked through, the newest: sets that are renewed all
day must not hide what was edited once.
"""


@dataclass(frozen=True, slots=True)
class PolicyChange:
    """`decided`: what changed decided the edge, before or after."""

    change: ManifestChange
    decided: bool


async def compare_graphs(
    asked: Asked, after: GraphAsked, before: TimeRange, shape: Shape, factor: float
) -> GraphComparison:
    """All edges of both, whatever the shape's limit. Raises BadInputError where the ranges are the same, or
    are summed as the same minutes or hours.
    """
    sides = apart(asked, after.covering(before), after)
    if summed(asked, sides[0]) == summed(asked, sides[1]):
        raise BadInputError(
            "before is summed over the same time as range; give a range that is further away.", path="before"
        )
    whole = Shape(shape.level, shape.expand, COMPARED)
    was, now = await asyncio.gather(*(service_graph(asked, side, whole) for side in sides))
    return await anyio.to_thread.run_sync(compare, was, now, factor)


def summed(asked: Asked, graph: GraphAsked) -> TimeRange:
    """The range that an answer is about."""
    if needs_records(asked, graph):
        return graph.range
    return asked.api.graph.effective(graph.range, asked.now)


def apart(asked: Asked, before: GraphAsked, after: GraphAsked) -> tuple[GraphAsked, GraphAsked]:
    """The same, but that of ranges that do not overlap the earlier ends where the later is summed from:
    roll-ups widen both, and what lies between must not count in both.
    """
    first, last = sorted((before, after), key=lambda side: side.range.start)
    if first.range.end > last.range.start:
        return before, after
    limit = summed(asked, last).start
    for end in (limit, limit // HOUR * HOUR):
        if end <= first.range.start:
            break
        cut = first.covering(TimeRange(first.range.start, min(first.range.end, end)))
        if summed(asked, cut).end <= limit:
            return (cut, after) if first is before else (before, cut)
    return before, after


async def policy_changes(
    asked: Asked, ends: tuple[NodeRef, NodeRef], between: TimeRange, decisions: Iterable[Decision]
) -> list[PolicyChange]:
    """Of the ends' clusters, of what may bear on traffic between them: those that decided it first, then the
    newest.
    """
    deciders = {key for each in decisions for key in _deciders(each, ends)}
    namespaces = {end.namespace for end in ends}
    found: list[PolicyChange] = []
    for cluster in sorted({end.cluster for end in ends}):
        for kinds, most in _MOST:
            wanted = ManifestChangesAsked(cluster, between, kinds)
            found += [
                PolicyChange(each, each.version.key in deciders)
                for each in await asked.api.catalog.manifest_changes(asked.scope, wanted, most)
                if _bears(each.version.key, namespaces)
            ]
    return sorted(found, key=lambda each: (not each.decided, -each.change.version.start))


def _bears(key: ManifestKey, namespaces: set[str | None]) -> bool:
    """Policies and namespaces of the ends; what is global, and sets, which other namespaces may refer to."""
    if key.kind == "Namespace":
        return key.name in namespaces
    return key.namespace is None or key.kind in _SETS or key.namespace in namespaces


def _deciders(decision: Decision, ends: tuple[NodeRef, NodeRef]) -> Iterable[ManifestKey]:
    """How the objects of a step may be named: Calico writes a tier before a name, or not. They are of the
    cluster whose end evaluated it.
    """
    hit = decision.hit
    cluster = ends[decision.reporter == Reporter.DST].cluster
    if hit["set"] != PolicySet.ENFORCED:
        return
    kind, namespace, name, tier = hit["kind"], hit["namespace"], hit["name"], hit["tier"]
    if kind and name:
        yield ManifestKey(cluster, kind, namespace, name)
        if tier:
            yield ManifestKey(cluster, kind, namespace, f"{tier}.{name}")
    if hit["end_of_tier"] and tier:
        yield ManifestKey(cluster, "Tier", None, tier)
