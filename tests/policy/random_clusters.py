"""Clusters and connections at random, small enough that rules meet them and odd enough to leave doubts."""

from collections.abc import Iterator
from dataclasses import replace
from ipaddress import ip_network
from random import Random

from tapetum.domain.endpoints import EndpointKind
from tapetum.domain.policy_trace import Action, PolicyKind
from tapetum.policy.addresses import EVERYWHERE, FOUR, NOWHERE, Region, region
from tapetum.policy.connection import Connection, HttpRequest, Peer
from tapetum.policy.labels import NAMESPACE, Labels
from tapetum.policy.resources.endpoints import NamedPort, Namespace, Profile
from tapetum.policy.resources.kinds import Resource
from tapetum.policy.resources.network_sets import NetworkSet
from tapetum.policy.resources.policies import Policy, PolicyId, Stage, StagedAction, Tier
from tapetum.policy.resources.services import EndpointSlice
from tapetum.policy.rules import (
    Entity,
    HttpMatch,
    Icmp,
    PathMatch,
    Ports,
    Rule,
    RuleAction,
    ServiceRef,
)
from tapetum.policy.selectors import Selector, parse
from tapetum.policy.state import ClusterState

_NETS = ("10.0.0.0/8", "10.0.1.0/24", "10.0.1.7/32", "192.0.2.0/24", "fd00::/8", "fd00:1::/64", "0.0.0.0/0")
_DOMAINS = ("api.example.com", "*.example.com", "db.svc.local", "example.org")
_TERMS = (
    "all()", "has(app)", "!has(app)", "app == 'a'", "app != 'a'", "app in {'a', 'b'}", "app not in {'b'}",
    "app contains 'a'", "app starts with 'b'", "app ends with 'c'", "tier == 'x'", "global()",
    f"{NAMESPACE} == 'one'", f"has({NAMESPACE})",
)  # fmt: skip
_PROTOCOLS = ("tcp", "udp", "sctp", "icmp", "icmpv6", "47", None)
_PORTS = (53, 80, 443, 8080, None)
_NAMES = ("web", "dns")
_HIDDEN = ("", "app", "tier", "pcns.")


def maybe(chance: Random, often: float) -> bool:
    return chance.random() < often


def selector(chance: Random) -> Selector:
    terms = [chance.choice(_TERMS) for _ in range(chance.choice((1, 1, 2, 3)))]
    return parse(chance.choice((" && ", " || ")).join(terms))


def labels(chance: Random) -> Labels:
    held = {
        key: chance.choice(values)
        for key, values in (("app", "abc"), ("tier", "xy"), (NAMESPACE, ("one", "two")))
        if maybe(chance, 0.6)
    }
    hidden = [chance.choice(_HIDDEN)] if maybe(chance, 0.2) else []
    return Labels(held, hidden=hidden)


def addresses(chance: Random) -> Region:
    if maybe(chance, 0.2):
        return chance.choice((EVERYWHERE, FOUR, NOWHERE))
    return region(ip_network(each) for each in chance.sample(_NETS, chance.choice((1, 1, 2))))


def network_set(chance: Random, place: int) -> NetworkSet:
    domains = tuple(chance.sample(_DOMAINS, chance.choice((0, 0, 1, 2))))
    return NetworkSet(None, f"set-{place}", labels(chance), addresses(chance), domains)


def named_ports(chance: Random) -> frozenset[NamedPort]:
    ports = (NamedPort(name, chance.choice(("tcp", "udp")), chance.choice(_PORTS[:-1])) for name in _NAMES)
    return frozenset(each for each in ports if maybe(chance, 0.6))


def peer(chance: Random, sets: list[NetworkSet], place: int) -> Peer:
    kind = chance.choice((EndpointKind.WORKLOAD,) * 4 + tuple(EndpointKind))
    governed = kind in (EndpointKind.WORKLOAD, EndpointKind.HOST)
    return Peer(
        kind,
        "one" if kind is EndpointKind.WORKLOAD else None,
        f"peer-{place}",
        exact=maybe(chance, 0.7),
        labels=labels(chance) if governed else None,
        addresses=addresses(chance),
        ports=named_ports(chance) if governed and maybe(chance, 0.8) else None,
        profiles=tuple(chance.sample(("kns.one", "ksa.one.x", "given", "lost"), chance.choice((0, 1, 1, 2)))),
        sets=frozenset(chance.sample(sets, 1)) if sets and maybe(chance, 0.2) else frozenset(),
        domains=tuple(chance.sample(_DOMAINS, 1)) if maybe(chance, 0.3) else None,
        not_domains=frozenset(chance.sample(_DOMAINS, 2)) if maybe(chance, 0.2) else frozenset(),
    )


