"""Reach and shortest paths over the embedded graph: breadth-first, a whole frontier at a time (CSR)."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tapetum.domain.service_graph import Direction
from tapetum.graphstore.topology import Ints

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Adjacency:
    """Neighbours of node n: `ends[starts[n]:starts[n + 1]]`, over the edges `through` them."""

    starts: Ints
    ends: Ints
    through: Ints

    @classmethod
    def build(cls, source: Ints, target: Ints, nodes: int) -> "Adjacency":
        order = np.argsort(source, kind="stable")
        starts = np.zeros(nodes + 1, np.int64)
        np.cumsum(np.bincount(source, minlength=nodes), out=starts[1:])
        return cls(starts, target[order], order)

    def step(self, frontier: Ints, allowed: Mask) -> tuple[Ints, Ints]:
        """(from, to) of every allowed edge that leaves the frontier."""
        counts = self.starts[frontier + 1] - self.starts[frontier]
        offsets = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        place = np.repeat(self.starts[frontier], counts) + offsets
        origin = np.repeat(frontier, counts)
        keep = allowed[self.through[place]]
        return origin[keep], self.ends[place[keep]]


@dataclass(frozen=True, slots=True)
class Network:
    """Both directions of the same edges."""

    out: Adjacency
    back: Adjacency
    nodes: int

    @classmethod
    def build(cls, source: Ints, target: Ints, nodes: int) -> "Network":
        return cls(Adjacency.build(source, target, nodes), Adjacency.build(target, source, nodes), nodes)

    def fits(self, edges: int, nodes: int) -> bool:
        """Edges and nodes are only ever added."""
        return len(self.out.ends) == edges and self.nodes == nodes

    def _sides(self, direction: Direction) -> list[Adjacency]:
        return {
            Direction.OUTGOING: [self.out],
            Direction.INCOMING: [self.back],
            Direction.BOTH: [self.out, self.back],
        }[direction]

    def reach(self, start: Ints, allowed: Mask, direction: Direction, hops: int) -> Ints:
        """Hops from the nearest start to each node; -1 where not reached within `hops`."""
        distance = np.full(self.nodes, -1, np.int64)
        distance[start] = 0
        frontier = start
        for hop in range(1, hops + 1):
            met = np.zeros(self.nodes, np.bool_)
            for side in self._sides(direction):
                met[side.step(frontier, allowed)[1]] = True
            frontier = np.flatnonzero(met & (distance < 0))
            if not len(frontier):
                break
            distance[frontier] = hop
        return distance

    def paths(self, start: Ints, goal: Mask, allowed: Mask, limit: int, hops: int = 32) -> list[list[int]]:
        """Up to `limit` shortest paths from any start to any goal, in order of node codes."""
        distance = np.full(self.nodes, -1, np.int64)
        distance[start] = 0
        frontier, length = start, 0
        while len(frontier) and not goal[frontier].any() and length < hops:
            length += 1
            fresh = np.unique(self.out.step(frontier, allowed)[1])
            frontier = fresh[distance[fresh] < 0]
            distance[frontier] = length
        if not length:
            return []
        found: list[list[int]] = []
        stack = [[int(node)] for node in frontier[goal[frontier]][::-1]]
        while stack and len(found) < limit:
            path = stack.pop()
            if distance[path[-1]] == 0:
                found.append(path[::-1])
                continue
            _, before = self.back.step(np.array(path[-1:]), allowed)
            nearer = np.unique(before)
            nearer = nearer[distance[nearer] == distance[path[-1]] - 1]
            stack.extend([*path, int(node)] for node in nearer[::-1])
        return found
