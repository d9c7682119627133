"""NetworkPolicy of networking.k8s.io, and Calico's staged form of it, in the model of Calico's rules."""

from tapetum.domain.policy_trace import PolicyKind
from tapetum.policy.addresses import region
from tapetum.policy.documents.problem import Refused, shown
from tapetum.policy.labels import NAMESPACE
from tapetum.policy.resources import kubernetes_rules, label_selectors
from tapetum.policy.resources.calico_policies import staged_action
from tapetum.policy.resources.fields import Fields
from tapetum.policy.resources.kubernetes_rules import ProtocolPort
from tapetum.policy.resources.metadata import namespace_of
from tapetum.policy.resources.nets import network, networks
from tapetum.policy.resources.policies import Policy, PolicyId
from tapetum.policy.resources.ports import kubernetes_port
from tapetum.policy.rules import LAST_PORT, TCP, Direction, Entity, Rule, RuleAction
from tapetum.policy.selectors import Equals, both

ORDER = 1000.0
"""Where every such policy stands in the default tier."""

PROTOCOLS = ("TCP", "UDP", "SCTP")


def network_policy(document: Fields, *, staged: bool = False) -> Policy:
    kind = PolicyKind.STAGED_KUBERNETES_NETWORK_POLICY if staged else PolicyKind.KUBERNETES_NETWORK_POLICY
    namespace = namespace_of(document)
    spec = document.fields("spec")
    spec.only("podSelector", "ingress", "egress", "policyTypes", *(("stagedAction",) if staged else ()))
    types = _types(spec)
    found = {each: _rules(spec, each, namespace) for each in Direction}
    return Policy(
        id=PolicyId(kind, namespace, document.fields("metadata").name()),
        order=ORDER,
        selector=both(Equals(NAMESPACE, namespace), label_selectors.pods(spec.fields("podSelector"))),
        ingress=found[Direction.INGRESS] if Direction.INGRESS in types else None,
        egress=found[Direction.EGRESS] if Direction.EGRESS in types else None,
        staged=staged_action(spec) if staged else None,
    )


def _types(spec: Fields) -> frozenset[str]:
    given = spec.texts("policyTypes")
    for each in given:
        if each not in list(Direction):
            raise spec.wrong(
                "policyTypes", f"{shown(each)} is not a direction; write Ingress, Egress or both."
            )
    if given:
        at_most = len(Direction)  # one may be given twice: so does Kubernetes have it
        spec.expect(len(given) <= at_most, "policyTypes", f"they are more than {at_most}; write each once.")
        return frozenset(given)
    return (
        frozenset(Direction)
        if spec.plain_list("egress") and not spec.stored
        else frozenset((Direction.INGRESS,))
    )


def _rules(spec: Fields, direction: Direction, namespace: str) -> tuple[Rule, ...]:
    ends = "from" if direction is Direction.INGRESS else "to"
    rules: list[Rule] = []
    for origin, each in enumerate(spec.items(direction.value.lower())):
        each.only(ends, "ports")
        peers = [_peer(peer, namespace) for peer in each.items(ends)] or [Entity()]
        ports = [_port(port) for port in each.items("ports")] or [kubernetes_rules.ANYTHING]
        rules += kubernetes_rules.expanded(RuleAction.ALLOW, direction, peers, ports, origin)
    return tuple(rules)


def _peer(peer: Fields, namespace: str) -> Entity:
    peer.only("podSelector", "namespaceSelector", "ipBlock")
    if "ipBlock" in peer:
        if len([each for each in peer.value.values() if each is not None]) > 1:
            raise peer.wrong("ipBlock", "it cannot stand beside a selector; make two peers of them.")
        return _block(peer.fields("ipBlock"))
    if "podSelector" not in peer and "namespaceSelector" not in peer:
        raise Refused("a peer needs a podSelector, a namespaceSelector or an ipBlock.", path=peer.path)
    where = (
        label_selectors.namespaces(peer.fields("namespaceSelector"))
        if "namespaceSelector" in peer
        else Equals(NAMESPACE, namespace)
    )
    return Entity(selector=both(where, label_selectors.pods(peer.fields("podSelector"))))


def _block(fields: Fields) -> Entity:
    fields.only("cidr", "except")
    whole, without = network(fields, "cidr"), networks(fields, "except")
    for at, each in enumerate(without):
        inside = region([each]) <= region([whole]) and each != whole
        fields.expect(
            inside, f"except[{at}]", f"{each} is not a part of {whole}; write a smaller net within it."
        )
    return Entity(nets=region([whole]), not_nets=region(without) if without else None)


def _port(fields: Fields) -> ProtocolPort:
    fields.only("protocol", "port", "endPort")
    protocol = fields.one_of("protocol", *PROTOCOLS, default="TCP").lower()
    last = fields.whole("endPort", 1, LAST_PORT)
    if "port" not in fields:
        if last is not None:
            raise fields.wrong("endPort", "it needs a port to begin at; set port.")
        return ProtocolPort(protocol or TCP, None)
    return ProtocolPort(protocol, kubernetes_port(fields, last))
