"""Columns say exactly what objects say, counter by counter."""

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tapetum.api.schema.graph import service_edges
from tapetum.api.schema.node import service_nodes
from tapetum.api.use.columns import columns
from tapetum.domain.endpoints import NodeKind, NodeRef
from tapetum.domain.identity import edge_id, node_id
from tapetum.domain.moments import TimeRange
from tapetum.domain.service_graph import Level, ServiceGraph, ServiceGroup, is_direct
from tapetum.domain.traffic import WIDTH, TrafficMatrix

COUNTERS = {
    "records": "records",
    "connections": "connections",
    "packets": "packets",
    "packetsIn": "packets_in",
    "packetsOut": "packets_out",
    "bytesIn": "bytes_in",
    "bytesOut": "bytes_out",
    "bytesToTarget": "bytes_to_target",
    "bytesToSource": "bytes_to_source",
    "estimated": "estimated",
}
names = st.text(max_size=12)
nodes = st.builds(NodeRef, st.sampled_from(NodeKind), names, st.none() | names, names)
counts = st.sampled_from([0, 1, 2**31, 2**53 - 1, 2**53, 2**62]) | st.integers(0, 1000)


@st.composite
def matrices(draw: st.DrawFn, rows: int) -> TrafficMatrix:
    table = [[draw(counts) for _ in range(WIDTH)] for _ in range(rows)]
    known = [[True, *(draw(st.booleans()) for _ in range(WIDTH - 1))] for _ in range(rows)]
    return TrafficMatrix(
        np.array(table, np.int64).reshape(rows, WIDTH),
        np.array(known, np.bool_).reshape(rows, WIDTH),
        np.array([draw(st.booleans()) for _ in range(rows)], np.bool_),
    )


@st.composite
def graphs(draw: st.DrawFn) -> ServiceGraph:
    found = tuple(draw(st.lists(nodes, min_size=1, max_size=5, unique=True)))
    places = st.integers(0, len(found) - 1)
    pairs = draw(st.lists(st.tuples(places, places), max_size=6))
    return ServiceGraph(
        range=TimeRange(0, 1),
        as_of=0,
        nodes=found,
        members=tuple(draw(st.none() | st.integers(0, 9)) for _ in found),
        source=np.array([source for source, _ in pairs], np.intp),
        target=np.array([target for _, target in pairs], np.intp),
        allowed=draw(matrices(len(pairs))),
        denied=draw(matrices(len(pairs))),
        truncated=False,
        level=draw(st.sampled_from(Level)),
        groups={
            node: ServiceGroup((node,), found)
            for node in found
            if node.kind in (NodeKind.SERVICE, NodeKind.WORKLOAD)
        },
    )


def as_number(value: Any) -> Any:
    return int(value) if isinstance(value, str) else value


@given(graphs())
def test_columns_hold_what_objects_hold(graph: ServiceGraph) -> None:
    shown = columns(graph)
    for place, node in enumerate(service_nodes(graph)):
        row = {name: column[place] for name, column in shown["nodes"].items()}
        assert row == {
            "id": node.id,
            "kind": node.kind.value,
            "name": node.name,
            "namespace": node.namespace,
            "cluster": node.cluster,
            "parentId": node.parent_id,
            "members": node.members,
            "serviceId": node.service_id(),
            "services": node.group and [[each.namespace, each.name] for each in node.services()],
            "workloads": [[each.namespace, each.name] for each in node.workloads()]
            if node.kind is NodeKind.SERVICE
            else None,
        }
    for place, edge in enumerate(service_edges(graph)):
        assert shown["edges"]["id"][place] == edge.id
        assert shown["nodes"]["id"][shown["edges"]["source"][place]] == edge.source_id
        assert shown["nodes"]["id"][shown["edges"]["target"][place]] == edge.target_id
        for verdict in ("allowed", "denied"):
            traffic = getattr(edge, verdict)
            for column, attribute in COUNTERS.items():
                value = shown["edges"][verdict][column][place]
                assert as_number(value) == getattr(traffic, attribute)
                if isinstance(value, str):
                    assert int(value) > 2**53 - 1
                elif not isinstance(value, bool) and value is not None:
                    assert value <= 2**53 - 1


@given(graphs())
def test_ids_are_those_of_the_identity_module(graph: ServiceGraph) -> None:
    ids = columns(graph)["edges"]["id"]
    for place, found in enumerate(ids):
        source, target = graph.nodes[graph.source[place]], graph.nodes[graph.target[place]]
        assert found == edge_id(source, target, direct=is_direct(graph.level, target))
    assert columns(graph)["nodes"]["id"] == [node_id(node) for node in graph.nodes]
