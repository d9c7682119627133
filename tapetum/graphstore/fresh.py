"""What new flow keys will add to a topology, told before their commit; nothing is changed."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from tapetum.domain.endpoints import NodeRef
from tapetum.graphstore.changes import Ends
from tapetum.graphstore.topology import Ints, Topology


@dataclass(frozen=True, slots=True)
class Edge:
    code: int
    source: int
    target: int
    proto: str | None
    port: int | None


@dataclass(frozen=True, slots=True)
class Fresh:
    """Under the codes that entering the keys will give: a namespace comes before what lives in it."""

    nodes: list[tuple[int, NodeRef]]
    edges: list[Edge]
    source: Ints  # of each key, and so are these
    target: Ints
    edge: Ints


def fresh(topology: Topology, keys: pa.Table, ends: Ends) -> Fresh:
    known = topology.code_of_node
    nodes: dict[NodeRef, int] = {}
    for node in ends.nodes:
        for one in (node.folded, node):
            if one not in known and one not in nodes:
                nodes[one] = len(known) + len(nodes)
    code = np.array([known.get(node, nodes.get(node, -1)) for node in ends.nodes], np.int64)
    source, target = code[ends.source], code[ends.target]
    protocols = keys.column("proto").to_pylist()
    ports = keys.column("dest_port").to_pylist()
    of_key = topology.find_edges(source, target, protocols, ports)
    unknown = np.flatnonzero(of_key < 0).tolist()
    edges: dict[tuple[int, int, str | None, int | None], Edge] = {}
    for place in unknown:
        edge = int(source[place]), int(target[place]), protocols[place], ports[place]
        if edge not in edges:
            edges[edge] = Edge(topology.edges + len(edges), *edge)
        of_key[place] = edges[edge].code
    return Fresh([(code, node) for node, code in nodes.items()], list(edges.values()), source, target, of_key)
