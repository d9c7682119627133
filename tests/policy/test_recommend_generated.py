"""On random clusters and traffic: all that was learnt is allowed, and nothing else that no proof lists."""

import json
from collections import defaultdict
from dataclasses import dataclass
from itertools import permutations, product
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tapetum.domain.endpoints import EndpointKind
from tapetum.policy.connection import Connection
from tapetum.policy.evaluate.ends import judge
from tapetum.policy.recommend import Observed, Options, Recommendation, Style, Target, recommend
from tapetum.policy.recommend.edges import Edge, learn
from tapetum.policy.recommend.parties import Party
from tapetum.policy.recommend.text import as_yaml
from tapetum.policy.recommend.workloads import Workloads
from tapetum.policy.resources.endpoints import Pod
from tapetum.policy.resources.manifests import read_manifests
from tapetum.policy.rules import Direction
from tapetum.policy.state import ClusterState, LoggedEnd
from tapetum.policy.trace import Verdict
from tapetum.policy.truth import Fact
from tests.policy.observations import End, host, net, network_set, row, seen

PORTS = (22, 53, 80, 81, 82, 443)
PROTOCOLS = ("tcp", "tcp", "udp", "icmp")
LABELS: tuple[dict[str, str], ...] = (
    {}, {"app": "a"}, {"app": "b"}, {"app": "a", "role": "x"}, {"app": "a", "role": "y"},
    {"k8s-app": "1e3"}, {"app.kubernetes.io/name": "a", "zone": "yes"}, {"zone": "no"},
)  # fmt: skip
ASKED = (("tcp", 22), ("tcp", 80), ("udp", 53), ("tcp", 9999), ("icmp", None))


def pod(namespace: str, name: str, number: int, labels: dict[str, str]) -> dict[str, Any]:
    stamp = {"pod-template-hash": name, "version": str(number)}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": f"{name}-{number}",
            "generateName": f"{name}-",
            "namespace": namespace,
            "labels": {**labels, **stamp},
        },
        "status": {"podIP": f"10.{len(namespace)}.{sum(map(ord, name)) % 200}.{number + 1}"},
    }


def world(chance: Random) -> tuple[list[dict[str, Any]], list[End]]:
    documents: list[dict[str, Any]] = []
    ends: list[End] = [net("pub"), net("pvt"), net(None), net("pub", "198.51.100.7"), net("pvt", "10.20.0.5")]
    for namespace in ("one", "three")[: chance.choice((1, 2))]:
        documents.append({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}})
        for place, labels in enumerate(chance.sample(LABELS, chance.randint(1, 5))):
            name = f"w{place}{namespace[0]}"
            found = [pod(namespace, name, each, labels) for each in range(chance.randint(1, 3))]
            documents += found
            ends.append(aggregated(namespace, name, found))
            ends += [exactly(each) for each in found[:1]]
    for number in range(chance.randint(0, 2)):
        metadata = {"name": f"h{number}", "labels": chance.choice(({}, {"edge": "yes"}, {"app": "a"}))}
        spec = {"node": "n", "interfaceName": "eth0", "expectedIPs": [f"10.0.0.{number + 1}"]}
        documents.append(calico("HostEndpoint", metadata, spec))
        ends.append(host(f"h{number}"))
    for number in range(chance.randint(0, 2)):
        metadata = {"name": f"s{number}", "labels": chance.choice(({}, {"edge": "yes"}, {"out": "a"}))}
        documents.append(calico("GlobalNetworkSet", metadata, {"nets": [f"192.0.{number}.0/24"]}))
        ends.append(network_set(f"s{number}"))
    if chance.random() < 0.5:
        order = chance.choice((50, 500))
        spec = {"order": order, "selector": "app == 'a'", "egress": [{"action": "Allow"}]}
        documents.append(calico("GlobalNetworkPolicy", {"name": "given"}, spec))
    return documents, ends


def calico(kind: str, metadata: dict[str, Any], spec: dict[str, Any]) -> dict[str, Any]:
    return {"apiVersion": "projectcalico.org/v3", "kind": kind, "metadata": metadata, "spec": spec}


def aggregated(namespace: str, name: str, pods: list[dict[str, Any]]) -> End:
    """What all share."""
    held = [set(each["metadata"]["labels"].items()) for each in pods]
    labels = [f"{key}={value}" for key, value in sorted(set.intersection(*held))]
    return {"type": "wep", "namespace": namespace, "name_aggr": f"{name}-*", "labels": labels}


def exactly(found: dict[str, Any]) -> End:
    metadata = found["metadata"]
    return {
        "type": "wep",
        "namespace": metadata["namespace"],
        "name": metadata["name"],
        "name_aggr": f"{metadata['generateName']}*",
        "ip": found["status"]["podIP"],
        "labels": [f"{key}={value}" for key, value in metadata["labels"].items()],
    }


