"""A seeded cluster with many policies, and very many connections between its ends, for the policy engine."""

from ipaddress import ip_address, ip_network
from random import Random

import numpy as np

from tapetum.domain.endpoints import EndpointKind
from tapetum.domain.policy_trace import Action, PolicyKind
from tapetum.policy.addresses import at, region
from tapetum.policy.connection import Peer
from tapetum.policy.labels import NAMESPACE, Labels
from tapetum.policy.replay import Connections, Traffic
from tapetum.policy.resources.endpoints import Namespace
from tapetum.policy.resources.policies import Policy, PolicyId, Tier
from tapetum.policy.rules import TCP, UDP, Entity, Ports, Rule, RuleAction
from tapetum.policy.selectors import parse
from tapetum.policy.state import ClusterState

RULES = 6
_NAMESPACES, _WORKLOADS, _OUTSIDE = 100, 20, 200
_PORTS = (80, 443, 5432, 6379, 8080, 9090, 3306, 22)
_PLATFORM = 10
"""One policy in so many selects everything and passes on what it does not allow or deny."""


def connections(count: int, seed: int = 1) -> Connections:
    """Between any two ends, on any of a few ports."""
    inside = [_workload(*each) for each in np.ndindex(_NAMESPACES, _WORKLOADS)]
    outside = [
        Peer(EndpointKind.NETWORK, None, f"x{each}", addresses=at([ip_address((203 << 24) + each)]))
        for each in range(_OUTSIDE)
    ]
    peers = (*inside, *outside)
    traffic = (*(Traffic(TCP, port) for port in _PORTS), Traffic(UDP, 53))
    chance = np.random.default_rng(seed)
    source, destination, kind = (
        chance.integers(0, many, count) for many in (len(peers), len(peers), len(traffic))
    )
    return Connections(peers, traffic, source, destination, kind)


def state(policies: int, seed: int = 1) -> ClusterState:
    """Most policies select two workloads of a namespace; every tenth selects all, in a tier of its own."""
    chance = Random(seed)
    return ClusterState(
        (
            Tier("platform", 1.0, Action.PASS),
            *(Namespace(f"ns{place}") for place in range(_NAMESPACES)),
            *(_policy(chance, place) for place in range(policies)),
        )
    )


def _workload(namespace: int, workload: int) -> Peer:
    labels = {NAMESPACE: f"ns{namespace}", "app": f"w{workload}", "pcns.team": f"t{namespace % 10}"}
    return Peer(
        EndpointKind.WORKLOAD,
        f"ns{namespace}",
        f"w{workload}",
        labels=Labels(labels),
        addresses=at([ip_address((10 << 24) + namespace * 256 + workload)]),
        ports=frozenset(),
        profiles=(f"kns.ns{namespace}",),
    )


def _policy(chance: Random, place: int) -> Policy:
    namespace = place % _NAMESPACES
    broad = place % _PLATFORM == 0
    apps = f"app in {{'w{chance.randrange(_WORKLOADS)}', 'w{chance.randrange(_WORKLOADS)}'}}"
    return Policy(
        PolicyId(PolicyKind.GLOBAL_NETWORK_POLICY, None, f"p{place}", "platform" if broad else "default"),
        float(place),
        parse("has(app)" if broad else f"{NAMESPACE} == 'ns{namespace}' && {apps}"),
        tuple(_rule(chance, namespace, broad, inward=True) for _ in range(RULES)),
        tuple(_rule(chance, namespace, broad, inward=False) for _ in range(RULES)),
    )


def _rule(chance: Random, namespace: int, broad: bool, *, inward: bool) -> Rule:
    action = (
        chance.choice((RuleAction.ALLOW, RuleAction.PASS, RuleAction.DENY)) if broad else RuleAction.ALLOW
    )
    other = _other(chance, namespace)
    ports = Ports(((port := chance.choice(_PORTS), port),))
    if inward:
        return Rule(action, source=other, destination=Entity(ports=ports), protocol=TCP)
    return Rule(
        action, destination=Entity(nets=other.nets, selector=other.selector, ports=ports), protocol=TCP
    )


def _other(chance: Random, namespace: int) -> Entity:
    match chance.randrange(5):
        case 0 | 1:
            app = f"app == 'w{chance.randrange(_WORKLOADS)}'"
            return Entity(selector=parse(f"{NAMESPACE} == 'ns{namespace}' && {app}"))
        case 2:
            return Entity(selector=parse(f"pcns.team == 't{chance.randrange(10)}'"))
        case 3:
            nets = (f"203.0.0.{128 * chance.randrange(2)}/25", f"10.0.{chance.randrange(_NAMESPACES)}.0/24")
            return Entity(nets=region(map(ip_network, nets)))
        case _:
            return Entity()
