"""What is claimed of rules holds: held to the evaluator, connection by connection, without the rules."""

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from ipaddress import ip_address
from itertools import product
from random import Random
from typing import Any

import pytest

from tapetum.policy.addresses import EVERYWHERE, NOWHERE, at
from tapetum.policy.analysis import Basis, FindingKind, RuleRef, review, selected
from tapetum.policy.connection import Connection, HttpRequest, Peer
from tapetum.policy.evaluate import evaluate
from tapetum.policy.labels import NAMESPACE, Labels
from tapetum.policy.resources.endpoints import Namespace, Pod
from tapetum.policy.resources.policies import Policy, PolicyId
from tapetum.policy.rules import Direction
from tapetum.policy.selectors import parse
from tapetum.policy.state import ClusterState, View
from tapetum.policy.trace import Trace, Verdict
from tests.policy import random_clusters
from tests.policy.clusters import cluster
from tests.policy.random_clusters import maybe

_RUNS = int(os.environ.get("ANALYSIS_RUNS", "40"))
_FIRST = int(os.environ.get("ANALYSIS_SEED", "0"))
_OUTSIDE = ("10.0.1.7", "192.0.2.9", "203.0.113.1", "fd00:1::5", "2001:db8::1")


def pods(chance: Random) -> Iterator[Pod]:
    for place in range(chance.randint(1, 5)):
        own = random_clusters.labels(chance)
        addresses = at([ip_address(f"10.0.1.{place}"), ip_address(f"fd00::{place + 1}")])
        yield Pod(
            "one",
            f"pod-{place}",
            f"pod-{place}",
            labels=Labels({key: value for key, value in own.items() if key != NAMESPACE}),
            addresses=chance.choice((addresses, addresses, NOWHERE)),
            ports=random_clusters.named_ports(chance),
        )


def world(chance: Random) -> ClusterState:
    state, _ = random_clusters.state(chance)
    simple = [plain(chance, each) for each in state.policies]
    return state.changed(put=[*pods(chance), *simple])


def plain(chance: Random, policy: Policy) -> Policy:
    """Mostly rules of few terms, so that some cover others."""
    if maybe(chance, 0.3):
        return policy
    thin: dict[str, Any] = {}
    for name in ("ingress", "egress"):
        rules = getattr(policy, name)
        thin[name] = rules and tuple(
            replace(
                each,
                source=each.source if maybe(chance, 0.5) else replace(each.source, selector=None, ports=None),
                protocol="tcp",
                not_protocol=None,
                icmp=None,
                not_icmp=None,
                http=each.http if maybe(chance, 0.1) else None,
            )
            for each in rules
        )
    selector = parse(chance.choice(("all()", "has(app)", "app == 'a'", "app in {'a', 'b'}")))
    return replace(policy, selector=selector, **thin)


def connections(chance: Random, state: ClusterState, count: int) -> Iterator[Connection]:
    """With all that can be known of each."""
    ends: list[Peer] = [
        *(replace(each, addresses=at([ip_address(f"10.0.1.{9 + place}")]))
          if each.addresses == EVERYWHERE else each for place, each in enumerate(state.endpoints)),
        *(state.at(address, chance.choice(((), ("api.example.com",)))) for address in _OUTSIDE),
    ]  # fmt: skip
    inside = [each for each in ends if each.governed]
    pairs = [pair for one in inside for other in ends for pair in ((one, other), (other, one))]
    kinds = list(product(("tcp", "udp", "sctp", "47"), (53, 80, 101, 443, 8080), (80, 40_000)))
    for _ in range(count):
        source, destination = chance.choice(pairs)
        version = chance.choice((4, 6))
        if maybe(chance, 0.1):
            protocol = chance.choice(("icmp", "icmpv6"))
            yield Connection(
                source, destination, protocol, icmp_type=chance.choice((8, 0)), icmp_code=0,
                ip_version=4 if protocol == "icmp" else 6,
            )  # fmt: skip
            continue
        protocol, port, source_port = chance.choice(kinds)
        bare = protocol == "47"
        yield Connection(
            source, destination, protocol, None if bare else port, None if bare else source_port,
            ip_version=version,
            http=HttpRequest(chance.choice(("GET", "PUT")), chance.choice(("/a/b", "/c")), ())
            if protocol == "tcp" else None,
        )  # fmt: skip


