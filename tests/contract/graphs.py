"""Putting flows into a graph store under test, and reading its answers as the oracle's."""

from random import Random
from typing import Any

import numpy as np
from hypothesis import strategies as st

from tapetum.domain.endpoints import NodeKind, NodeRef
from tapetum.domain.moments import TimeRange
from tapetum.domain.scope import EVERYTHING, Scope
from tapetum.domain.service_graph import KeySums, Level, ServiceGraph, Shape
from tapetum.domain.traffic import Traffic
from tapetum.graphstore.port import Applied, GraphQuery, GraphStore
from tests.contract.adapters import Rig
from tests.support import oracle
from tests.support.factory import DAY, HOUR, MINUTE, NOW, SECOND, End, Flow, batch, hep, net, netset, wep
from tests.support.oracle import Edge, Node, Pair, Sums

Graph = Rig[GraphStore[Any]]
LAST_DAY = TimeRange(NOW - DAY, NOW)
WORKLOADS = Shape(Level.WORKLOAD)

_STEPS = sorted(
    {
        NOW // unit * unit - back + beside
        for unit in (MINUTE, HOUR)
        for back in (0, MINUTE, HOUR, 2 * HOUR, 23 * HOUR, DAY, DAY + HOUR, 40 * HOUR)
        for beside in (-1, 0, 1, 90 * SECOND)
    }
)
_ENDS: list[End] = [
    wep("shop", "web"),
    wep("shop", "db"),
    wep("pay", "web"),
    wep("pay", "api"),
    wep("ops", "probe"),
    hep("node-1"),
    net("pub"),
    net("pub", network="pvt"),
    netset("partners"),
    netset("partners", "pay"),
    End(None, "ops", "probe-*"),
    End(None, None, "pvt"),
]


def some_moments() -> st.SearchStrategy[int]:
    """Beside the borders of minutes, hours and days."""
    return st.sampled_from(_STEPS)


def some_ranges() -> st.SearchStrategy[TimeRange]:
    pairs = st.tuples(some_moments(), some_moments()).filter(lambda pair: pair[0] != pair[1])
    return pairs.map(lambda pair: TimeRange(min(pair), max(pair)))


def some_flows(most: int) -> st.SearchStrategy[list[Flow]]:
    """Up to so many flows between a few ends: `variety` small makes them meet on the same edges.

    Drawn by seed, since flows built draw by draw stay too few and too alike to disagree about anything.
    """
    return st.builds(
        lambda seed, count, variety: [a_flow(Random(f"{seed}/{place}"), variety) for place in range(count)],
        seed=st.integers(0, 2**32),
        count=st.integers(0, most),
        variety=st.sampled_from([2, 4, len(_ENDS)]),
    )


def a_flow(chance: Random, variety: int = len(_ENDS)) -> Flow:
    ends = _ENDS[-variety:] if chance.random() < 0.3 else _ENDS[:variety]
    dest = chance.choice(ends)
    outside = oracle.node_of("", dest)[0] == "NETWORK"
    # Sources differ in what they count, not their records.
    counts = chance.choice([(1, 7, 0, 2**40), (None, 7, None, None), (3, None, 5, None)])
    return Flow(
        source=chance.choice(ends),
        dest=dest,
        at=chance.choice(_STEPS),
        reporter=chance.choice(["src", "src", "dst", "dst", "fwd"]),
        action=chance.choice(["allow", "allow", "deny"]),
        proto=chance.choice(["tcp", "tcp", "udp", None]),
        port=chance.choice([80, 80, None, 0, 65535]),
        service=chance.choice([None, ("shop", "db"), ("shop", "web")]),
        domain=chance.choice([None, "example.com"]) if outside else None,
        connections=counts[0],
        packets_in=counts[1],
        bytes_in=counts[2],
        bytes_out=counts[3],
        sampling=chance.choice([None, None, None, 1, 50]),
        cluster=chance.choice(["east", "east", "east", "west"]),
        mark=chance.randrange(3),
    )


def some_shapes() -> st.SearchStrategy[Shape]:
    spaces = [NodeRef(NodeKind.NAMESPACE, cluster, name, name) for cluster, name in
              (("east", "shop"), ("east", "pay"), ("west", "shop"), ("east", "absent"))]  # fmt: skip
    spaces += [NodeRef(NodeKind.SERVICE, "east", "shop", name) for name in ("db", "web", "absent")]
    return st.builds(
        Shape,
        level=st.sampled_from(Level),
        expand=st.frozensets(st.sampled_from(spaces), max_size=2),
        limit=st.sampled_from([5000, 5000, 3]),
    )


