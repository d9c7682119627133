"""Simulated flips, against taking each raw flow through the evaluator under both states by itself."""

from collections import defaultdict
from dataclasses import dataclass, field
from random import Random
from typing import Any

import pyarrow as pa
import pytest

from tapetum.domain.endpoints import EndpointKind, NodeRef, node_of
from tapetum.domain.flows import COUNTERS, RECORD, VERDICT_KEY, Reporter
from tapetum.policy.connection import Connection
from tapetum.policy.evaluate import evaluate
from tapetum.policy.resources.kinds import Resource
from tapetum.policy.rules import ServiceRef
from tapetum.policy.state import ClusterState, LoggedEnd
from tapetum.policy.trace import Verdict
from tapetum.policy.whatif import Change, simulate
from tests.policy import random_clusters
from tests.policy.clusters import cluster
from tests.policy.test_whatif import edited, enforced

SCHEMA = pa.schema(
    [
        *(RECORD.field(name) for name in ("verdict_key", *VERDICT_KEY)),
        ("records", pa.int64()),
        *(RECORD.field(name) for name in COUNTERS),
        ("first_seen", pa.timestamp("us")),
        ("last_seen", pa.timestamp("us")),
    ]
)
WORKLOADS = """
apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: Namespace, metadata: {name: one, labels: {tier: x}}}
- {apiVersion: v1, kind: Namespace, metadata: {name: two}}
- {apiVersion: v1, kind: Pod, metadata: {name: web-1, generateName: web-, namespace: one, labels: {app: a}},
   spec: {containers: []}, status: {podIP: 10.0.1.7}}
- {apiVersion: v1, kind: Pod, metadata: {name: web-2, generateName: web-, namespace: one, labels: {app: b}},
   spec: {containers: []}, status: {podIP: 10.0.2.7}}
- {apiVersion: v1, kind: Pod, metadata: {name: db, namespace: two, labels: {app: c, tier: y}},
   spec: {containers: []}, status: {podIP: 10.0.3.7}}
"""
LOGGED: tuple[dict[str, Any], ...] = (
    {"type": "wep", "namespace": "one", "name": "web-1", "name_aggr": "web-*", "ip": "10.0.1.7"},
    {"type": "wep", "namespace": "one", "name_aggr": "web-*"},
    {"type": "wep", "namespace": "two", "name": "db", "name_aggr": "db"},
    {"type": "wep", "namespace": "two", "name_aggr": "gone-*", "labels": ["app=a", "tier=y"]},
    {"type": "hep", "name": "node-1", "name_aggr": "node-1", "ip": "10.0.9.9"},
    {"type": "net", "name_aggr": "pub", "network": "pub", "ip": "192.0.2.4"},
    {"type": "net", "name_aggr": "pub", "network": "pub"},
    {"type": "net", "name_aggr": "pvt", "network": "pvt", "ip": "10.200.0.1"},
)
Told = dict[str, Any]


def a_flow(chance: Random) -> Told:
    flow: Told = {"cluster": "east", "reporter": chance.choice(list(Reporter)).value}
    for side in ("source", "dest"):
        flow |= {f"{side}_{name}": value for name, value in chance.choice(LOGGED).items()}
    flow["action"] = chance.choice(("allow", "allow", "deny"))
    flow["proto"], flow["dest_port"] = chance.choice((("tcp", 80), ("tcp", 443), ("udp", 53), ("icmp", None)))
    if chance.random() < 0.3:
        flow |= {"dest_service_namespace": "one", "dest_service_name": "s"}
    if flow["dest_type"] == "net" and chance.random() < 0.4:
        flow |= {"dest_domains": ["api.example.com"], "dest_domain": "api.example.com"}
    known = chance.choice((0, 31))
    counts = {name: chance.randrange(50) if known else None for name in COUNTERS}
    return flow | counts | {"known": known, "sampling": None, "start_time": chance.randrange(10**9)}


