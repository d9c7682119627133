"""Traversals in Neo4j over edges that carried allowed traffic: which nodes are reached, the shortest ways."""

import numpy as np
import numpy.typing as npt

from tapetum.domain.endpoints import NodeRef
from tapetum.domain.service_graph import Direction
from tapetum.domain.traffic import Mask
from tapetum.graphdb.neo4j import Neo4j
from tapetum.graphdb.statements import statements
from tapetum.graphstore.neo4j import cypher
from tapetum.graphstore.neo4j.keys import LABELS, key_of
from tapetum.graphstore.topology import Ints, View

ASK = statements(cypher.__name__)

_ARROWS = {Direction.OUTGOING: ("", ">"), Direction.INCOMING: ("<", ""), Direction.BOTH: ("", "")}
_LONGEST = 32
"""Hops of a path, as in the graph in memory."""
_MOST = 20_000
"""Paths that the engine lists; meshes have more shortest paths than anybody can list."""


async def reach(
    database: Neo4j, view: View, start: Ints, allowed: Mask, direction: Direction, hops: int, most: int
) -> Ints:
    """Hops by node code, -1 where not reached; the nearest `most`, and of those equally near the oldest."""
    distance = np.full(len(view.nodes), -1, np.int64)
    left, right = _ARROWS[direction]
    carried, values = _carried(allowed)
    statement = (
        ASK["reach"]
        .replace("%LEFT%", left)
        .replace("%RIGHT%", right)
        .replace("%HOPS%", str(hops))
        .replace("%CARRIED%", carried)
    )
    values |= {"start": start.tolist(), "limit": most + len(start)}
    ((codes, told),) = await database.read(statement, values)
    distance[np.array(codes, np.int64)] = told
    distance[start] = 0
    return distance


async def paths(
    database: Neo4j, view: View, start: NodeRef, end: NodeRef, allowed: Mask, limit: int
) -> list[tuple[NodeRef, ...]] | None:
    """In order of node codes from the end backwards; None where there are too many to put in order."""
    carried, values = _carried(allowed)
    statement = (
        ASK["paths"]
        .replace("%FROM%", LABELS[start.kind])
        .replace("%TO%", LABELS[end.kind])
        .replace("%HOPS%", str(_LONGEST))
        .replace("%CARRIED%", carried)
    )
    values |= {"from": key_of(start), "to": key_of(end), "most": _MOST}
    found = await database.read(statement, values)
    listed, ways = found[0]
    if listed >= _MOST:
        return None
    ordered = sorted(way[::-1] for way in ways)[:limit]
    return [tuple(view.nodes[code] for code in reversed(way)) for way in ordered]


def _carried(allowed: Mask) -> tuple[str, dict[str, int | bytes]]:
    """A condition on an edge `t`: a byte an edge says whether it may be used, unless all known ones may."""
    edges: npt.NDArray[np.uint8] = allowed.astype(np.uint8)
    if allowed.all():
        return "t.code < $edges", {"edges": len(edges)}
    return "$allowed[t.code] = 1", {"allowed": edges.tobytes()}
