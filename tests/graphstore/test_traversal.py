"""Reach and shortest paths over arrays, against breadth-first search over dicts."""

from collections import deque
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tapetum.domain.service_graph import Direction
from tapetum.graphstore.traversal import Network

Links = list[tuple[int, int, bool]]


def random_links(chance: Random, nodes: int, count: int) -> Links:
    """Some twice, some from a node to itself, some not allowed."""
    return [(chance.randrange(nodes), chance.randrange(nodes), chance.random() < 0.8) for _ in range(count)]


def built(links: Links, nodes: int) -> tuple[Network, np.ndarray]:
    source, target, allowed = (np.array([link[place] for link in links]) for place in range(3))
    ends = source.astype(np.int64), target.astype(np.int64)
    return Network.build(*ends, nodes), allowed.astype(np.bool_)


def beside(links: Links, direction: Direction) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for source, target, allowed in links:
        if allowed and direction is not Direction.INCOMING:
            found.setdefault(source, set()).add(target)
        if allowed and direction is not Direction.OUTGOING:
            found.setdefault(target, set()).add(source)
    return found


def distances(links: Links, starts: set[int], direction: Direction) -> dict[int, int]:
    near = beside(links, direction)
    found = dict.fromkeys(starts, 0)
    waiting = deque(starts)
    while waiting:
        node = waiting.popleft()
        for other in near.get(node, ()):
            if other not in found:
                found[other] = found[node] + 1
                waiting.append(other)
    return found


@settings(max_examples=80)
@given(
    seed=st.integers(0, 2**32),
    nodes=st.integers(1, 30),
    count=st.integers(0, 80),
    direction=st.sampled_from(Direction),
    hops=st.integers(1, 6),
)
def test_reach_is_breadth_first(seed: int, nodes: int, count: int, direction: Direction, hops: int) -> None:
    chance = Random(seed)
    links = random_links(chance, nodes, count)
    network, allowed = built(links, nodes)
    starts = {chance.randrange(nodes) for _ in range(chance.randrange(4))}
    told = network.reach(np.array(sorted(starts), np.int64), allowed, direction, hops)
    whole = distances(links, starts, direction)
    assert told.tolist() == [
        whole[node] if node in whole and whole[node] <= hops else -1 for node in range(nodes)
    ]


@settings(max_examples=80)
@given(seed=st.integers(0, 2**32), nodes=st.integers(2, 14), count=st.integers(0, 50))
def test_paths_are_all_the_shortest(seed: int, nodes: int, count: int) -> None:
    chance = Random(seed)
    links = random_links(chance, nodes, count)
    network, allowed = built(links, nodes)
    starts, goals = {chance.randrange(nodes)}, {chance.randrange(nodes) for _ in range(2)}
    goal = np.zeros(nodes, np.bool_)
    goal[list(goals)] = True
    told = network.paths(np.array(list(starts), np.int64), goal, allowed, limit=10_000)
    whole = distances(links, starts, Direction.OUTGOING)
    near = beside(links, Direction.OUTGOING)
    reached = [whole[node] for node in goals if node in whole]
    shortest = min(reached, default=0)
    expected = [[node] for node in starts]
    for _ in range(shortest):
        expected = [[*path, node] for path in expected for node in near.get(path[-1], ())]
    expected = [path for path in expected if path[-1] in goals] if shortest else []
    assert sorted(told) == sorted(expected)
    assert network.paths(np.array(list(starts), np.int64), goal, allowed, limit=2) == told[:2]


def test_a_long_chain_is_followed_to_its_end() -> None:
    nodes = 5000
    links = [(node, node + 1, True) for node in range(nodes - 1)]
    network, allowed = built(links, nodes)
    told = network.reach(np.array([0]), allowed, Direction.OUTGOING, 10_000)
    assert told.tolist() == list(range(nodes))
    goal = np.zeros(nodes, np.bool_)
    goal[20] = True
    assert network.paths(np.array([0]), goal, allowed, 5) == [list(range(21))]
    goal[20], goal[40] = False, True
    assert network.paths(np.array([0]), goal, allowed, 5) == []  # beyond the most hops of a path


def test_many_equal_paths_cost_only_those_that_are_asked_for() -> None:
    """Ten layers of ten: 10 ** 10 shortest paths."""
    layers = 11
    links = [
        (layer * 10 + one, layer * 10 + 10 + other, True)
        for layer in range(layers - 1)
        for one in range(10)
        for other in range(10)
    ]
    network, allowed = built(links, layers * 10)
    goal = np.zeros(layers * 10, np.bool_)
    goal[layers * 10 - 1] = True
    told = network.paths(np.array([0]), goal, allowed, 20)
    assert len({tuple(path) for path in told}) == 20
    assert all(len(path) == layers for path in told)


@pytest.mark.parametrize("nodes", [0, 1])
def test_no_edges_lead_nowhere(nodes: int) -> None:
    network, allowed = built([], nodes)
    start = np.arange(nodes)
    assert network.reach(start, allowed, Direction.BOTH, 3).tolist() == [0] * nodes
    assert network.paths(start, np.ones(nodes, np.bool_), allowed, 3) == []
    assert network.fits(0, nodes)
    assert not network.fits(1, nodes)