def some_scopes() -> st.SearchStrategy[Scope]:
    places = [("east", "shop"), ("east", "pay"), ("east", "ops"), ("west", "shop"), ("west", "pay")]
    return st.one_of(
        st.just(EVERYTHING),
        st.builds(
            Scope,
            clusters=st.sampled_from([None, frozenset({"east"}), frozenset({"west"}), frozenset[str]()]),
            namespaces=st.one_of(st.none(), st.frozensets(st.sampled_from(places))),
        ),
    )


def put(graph: Graph, *flows: Flow) -> Applied:
    made = batch(flows)
    with graph.transaction() as transaction:
        return graph.store.apply(transaction, made.id, made.records, made.traces)


def ref(node: Node) -> NodeRef:
    kind, cluster, namespace, name = node
    return NodeRef(NodeKind(kind), cluster, namespace, name)


def node(told: NodeRef) -> Node:
    return told.kind.value, told.cluster, told.namespace, told.name


def nodes(shape: Shape) -> set[Node]:
    return {node(one) for one in shape.expand}


def sums(traffic: Traffic) -> Sums:
    return (
        traffic.records,
        traffic.connections,
        traffic.packets_in,
        traffic.packets_out,
        traffic.bytes_in,
        traffic.bytes_out,
        traffic.bytes_to_target,
        traffic.bytes_to_source,
    )


def edges(told: ServiceGraph) -> dict[Pair, Edge]:
    found: dict[Pair, Edge] = {}
    for place, (source, target) in enumerate(zip(told.source, told.target, strict=True)):
        allowed, denied = told.allowed.row(place), told.denied.row(place)
        pair = node(told.nodes[source]), node(told.nodes[target])
        assert pair not in found
        found[pair] = Edge(sums(allowed), sums(denied), (allowed.estimated, denied.estimated))
    return found


def busy(edge: Edge) -> tuple[int, int]:
    return (
        (edge.allowed[1] or 0) + (edge.denied[1] or 0),
        (edge.allowed[0] or 0) + (edge.denied[0] or 0),
    )


def assert_graph(
    told: ServiceGraph, flows: list[Flow], shape: Shape, known: list[Flow] | None = None
) -> None:
    """The whole answer, against the oracle over the flows that it is about, and all that are known beside."""
    expected = oracle.service_graph(flows, shape.level.value, nodes(shape), known)
    found = edges(told)
    ranks = [busy(edge) for edge in found.values()]
    assert ranks == sorted(ranks, reverse=True)
    assert told.truncated == (len(expected) > shape.limit)
    if told.truncated:
        assert len(found) == shape.limit
        assert ranks == sorted(map(busy, expected.values()), reverse=True)[: shape.limit]
        expected = {pair: edge for pair, edge in expected.items() if pair in found}
    assert found == expected
    ends = {end for pair in found for end in pair}
    assert {node(one) for one in told.nodes} == ends
    assert len(told.nodes) == len(ends)
    inside = oracle.members(flows, shape.level.value, nodes(shape), known)
    for one, count in zip(told.nodes, told.members, strict=True):
        folds = one.kind in (NodeKind.NAMESPACE, NodeKind.SERVICE)
        assert count == (inside.get(node(one), 0) if folds else None)
    services = oracle.services(flows if known is None else known)
    if shape.level is not Level.SERVICE:
        assert not told.groups
        return
    known_groups = {node(one) for one in told.nodes} & {*services.of_service, *services.of_workload}
    assert {node(one) for one in told.groups} == known_groups
    for one, group in told.groups.items():
        stands = node(group.node)
        assert stands == services.of_workload.get(node(one), node(one))
        assert {node(each) for each in group.workloads} == services.behind(stands)
        shared = {each for each, other in services.of_service.items() if other == stands}
        assert [node(each) for each in group.services] == sorted(shared, key=lambda each: each[1:])


def query(within: TimeRange, **told: Any) -> GraphQuery:
    return GraphQuery(within, **told)


def key_sums(flows: list[Flow]) -> KeySums:
    found = oracle.key_sums(flows)
    return KeySums(np.array(list(found), np.uint64), np.array(list(found.values()), np.int64).reshape(-1, 6))