def ports(chance: Random) -> Ports:
    ranges = tuple((port, port + chance.choice((0, 0, 100))) for port in chance.sample(_PORTS[:-1], 1))
    if maybe(chance, 0.1):
        return Ports(((0, 65_535),))
    return Ports(ranges, frozenset(chance.sample(_NAMES, chance.choice((0, 0, 1)))))


def entity(chance: Random, often: float) -> Entity:
    return Entity(
        nets=addresses(chance) if maybe(chance, often / 2) else None,
        not_nets=addresses(chance) if maybe(chance, often / 4) else None,
        selector=selector(chance) if maybe(chance, often) else None,
        not_selector=selector(chance) if maybe(chance, often / 4) else None,
        ports=ports(chance) if maybe(chance, often) else None,
        not_ports=ports(chance) if maybe(chance, often / 4) else None,
        service=ServiceRef("one", chance.choice("st")) if maybe(chance, often / 4) else None,
        domains=tuple(chance.sample(_DOMAINS, 1)) if maybe(chance, often / 4) else (),
    )


def rule(chance: Random) -> Rule:
    return Rule(
        chance.choice((*RuleAction, RuleAction.ALLOW)),
        entity(chance, 0.3),
        entity(chance, 0.4),
        protocol=chance.choice(_PROTOCOLS) if maybe(chance, 0.4) else None,
        not_protocol=chance.choice(_PROTOCOLS) if maybe(chance, 0.1) else None,
        icmp=Icmp(8, chance.choice((None, 0))) if maybe(chance, 0.1) else None,
        not_icmp=Icmp(8) if maybe(chance, 0.05) else None,
        ip_version=chance.choice((4, 6)) if maybe(chance, 0.1) else None,
        http=HttpMatch(frozenset(("GET",)), (PathMatch("/a", prefix=True),)) if maybe(chance, 0.1) else None,
    )


def rules(chance: Random) -> tuple[Rule, ...] | None:
    return tuple(rule(chance) for _ in range(chance.randint(0, 4))) if maybe(chance, 0.7) else None


def policy(chance: Random, place: int, tiers: list[Tier]) -> Policy:
    staged = chance.choice(tuple(StagedAction)) if maybe(chance, 0.2) else None
    kind = PolicyKind.STAGED_GLOBAL_NETWORK_POLICY if staged else PolicyKind.GLOBAL_NETWORK_POLICY
    return Policy(
        PolicyId(kind, None, f"p{place % 7}", chance.choice(tiers).name),
        chance.choice((None, 1.0, 2.0, float(place))),
        selector(chance),
        rules(chance),
        rules(chance),
        staged,
        chance.choice((*Stage, Stage.NORMAL, Stage.NORMAL)),
    )


def state(chance: Random) -> tuple[ClusterState, list[NetworkSet]]:
    tiers = [
        Tier(name, order, chance.choice((Action.DENY, Action.PASS)))
        for name, order in (("a", 1.0), ("b", None))
    ]
    sets = [network_set(chance, place) for place in range(chance.randint(0, 4))]
    slices = [
        EndpointSlice("one", f"slice-{place}", "s", addresses(chance), frozenset({("tcp", 80)}))
        for place in range(chance.randint(0, 2))
    ]
    given: list[Resource] = [
        *tiers,
        *sets,
        *slices,
        Namespace("one"),
        Profile("given", ingress=rules(chance) or (), egress=rules(chance) or ()),
        *(policy(chance, place, tiers) for place in range(chance.randint(1, 10))),
    ]
    return ClusterState(given), sets


def connections(chance: Random, sets: list[NetworkSet], count: int) -> Iterator[Connection]:
    peers = [peer(chance, sets, place) for place in range(30)]
    for _ in range(count):
        one = Connection(
            chance.choice(peers),
            chance.choice(peers),
            chance.choice(_PROTOCOLS),
            chance.choice(_PORTS),
            chance.choice((None, None, 80)),
            icmp_type=chance.choice((None, 8, 0)),
            ip_version=chance.choice((None, None, 4, 6)),
            service=ServiceRef("one", chance.choice("st")) if maybe(chance, 0.2) else None,
        )
        if maybe(chance, 0.3):
            request = HttpRequest(chance.choice((None, "GET", "PUT")), chance.choice((None, "/a/b", "/c")))
            one = replace(one, http=request)
        yield one
