"""What can be reached from where, over allowed traffic."""

from dataclasses import dataclass

from tapetum.api.context import Asked
from tapetum.api.use.arguments import read_limit
from tapetum.api.use.nodes import members, read_node
from tapetum.domain.endpoints import NodeRef
from tapetum.domain.moments import TimeRange
from tapetum.domain.service_graph import Direction, Reached
from tapetum.graphstore.port import GraphQuery

HOPS, NODES, PATHS = 10, 10_000, 100

Counted = tuple[NodeRef, int | None]
"""A node and, for a namespace, how many workloads it holds."""


@dataclass(frozen=True, slots=True)
class Reachable:
    range: TimeRange
    start: Counted
    nodes: tuple[tuple[Reached, int | None], ...]
    truncated: bool


@dataclass(frozen=True, slots=True)
class Ways:
    range: TimeRange
    ways: tuple[tuple[Counted, ...], ...]


async def reach(
    asked: Asked, start_id: str, within: TimeRange, direction: Direction, hops: int, limit: int
) -> Reachable:
    read_limit("maxHops", hops, HOPS)
    read_limit("limit", limit, NODES)
    start = await read_node(asked, start_id, path="from")
    query = _query(asked, within)
    found, truncated = await asked.api.graph.reach(asked.scope, query, start, direction, hops, limit)
    nodes = [(reached, await members(asked, reached.node)) for reached in found]
    return Reachable(query.range, (start, await members(asked, start)), tuple(nodes), truncated)


async def paths(asked: Asked, start_id: str, end_id: str, within: TimeRange, limit: int) -> Ways:
    read_limit("limit", limit, PATHS)
    start = await read_node(asked, start_id, path="from")
    end = await read_node(asked, end_id, path="to")
    query = _query(asked, within)
    found = await asked.api.graph.paths(asked.scope, query, start, end, limit)
    counts = {node: await members(asked, node) for way in found for node in way}
    return Ways(query.range, tuple(tuple((node, counts[node]) for node in way) for way in found))


def _query(asked: Asked, within: TimeRange) -> GraphQuery:
    return GraphQuery(asked.api.graph.effective(within, asked.now))
