"""Two ranges of the service graph side by side, and what changed of the policies between them."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

from tapetum.api.context import Asked
from tapetum.api.use.service_graph import GraphAsked, service_graph
from tapetum.catalog.manifests import ManifestChangesAsked
from tapetum.domain.endpoints import NodeRef
from tapetum.domain.errors import BadInputError
from tapetum.domain.graph_comparison import GraphComparison, compare
from tapetum.domain.manifests import ManifestChange, ManifestKey
from tapetum.domain.moments import TimeRange
from tapetum.domain.policy_trace import PolicyKind, PolicySet
from tapetum.domain.service_graph import Shape
from tapetum.logstore.port import Decision

COMPARED = 100_000
"""Edges of a side; the rest is left out, and the answer says so."""

_SETS = frozenset(("NetworkSet", "GlobalNetworkSet"))
_POLICIES = frozenset(kind.value for kind in PolicyKind if kind is not PolicyKind.END_OF_TIER)
_KINDS = _POLICIES | _SETS | {"Tier", "Namespace"}
_MOST = 2000
"""Changes of a cluster that are looked through, the newest."""


@dataclass(frozen=True, slots=True)
class PolicyChange:
    """`decided`: what changed decided the edge, before or after."""

    change: ManifestChange
    decided: bool


async def compare_graphs(
    asked: Asked, after: GraphAsked, before: TimeRange, shape: Shape, factor: float
) -> GraphComparison:
    """All edges of both, whatever the shape's limit. Raises BadInputError where the ranges are the same."""
    if before == after.range:
        raise BadInputError("before is the same as range; give another range of time.", path="before")
    whole = Shape(shape.level, shape.expand, COMPARED)
    was, now = await asyncio.gather(
        service_graph(asked, after.covering(before), whole), service_graph(asked, after, whole)
    )
    return compare(was, now, factor)


async def policy_changes(
    asked: Asked, ends: tuple[NodeRef, NodeRef], between: TimeRange, decisions: Iterable[Decision]
) -> list[PolicyChange]:
    """Of the ends' clusters, of what may bear on traffic between them: those that decided it first, then the
    newest.
    """
    deciders = {key for each in decisions for key in _deciders(each)}
    namespaces = {end.namespace for end in ends}
    found: list[PolicyChange] = []
    for cluster in sorted({end.cluster for end in ends}):
        wanted = ManifestChangesAsked(cluster, between, _KINDS)
        for each in await asked.api.catalog.manifest_changes(asked.scope, wanted, _MOST):
            key = each.version.key
            if _bears(key, namespaces):
                found.append(PolicyChange(each, (key.kind, key.namespace, key.name) in deciders))
    return sorted(found, key=lambda each: (not each.decided, -each.change.version.start))


def _bears(key: ManifestKey, namespaces: set[str | None]) -> bool:
    """Policies and namespaces of the ends; what is global, and sets, which other namespaces may refer to."""
    if key.kind == "Namespace":
        return key.name in namespaces
    return key.namespace is None or key.kind in _SETS or key.namespace in namespaces


def _deciders(decision: Decision) -> Iterable[tuple[str, str | None, str]]:
    """How the objects of a step may be named: Calico writes a tier before a name, or not."""
    hit = decision.hit
    if hit["set"] != PolicySet.ENFORCED:
        return
    kind, namespace, name, tier = hit["kind"], hit["namespace"], hit["name"], hit["tier"]
    if kind and name:
        yield kind, namespace, name
        if tier:
            yield kind, namespace, f"{tier}.{name}"
    if hit["end_of_tier"] and tier:
        yield "Tier", None, tier
