"""How each workload stands in each component: the facts of records and the isolation of manifests, joined."""

from collections.abc import Mapping

from tapetum.domain.endpoints import NodeKind, NodeRef
from tapetum.posture.components import Component, Standing
from tapetum.posture.facts import Facts, Nodes
from tapetum.posture.isolation import Place

Isolation = Mapping[str, Mapping[Place, Standing]]
"""By cluster; one without manifests has none."""
ImageRisk = Mapping[str, Mapping[Place, Standing]]
"""The same of images."""
Standings = Mapping[NodeRef, Mapping[Component, Standing]]
"""Of workloads; of a namespace only how a new pod in it would be isolated."""
NO_IMAGES: ImageRisk = {}


def standings(facts: Facts, isolated: Isolation, images: ImageRisk = NO_IMAGES) -> Standings:
    there = {
        NodeRef(NodeKind.WORKLOAD, cluster, namespace, name)
        for cluster, places in isolated.items()
        for namespace, name in places
        if name is not None
    }
    seen = facts.workloads
    sending, receiving = (_of_clusters(seen, reported) for reported in (facts.sources, facts.targets))
    found: dict[NodeRef, Mapping[Component, Standing]] = {
        node: {
            Component.ISOLATION: _isolation(isolated, node, node.name),
            Component.EGRESS: _judged(node, facts.unpoliced_egress, facts.untraced_egress, seen=sending),
            Component.EXPOSURE: _judged(node, facts.exposed, facts.unaddressed, seen=receiving),
            Component.CLEARTEXT: _judged(node, facts.cleartext, facts.portless, seen=seen),
            # Either end may deny, and only traces tell what staged policies would.
            Component.GAPS: _judged(
                node, facts.denied | facts.staged, facts.untraced, seen=sending & receiving
            ),
            Component.IMAGES: _isolation(images, node, node.name),
        }
        for node in seen | there
    }
    for node in {each.folded for each in seen | there if each.namespace is not None}:
        found[node] = {Component.ISOLATION: _isolation(isolated, node, None)}
    return found


def _of_clusters(seen: Nodes, reported: Nodes) -> Nodes:
    """Those whose cluster's logs tell of such ends at all: who is not among them did nothing there."""
    clusters = {node.cluster for node in reported}
    return frozenset(node for node in seen if node.cluster in clusters)


def _judged(node: NodeRef, unsafe: Nodes, unclear: Nodes = frozenset(), *, seen: Nodes) -> Standing:
    if node in unsafe:
        return Standing.UNSAFE
    return Standing.SAFE if node in seen and node not in unclear else Standing.UNKNOWN


def _isolation(isolated: Isolation, node: NodeRef, name: str | None) -> Standing:
    return isolated.get(node.cluster, {}).get((node.namespace or "", name), Standing.UNKNOWN)
