"""Two graphs side by side: against loops over their edges by name."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapetum.domain.endpoints import NodeKind, NodeRef
from tapetum.domain.graph_comparison import CHANGES, EdgeChange, GraphComparison, compare
from tapetum.domain.moments import HOUR, TimeRange
from tapetum.domain.service_graph import ServiceGraph
from tapetum.domain.traffic import CONNECTIONS, RECORDS, WIDTH, TrafficMatrix

Edges = dict[tuple[str, str], tuple[int, int]]
"""By names of source and target, connections allowed and denied."""

NAMES = st.sampled_from("abcd")
EDGES = st.dictionaries(
    st.tuples(NAMES, NAMES),
    st.tuples(st.integers(0, 400), st.integers(0, 3)).filter(any),
    max_size=8,
)
EDGE = ("a", "b")


def node(name: str) -> NodeRef:
    return NodeRef(NodeKind.NAMESPACE, "east", name, name)


def matrix(connections: list[int]) -> TrafficMatrix:
    counts = np.zeros((len(connections), WIDTH), np.int64)
    counts[:, RECORDS] = [connection > 0 for connection in connections]
    counts[:, CONNECTIONS] = connections
    return TrafficMatrix(counts, np.ones(counts.shape, np.bool_), np.zeros(len(connections), np.bool_))


def graph(edges: Edges, hours: int = 1, *, truncated: bool = False) -> ServiceGraph:
    names = list(dict.fromkeys(name for pair in edges for name in pair))
    return ServiceGraph(
        range=TimeRange(0, hours * HOUR),
        as_of=HOUR,
        nodes=tuple(map(node, names)),
        members=tuple(range(len(names))),
        source=np.array([names.index(source) for source, _ in edges], np.intp),
        target=np.array([names.index(target) for _, target in edges], np.intp),
        allowed=matrix([allowed for allowed, _ in edges.values()]),
        denied=matrix([denied for _, denied in edges.values()]),
        truncated=truncated,
    )


@dataclass(frozen=True)
class Told:
    change: EdgeChange
    ratio: float | None
    before: tuple[int, int]
    after: tuple[int, int]


def read(comparison: GraphComparison) -> dict[tuple[str, str], Told]:
    before, after = comparison.before, comparison.after
    assert before.nodes == after.nodes
    ends = zip(after.source.tolist(), after.target.tolist(), strict=True)
    return {
        (after.nodes[source].name, after.nodes[target].name): Told(
            CHANGES[comparison.change[place]],
            comparison.ratios[place],
            _counts(before, place),
            _counts(after, place),
        )
        for place, (source, target) in enumerate(ends)
    }


def _counts(of: ServiceGraph, place: int) -> tuple[int, int]:
    return of.allowed.row(place).connections or 0, of.denied.row(place).connections or 0


@given(was=EDGES, now=EDGES, hours=st.integers(1, 5))
def test_each_edge_of_either_is_told_once(was: Edges, now: Edges, hours: int) -> None:
    told = read(compare(graph(was, hours), graph(now), 2.0))
    assert set(told) == set(was) | set(now)
    for pair, each in told.items():
        then, here = was.get(pair, (0, 0)), now.get(pair, (0, 0))
        assert (each.before, each.after) == (then, here)
        assert each.ratio == (pytest.approx(sum(here) / sum(then) * hours) if any(then) else None)
        if not any(then):
            assert each.change is EdgeChange.NEW
        elif not any(here):
            assert each.change is EdgeChange.GONE
        elif [bool(count) for count in then] != [bool(count) for count in here]:
            assert each.change is EdgeChange.VERDICT
        elif each.change is EdgeChange.VOLUME:
            assert each.ratio is not None
            assert not 0.5 <= each.ratio <= 2
        else:
            assert each.change is EdgeChange.SAME


@given(was=EDGES, now=EDGES)
def test_changes_come_first_and_the_busiest_of_each(was: Edges, now: Edges) -> None:
    compared = compare(graph(was), graph(now), 2.0)
    told = [
        (list(EdgeChange).index(each.change), -max(sum(each.before), sum(each.after)))
        for each in read(compared).values()
    ]
    assert told == sorted(told)
    assert sum(compared.count(change) for change in EdgeChange) == len(told)


@given(was=EDGES, now=EDGES, limit=st.integers(1, 9))
def test_a_limit_leaves_the_first_edges_and_their_ends(was: Edges, now: Edges, limit: int) -> None:
    whole = compare(graph(was), graph(now), 2.0)
    some = whole.first(limit)
    assert list(read(some).items()) == list(read(whole).items())[:limit]
    cut = len(set(was) | set(now)) > limit
    assert some.after.truncated == cut
    if cut:
        assert {each.name for each in some.after.nodes} == {name for pair in read(some) for name in pair}
    members = dict(zip(whole.after.nodes, whole.after.members, strict=True))
    assert list(some.after.members) == [members[each] for each in some.after.nodes]


@pytest.mark.parametrize(
    ("was", "now", "change"),
    [
        (1, 3, EdgeChange.SAME),  # chance
        (4, 9, EdgeChange.SAME),
        (40, 90, EdgeChange.VOLUME),
        (90, 40, EdgeChange.VOLUME),
        (1000, 1900, EdgeChange.SAME),  # less than twice
        (1000, 2100, EdgeChange.VOLUME),
    ],
)
def test_a_volume_changed_where_it_is_more_than_chance(was: int, now: int, change: EdgeChange) -> None:
    told = read(compare(graph({EDGE: (was, 0)}), graph({EDGE: (now, 0)}), 2.0))
    assert told[EDGE].change is change


def test_ranges_of_other_lengths_are_compared_by_the_second() -> None:
    hour = graph({EDGE: (100, 0)})
    assert read(compare(graph({EDGE: (2400, 0)}, 24), hour, 2.0))[EDGE].change is EdgeChange.SAME
    told = read(compare(graph({EDGE: (100, 0)}, 24), hour, 2.0))[EDGE]
    assert (told.change, told.ratio) == (EdgeChange.VOLUME, pytest.approx(24))


def test_a_node_that_fell_silent_keeps_its_members() -> None:
    told = compare(graph({EDGE: (1, 0), ("c", "d"): (1, 0)}), graph({EDGE: (1, 0)}), 2.0)
    assert told.after.members == told.before.members
    assert dict(zip(told.after.nodes, told.after.members, strict=True))[node("d")] == 3


def test_what_a_side_leaves_out_is_said() -> None:
    whole, cut = graph({EDGE: (1, 0)}), graph({EDGE: (1, 0)}, truncated=True)
    assert compare(cut, whole, 2.0).after.truncated
    assert not compare(whole, whole, 2.0).after.truncated