def without(state: ClusterState, refs: Iterable[RuleRef]) -> ClusterState:
    gone = set(refs)
    put: list[Policy] = []
    for policy in state.policies:
        kept: dict[str, Any] = {}
        for direction in Direction:
            rules = policy.rules(direction)
            kept[direction.lower()] = rules and tuple(
                rule for place, rule in enumerate(rules) if RuleRef(policy.id, direction, place) not in gone
            )
        put.append(replace(policy, **kept))
    return state.changed(put=put)


def traces(state: ClusterState, connection: Connection) -> dict[Direction, Trace]:
    found = evaluate(state, connection)
    return {each.direction: each.enforced for each in (found.egress, found.ingress) if each is not None}


@pytest.mark.parametrize("seed", range(_FIRST, _FIRST + _RUNS))
def test_rules_that_are_said_to_do_nothing_can_go_alone_and_together(seed: int) -> None:
    chance = Random(seed)
    state = world(chance)
    found = review(state)
    every = list(connections(chance, state, 150 if found else 0))
    before = [traces(state, each) for each in every]
    never = {finding.at for finding in found if finding.kind is not FindingKind.REDUNDANT}
    for direction, trace in (each for had in before for each in had.items() if not each[1].doubts):
        assert not never & {RuleRef(step.policy, direction, step.rule) for step in trace.steps}
    for gone in ([finding.at for finding in found], *([finding.at] for finding in found)):
        after = without(state, gone)
        for connection, had in zip(every, before, strict=True):
            for direction, trace in traces(after, connection).items():
                certain = Verdict.UNCERTAIN not in (trace.verdict, had[direction].verdict)
                assert not certain or trace.verdict is had[direction].verdict, f"{gone}\n{connection}"


def test_random_worlds_have_findings_of_every_kind() -> None:
    found = Counter((each.kind, each.basis) for seed in range(60) for each in review(world(Random(seed))))
    wanted = [(kind, basis) for kind in FindingKind for basis in Basis]
    wanted.remove((FindingKind.NO_MATCH, Basis.ANY))
    assert all(found[each] >= 5 for each in wanted), found


CLUSTER = """
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web, tier: front}}
status: {podIP: 10.0.0.1}
---
apiVersion: v1
kind: Pod
metadata: {name: db, namespace: shop, labels: {app: db}}
status: {podIP: 10.0.0.2}
---
apiVersion: projectcalico.org/v3
kind: NetworkPolicy
metadata: {name: db, namespace: shop}
spec:
  selector: app == 'db'
  ingress:
RULES
"""