def traffic(chance: Random, ends: list[End]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for _ in range(chance.randint(1, 25)):
        source, destination = chance.choice(ends), chance.choice(ends)
        governed = [each for each, end in (("src", source), ("dst", destination)) if end["type"] == "wep"]
        protocol = chance.choice(PROTOCOLS)
        outside = destination["type"] == "net"
        rows += [
            row(
                source,
                destination,
                None if protocol == "icmp" or chance.random() < 0.05 else chance.choice(PORTS),
                protocol=protocol,
                reporter=reporter,
                action=chance.choice(("allow", "allow", "allow", "deny")),
                domains=["api.example.com"]
                if outside and reporter == "src" and chance.random() < 0.5
                else None,
                service="default/kubernetes" if outside and chance.random() < 0.2 else None,
            )
            for reporter in governed
            if chance.random() < 0.9
        ]
    return rows


def state_of(documents: list[dict[str, Any]]) -> ClusterState:
    found = read_manifests([("a", "\n".join(map(json.dumps, documents)))])
    assert found.problems == ()
    return ClusterState(found.resources)


@dataclass
class Case:
    """`given` policies, which may stand before or behind, are in `state` and not in `bare`."""

    state: ClusterState
    bare: ClusterState
    observed: Observed
    told: Recommendation
    workloads: Workloads
    edges: tuple[Edge, ...]


def case(seed: int, style: Style) -> Case:
    chance = Random(seed)
    documents, ends = world(chance)
    state, observed = state_of(documents), seen(*traffic(chance, ends))
    workloads, told = Workloads(state, observed.recorded.ends), recommend(
        state, observed, Target(), Options(style=style)
    )  # fmt: skip
    bare = state_of([each for each in documents if each["metadata"]["name"] != "given"])
    edges = learn(observed, workloads, told.options).edges
    return Case(told.applied(state), told.applied(bare), observed, told, workloads, edges)


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from(Style))
def test_all_that_was_learnt_is_allowed_and_the_text_reads_back(seed: int, style: Style) -> None:
    found = case(seed, style)
    read = read_manifests([("a", as_yaml(found.told))])
    assert (read.problems, read.resources) == ((), found.told.resources)
    connections = found.observed.recorded.under(found.state)
    for edge in found.edges:
        if style is Style.KUBERNETES and edge.protocol == "icmp":
            continue
        for place in edge.evidence.rows:
            one = connections.at(place)
            direction = Direction.EGRESS if found.observed.by_source[place] else Direction.INGRESS
            verdict = judge(found.state, one, direction).enforced.verdict
            # Nets of several peers hold an address that is not known only together.
            doubtful = style is Style.KUBERNETES and verdict is Verdict.UNCERTAIN
            assert verdict is Verdict.ALLOW or doubtful, edge


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from(Style))
def test_what_was_not_learnt_between_pods_is_denied_or_listed(seed: int, style: Style) -> None:
    found = case(seed, style)
    used: dict[tuple[Direction, Party], set[tuple[Party, str | None, int | None]]] = defaultdict(set)
    for edge in found.edges:
        used[Direction.EGRESS, edge.source].add((edge.destination, edge.protocol, edge.port))
        used[Direction.INGRESS, edge.destination].add((edge.source, edge.protocol, edge.port))
    policies = {each.workload: each for each in found.told.policies}
    for subject, other in permutations(found.bare.pods.values(), 2):
        own, theirs = (found.workloads.of(named(each)) for each in (subject, other))
        if own not in policies:
            continue
        for direction, (protocol, port) in product(Direction, ASKED):
            ends = (subject, other) if direction is Direction.EGRESS else (other, subject)
            source, destination = (found.bare.logged(named(each)) for each in ends)
            one = Connection(source, destination, protocol, port)
            told = judge(found.bare, one, direction).enforced
            # What stands behind a service that the manifests lack, nobody can prove; a note says so.
            if told.verdict is Verdict.DENY or told.missing == {Fact.SERVICE_ENDPOINTS}:
                continue
            known = used[direction, own] & {(theirs, protocol, port), (theirs, protocol, None)}
            listed = [
                each
                for rule in policies[own].rules(direction)
                for each in rule.unused
                if (each.namespace, each.name) == (other.namespace, other.aggregate)
                and each.protocol in (None, protocol)
                and (not each.ports or port in each.ports)
            ]
            assert known or listed, (direction, subject.name, other.name, protocol, port)


def named(pod: Pod) -> LoggedEnd:
    return LoggedEnd(EndpointKind.WORKLOAD, pod.namespace, pod.name)