def folded(flows: list[Told]) -> pa.Table:
    """As a store folds them, by all that a verdict key is of."""
    rows: dict[str, Told] = {}
    for flow in flows:
        key = repr([flow.get(name) for name in VERDICT_KEY])
        row = rows.setdefault(key, {**flow, "records": 0, **dict.fromkeys(COUNTERS)})
        row["verdict_key"] = hash(key) & (2**64 - 1)
        row["records"] += 1
        for name in COUNTERS:
            if flow[name] is not None:
                row[name] = (row[name] or 0) + flow[name]
        row["first_seen"] = min(row.get("first_seen", flow["start_time"]), flow["start_time"])
        row["last_seen"] = max(row.get("last_seen", 0), flow["start_time"])
    return pa.Table.from_pylist(list(rows.values()), SCHEMA)


def connection(state: ClusterState, flow: Told) -> Connection:
    def end(side: str, domains: tuple[str, ...] | None) -> LoggedEnd:
        return LoggedEnd(
            EndpointKind(flow[f"{side}_type"]),
            *(flow.get(f"{side}_{name}") for name in ("namespace", "name", "name_aggr", "ip")),
            None if f"{side}_labels" not in flow else tuple(flow[f"{side}_labels"]),
            domains,
        )

    domains = None
    if flow["reporter"] == "src":
        outside = flow["dest_type"] in ("net", "ns")
        domains = tuple(flow["dest_domains"]) if "dest_domains" in flow else () if outside else None
    service = ServiceRef("one", "s") if "dest_service_name" in flow else None
    return Connection(
        state.logged(end("source", None)),
        state.logged(end("dest", domains)),
        flow["proto"],
        flow["dest_port"],
        service=service,
    )


def change(before: ClusterState, after: ClusterState, flow: Told) -> Change:
    states = before, after
    was, would = (evaluate(state, connection(state, flow)) for state in states)
    if Verdict.UNCERTAIN in (was.verdict, would.verdict):
        told, tells = (enforced(state, connection(state, flow)) for state in states)
        return Change.UNCERTAIN if told != tells else Change.UNCHANGED
    if was.verdict is would.verdict:
        return Change.UNCHANGED
    return Change.NEWLY_DENIED if would.verdict is Verdict.DENY else Change.NEWLY_ALLOWED


@dataclass
class Sum:
    records: dict[str, int] = field(default_factory=lambda: {"allow": 0, "deny": 0})
    connections: dict[str, int | None] = field(default_factory=lambda: {"allow": 0, "deny": 0})
    seen: list[int] = field(default_factory=list[int])


Edge = tuple[NodeRef, NodeRef, str | None, int | None]


def edge_of(flow: Told) -> Edge:
    source, target = (
        node_of(
            "east",
            *(flow.get(f"{side}_{name}") for name in ("type", "namespace", "name_aggr", "network")),
            domain,
        )
        for side, domain in (("source", None), ("dest", flow.get("dest_domain")))
    )
    return source, target, flow["proto"], flow["dest_port"]


def expected(before: ClusterState, after: ClusterState, flows: list[Told]) -> dict[tuple[Edge, Change], Sum]:
    heard = {edge_of(flow) for flow in flows if flow["reporter"] == "dst"}
    found: dict[tuple[Edge, Change], Sum] = defaultdict(Sum)
    for flow in flows:
        edge, action = edge_of(flow), flow["action"]
        teller = "dst" if edge in heard else "src"
        if flow["reporter"] == "fwd" or (action == "allow" and flow["reporter"] != teller):
            continue
        one = found[edge, change(before, after, flow)]
        one.records[action] += 1
        one.seen.append(flow["start_time"])
        if flow["num_flows_started"] is not None:
            one.connections[action] = (one.connections[action] or 0) + flow["num_flows_started"]
    return found


def a_change(chance: Random) -> tuple[ClusterState, ClusterState]:
    state, _ = random_clusters.state(chance)
    given: dict[Any, Resource] = {**cluster(WORKLOADS).resources, **state.resources}
    before = ClusterState(given.values())
    return before, edited(chance, before)


