"""A workload's rules as the document of a policy, as a cluster would be given it."""

from collections.abc import Mapping, Sequence
from typing import Any

from tapetum.domain.policy_trace import PolicyKind
from tapetum.policy.recommend.drafts import Draft, Ports
from tapetum.policy.recommend.options import Options, Style
from tapetum.policy.recommend.peers import Nets, calico, kubernetes
from tapetum.policy.recommend.workloads import Workload
from tapetum.policy.resources.kubernetes_policies import ORDER
from tapetum.policy.resources.policies import DEFAULT_TIER, Policy, PolicyId
from tapetum.policy.rules import IP_VERSIONS, WITH_PORTS, Direction, protocol_name
from tapetum.policy.selectors import ALL
from tapetum.policy.wording import plain

_CALICO = "projectcalico.org/v3"
_NAMES = {
    "icmp": "ICMP",
    "icmpv6": "ICMPv6",
    "udplite": "UDPLite",
    "tcp": "TCP",
    "udp": "UDP",
    "sctp": "SCTP",
}
Rules = Mapping[Direction, Sequence[Draft]]
Document = dict[str, Any]


def expressible(draft: Draft, style: Style) -> bool:
    """Kubernetes' policies know protocols with ports only, Calico's some names and all numbers.

    Calico's nets are of the protocol's IP version.
    """
    if style is Style.KUBERNETES:
        return draft.protocol in (None, *WITH_PORTS)
    named = draft.protocol in (None, *_NAMES) or protocol_name(draft.protocol) is not None
    version = IP_VERSIONS.get(draft.protocol or "")
    return named and (
        version is None or not isinstance(draft.peer, Nets) or draft.peer.versions in ((), (version,))
    )


def placed(workload: Workload, options: Options) -> Policy:
    """Where the policy will stand, without its rules."""
    name = f"recommended-{workload.name}"
    namespace = workload.namespace
    if options.style is Style.KUBERNETES:
        return Policy(PolicyId(PolicyKind.KUBERNETES_NETWORK_POLICY, namespace, name), ORDER, ALL)
    name = name if options.tier == DEFAULT_TIER else f"{options.tier}.{name}"
    return Policy(PolicyId(PolicyKind.NETWORK_POLICY, namespace, name, options.tier), options.order, ALL)


def document(workload: Workload, rules: Rules, options: Options) -> Document:
    id_ = placed(workload, options).id
    metadata = {"name": id_.name, "namespace": id_.namespace}
    if options.style is Style.KUBERNETES:
        spec = _kubernetes(workload, rules)
        return {
            "apiVersion": "networking.k8s.io/v1",
            "kind": "NetworkPolicy",
            "metadata": metadata,
            "spec": spec,
        }
    staged = options.style is Style.STAGED
    kind = "StagedNetworkPolicy" if staged else "NetworkPolicy"
    spec: Document = {
        "tier": options.tier,
        "order": options.order,
        "selector": plain(workload.selection.selector),
        "types": [each.value for each in Direction],
    }
    for direction in Direction:
        spec[direction.value.lower()] = [_rule(each, workload, direction) for each in rules[direction]]
    if staged:
        spec["stagedAction"] = "Set"
    return {"apiVersion": _CALICO, "kind": kind, "metadata": metadata, "spec": spec}


def tier_document(options: Options) -> Document:
    return {
        "apiVersion": _CALICO,
        "kind": "Tier",
        "metadata": {"name": options.tier},
        "spec": {"order": options.tier_order, "defaultAction": "Deny"},
    }


def _rule(draft: Draft, workload: Workload, direction: Direction) -> Document:
    found: Document = {"action": "Deny" if draft.denies else "Allow"}
    if draft.protocol is not None:
        found["protocol"] = _NAMES.get(draft.protocol) or int(draft.protocol)
    peer = calico(draft.peer, workload.namespace)
    # A service brings its ports along.
    ports = {"ports": _calico_ports(draft.ports)} if draft.ports and "services" not in peer else {}
    source, destination = (peer, ports) if direction is Direction.INGRESS else ({}, {**peer, **ports})
    return {
        **found,
        **({"source": source} if source else {}),
        **({"destination": destination} if destination else {}),
    }


def _calico_ports(ports: Sequence[int]) -> list[int | str]:
    return [first if first == last else f"{first}:{last}" for first, last in ranges(ports)]


def ranges(ports: Sequence[int]) -> list[tuple[int, int]]:
    """Ports that follow one another as one range."""
    found: list[tuple[int, int]] = []
    for port in ports:
        if found and port == found[-1][1] + 1:
            found[-1] = (found[-1][0], port)
        else:
            found.append((port, port))
    return found


def _kubernetes(workload: Workload, rules: Rules) -> Document:
    spec: Document = {
        "podSelector": workload.selection.label_selector,
        "policyTypes": [each.value for each in Direction],
    }
    for direction, ends in ((Direction.INGRESS, "from"), (Direction.EGRESS, "to")):
        spec[direction.value.lower()] = [
            _kubernetes_rule(each, workload, ends) for each in rules[direction] if not each.denies
        ]
    return spec


def _kubernetes_rule(draft: Draft, workload: Workload, ends: str) -> Document:
    peers = kubernetes(draft.peer, workload.namespace) or []
    ports = _kubernetes_ports(draft.protocol, draft.ports)
    return {**({ends: peers} if peers else {}), **({"ports": ports} if ports else {})}


def _kubernetes_ports(protocol: str | None, ports: Ports) -> list[Document]:
    if protocol is None:
        return []
    name = protocol.upper()
    if ports is None:
        return [{"protocol": name}]
    return [
        {"protocol": name, "port": first, **({"endPort": last} if last != first else {})}
        for first, last in ranges(ports)
    ]