def claims(rules: str, view: View = View.ENFORCED) -> list[tuple[int, FindingKind, Basis, list[int]]]:
    text = CLUSTER.replace("RULES", "\n".join(f"  - {line}" for line in rules.strip().splitlines()))
    found = review(cluster(text), view)
    return [(each.at.rule, each.kind, each.basis, [by.rule for by in each.by]) for each in found]


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        (("{action: Allow, protocol: TCP, destination: {ports: ['1:100']}}\n"
         "{action: Deny, protocol: TCP, destination: {ports: [80]}}"),
         (1, FindingKind.SHADOWED, Basis.ANY, [0])),
        (("{action: Allow, protocol: TCP, destination: {ports: ['1:80']}}\n"
         "{action: Allow, protocol: TCP, destination: {ports: ['81:90']}}\n"
         "{action: Deny, protocol: TCP, destination: {ports: ['70:90']}}"),
         (2, FindingKind.SHADOWED, Basis.ANY, [0, 1])),
        (("{action: Allow, source: {nets: [10.0.0.0/9, 10.128.0.0/9]}}\n"
         "{action: Deny, source: {nets: [10.1.0.0/16]}}"),
         (1, FindingKind.SHADOWED, Basis.ANY, [0])),
        (("{action: Allow, source: {selector: \"app in {'web', 'api'}\"}}\n"
         "{action: Deny, source: {selector: app == 'web' && tier == 'front'}}"),
         (1, FindingKind.SHADOWED, Basis.ANY, [0])),
        (("{action: Allow, source: {selector: tier == 'front'}}\n"
         "{action: Allow, source: {selector: app == 'web'}}"),
         (1, FindingKind.SHADOWED, Basis.CLUSTER, [0])),
        ("{action: Allow, source: {selector: app == 'nobody'}}",
         (0, FindingKind.NO_MATCH, Basis.CLUSTER, [])),
        ("{action: Allow, protocol: TCP, destination: {ports: [80]}}\n{action: Allow, protocol: TCP}",
         (0, FindingKind.REDUNDANT, Basis.ANY, [1])),
        ("{action: Allow, protocol: UDP}\n{action: Deny, protocol: TCP}",
         (1, FindingKind.REDUNDANT, Basis.ANY, [-1])),
    ],
)  # fmt: skip
def test_what_is_found(rules: str, told: tuple[int, FindingKind, Basis, list[int]]) -> None:
    assert claims(rules) == [told]


@pytest.mark.parametrize(
    "rules",
    [
        # What is between would decide otherwise.
        (
            "{action: Allow, protocol: TCP, destination: {ports: [80]}}\n{action: Deny, protocol: TCP, "
            "destination: {ports: ['70:90']}}\n{action: Allow, protocol: TCP}"
        ),
        # A rule that logs decides nothing, and is wanted.
        "{action: Log}\n{action: Allow, protocol: TCP}",
        # A request that a log does not tell of may be any.
        "{action: Allow, http: {methods: [GET]}}\n{action: Allow, protocol: TCP, http: {methods: [PUT]}}",
        # Names of ports are each endpoint's own.
        (
            "{action: Allow, protocol: TCP, destination: {ports: [web]}}\n"
            "{action: Allow, protocol: TCP, destination: {ports: [80]}}"
        ),
    ],
)
def test_what_is_not(rules: str) -> None:
    assert claims(rules) == []


def test_an_earlier_tier_decides_for_later_ones() -> None:
    text = (
        CLUSTER.replace("RULES", "  - {action: Allow, protocol: TCP}")
        + """
---
apiVersion: projectcalico.org/v3
kind: Tier
metadata: {name: first}
spec: {order: 1}
---
apiVersion: projectcalico.org/v3
kind: GlobalNetworkPolicy
metadata: {name: first.closed}
spec: {tier: first, selector: has(app), ingress: [{action: ACTION, protocol: UDP}]}
"""
    )
    for action, shadowed in (("Allow", True), ("Pass", False)):
        found = review(cluster(text.replace("ACTION", action)))
        assert [(each.at.policy.name, each.kind) for each in found] == (
            [("db", FindingKind.SHADOWED)] if shadowed else []
        )
        assert not shadowed or str(found[0]) == (
            "Never reached, for any endpoints: all that it matches is decided "
            "before by the end of tier first."
        )


def test_a_policy_selects_endpoints_by_what_is_known_of_their_labels() -> None:
    state = cluster(CLUSTER.replace("RULES", "  - {action: Allow}")).changed(
        put=[Pod("lost", "x", "x", Labels({"app": "db"}))], remove=[]
    )
    names = {
        text: [[each.name for each in part] for part in (told.sure, told.maybe)]
        for text in ("app == 'db'", "pcns.team == 'a'", "app == 'x'")
        for told in [
            selected(state, Policy(PolicyId(state.policies[0].id.kind, None, "p"), None, parse(text)))
        ]
    }
    assert names == {
        "app == 'db'": [["db", "x"], []],
        "pcns.team == 'a'": [[], ["x"]],
        "app == 'x'": [[], []],
    }
    assert Namespace("shop") in state.resources.values()