@pytest.mark.parametrize("seed", range(25))
def test_flips_are_those_of_each_raw_flow(seed: int) -> None:
    chance = Random(seed)
    before, after = a_change(chance)
    flows = [a_flow(chance) for _ in range(400)]
    found = simulate(folded(flows), before, after)
    wanted = expected(before, after, flows)
    told: dict[tuple[Edge, Change], Sum] = {}
    loose: dict[Edge, set[Change]] = defaultdict(set)
    for place in range(len(found.every)):
        flip = found.every.at(place)
        edge = flip.source, flip.target, flip.use.protocol, flip.use.port
        told[edge, flip.change] = Sum(
            {"allow": flip.allowed.records, "deny": flip.denied.records},
            {"allow": flip.allowed.connections, "deny": flip.denied.connections},
            [flip.first_seen, flip.last_seen],
        )
        loose[edge].add(flip.change)
    for (edge, kind), one in wanted.items():
        if kind in (Change.NEWLY_DENIED, Change.NEWLY_ALLOWED):
            assert told[edge, kind].records == one.records
            assert told[edge, kind].seen == [min(one.seen), max(one.seen)]
            for action in one.connections:
                if told[edge, kind].connections[action] is not None:
                    assert told[edge, kind].connections[action] == one.connections[action]
    certain = {Change.NEWLY_DENIED, Change.NEWLY_ALLOWED}
    assert {key for key in told if key[1] in certain} == {key for key in wanted if key[1] in certain}
    # What is uncertain both times may be told as changing where the change bears on it, never the other way.
    for edge, kind in wanted:
        if kind is Change.UNCERTAIN:
            assert Change.UNCERTAIN in loose[edge]
    assert sum(sum(one.records.values()) for one in told.values()) == sum(
        sum(one.records.values()) for one in wanted.values()
    )


def test_random_changes_flip_both_ways() -> None:
    seen: set[Change] = set()
    for seed in range(25):
        chance = Random(seed)
        before, after = a_change(chance)
        found = simulate(folded([a_flow(chance) for _ in range(400)]), before, after)
        seen |= {found.every.at(place).change for place in range(len(found.every))}
    assert seen == set(Change)


def test_order_totals_and_traces() -> None:
    chance = Random(3)
    before, after = a_change(chance)
    flows = [a_flow(chance) for _ in range(400)]
    found = simulate(folded(flows), before, after)
    flips = [found.every.at(place) for place in found.places()]
    ranks = [list(Change).index(flip.change) for flip in flips]
    assert ranks == sorted(ranks)
    for kind in Change:
        some = [found.every.at(place) for place in found.places(kind)]
        busy = [flip.allowed.records + flip.denied.records for flip in some]
        assert busy == sorted(busy, reverse=True)
        assert found.total(kind).records == sum(busy)
        for flip in some:
            was, would = (each.verdict for each in found.traces(flip))
            if kind is Change.NEWLY_DENIED:
                assert (was, would) == (Verdict.ALLOW, Verdict.DENY)
            if kind is Change.NEWLY_ALLOWED:
                assert (was, would) == (Verdict.DENY, Verdict.ALLOW)


def test_nothing_recorded_is_nothing_flipped() -> None:
    before, after = a_change(Random(1))
    found = simulate(folded([]), before, after)
    assert (len(found.every), found.keys, found.disagreeing.records) == (0, 0, 0)
    assert found.total(Change.UNCHANGED).records == 0


def test_what_was_logged_otherwise_is_told() -> None:
    chance = Random(5)
    before, after = a_change(chance)
    flows = [a_flow(chance) for _ in range(400)]
    found = simulate(folded(flows), before, after)
    heard = {edge_of(flow) for flow in flows if flow["reporter"] == "dst"}
    differing = 0
    for flow in flows:
        teller = "dst" if edge_of(flow) in heard else "src"
        if flow["reporter"] == "fwd" or (flow["action"] == "allow" and flow["reporter"] != teller):
            continue
        verdict = evaluate(before, connection(before, flow)).verdict
        differing += verdict is not Verdict.UNCERTAIN and verdict.value != flow["action"]
    assert 0 < found.disagreeing.records <= differing
