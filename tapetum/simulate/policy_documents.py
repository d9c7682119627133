"""Renders tiers, policies and network sets as the documents a cluster would hold.

The only place that turns the author's values into selector text.
"""

from typing import Any

from tapetum.simulate.inventory import NetworkSet
from tapetum.simulate.policies import Block, Peer, Policy, PolicyKind, Rule, Selection, Terms, Tier

Document = dict[str, Any]
CALICO = "projectcalico.org/v3"


def tier_document(tier: Tier) -> Document:
    return {
        "apiVersion": CALICO,
        "kind": "Tier",
        "metadata": {"name": tier.name},
        "spec": {"order": tier.order, "defaultAction": tier.default.capitalize()},
    }


def network_set_document(each: NetworkSet) -> Document:
    metadata: Document = {"name": each.name, "labels": dict(each.labels)}
    if each.namespace:
        metadata["namespace"] = each.namespace
    spec: Document = {"nets": list(each.nets)}
    if each.domains:
        spec["allowedEgressDomains"] = list(each.domains)
    kind = "NetworkSet" if each.namespace else "GlobalNetworkSet"
    return {"apiVersion": CALICO, "kind": kind, "metadata": metadata, "spec": spec}


def policy_document(policy: Policy) -> Document:
    if policy.kind is PolicyKind.KUBERNETES:
        return _kubernetes(policy)
    metadata: Document = {"name": f"{policy.tier}.{policy.name}"}
    if policy.namespace:
        metadata["namespace"] = policy.namespace
    spec: Document = {"tier": policy.tier, "order": policy.order, "selector": selector(policy.subject.labels)}
    if policy.subject.namespaces is not None:
        spec["namespaceSelector"] = selector(policy.subject.namespaces)
    spec["types"] = []
    for direction, rules in (("Ingress", policy.ingress), ("Egress", policy.egress)):
        if rules is not None:
            spec["types"].append(direction)
            spec[direction.lower()] = [_rule(rule, ingress=direction == "Ingress") for rule in rules]
    if policy.staged:
        spec["stagedAction"] = "Set"
    return {"apiVersion": CALICO, "kind": policy.kind.value, "metadata": metadata, "spec": spec}


def selector(terms: Terms) -> str:
    return " && ".join(_term(key, values) for key, values in terms) or "all()"


def _term(key: str, values: tuple[str, ...]) -> str:
    if not values:
        return f"has({key})"
    if len(values) == 1:
        return f'{key} == "{values[0]}"'
    listed = ", ".join(f'"{value}"' for value in values)
    return f"{key} in {{{listed}}}"


def _rule(rule: Rule, *, ingress: bool) -> Document:
    document: Document = {"action": rule.act.value.capitalize()}
    if rule.protocol:
        document["protocol"] = rule.protocol.upper()
    peer = _peer(rule.peer)
    ports: Document = {"ports": list(rule.ports)} if rule.ports else {}
    source, destination = (peer, ports) if ingress else ({}, {**peer, **ports})
    if source:
        document["source"] = source
    if destination:
        document["destination"] = destination
    return document


def _peer(peer: Peer) -> Document:
    if peer.who is not None:
        document: Document = {}
        if peer.who.labels or peer.who.namespaces is None:
            document["selector"] = selector(peer.who.labels)
        if peer.who.namespaces is not None:
            document["namespaceSelector"] = selector(peer.who.namespaces)
        return document
    if peer.nets:
        return {"nets": list(peer.nets)}
    return {"domains": list(peer.domains)} if peer.domains else {}


def _kubernetes(policy: Policy) -> Document:
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": policy.name, "namespace": policy.namespace},
        "spec": {
            "podSelector": _label_selector(policy.subject.labels),
            "policyTypes": ["Ingress"],
            "ingress": [_block(block) for block in policy.blocks],
        },
    }


def _block(block: Block) -> Document:
    document: Document = {"ports": [{"protocol": name, "port": port} for name, port in block.ports]}
    if block.peers:
        document["from"] = [_kubernetes_peer(peer) for peer in block.peers]
    return document


def _kubernetes_peer(peer: Selection) -> Document:
    document: Document = {"podSelector": _label_selector(peer.labels)}
    if peer.namespaces is not None:
        document["namespaceSelector"] = _label_selector(peer.namespaces)
    return document


def _label_selector(terms: Terms) -> Document:
    document: Document = {}
    same = {key: values[0] for key, values in terms if len(values) == 1}
    if same:
        document["matchLabels"] = same
    others = [
        {"key": key, "operator": "In", "values": list(values)}
        if values
        else {"key": key, "operator": "Exists"}
        for key, values in terms
        if len(values) != 1
    ]
    if others:
        document["matchExpressions"] = others
    return document
