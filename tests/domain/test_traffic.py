"""What several reporters said of an edge, added up: against loops over the same rows."""

from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tapetum.domain.traffic import WIDTH, Rows, Traffic, TrafficMatrix, add_up, verdicts

Row = tuple[int, int, bool, list[int | None], bool]
"""edge, reporter, denied, counters (None: not counted), estimated"""


def some_rows(chance: Random, count: int, edges: int) -> list[Row]:
    return [
        (
            chance.randrange(edges),
            chance.randrange(3),
            chance.random() < 0.3,
            [chance.choice([None, 0, 1, 2**40]) for _ in range(5)],
            chance.random() < 0.1,
        )
        for _ in range(count)
    ]


def arrays(rows: list[Row]) -> Rows:
    counts = [[1, *(count or 0 for count in row[3])] for row in rows]
    known = [sum(1 << place for place, count in enumerate(row[3]) if count is not None) for row in rows]
    return Rows(
        edge=np.array([row[0] for row in rows], np.int64),
        reporter=np.array([row[1] for row in rows], np.int8),
        denied=np.array([row[2] for row in rows], np.bool_),
        counts=np.array(counts, np.int64).reshape(-1, 6),
        known=np.array(known, np.uint8),
        estimated=np.array([row[4] for row in rows], np.bool_),
    )


def looped(rows: list[Row]) -> Traffic:
    """One group, by the words of docs/data-model.md."""
    columns: list[list[int | None]] = [[] for _ in range(7)]
    for _, reporter, _, counters, _ in rows:
        bytes_in, bytes_out = counters[3], counters[4]
        directed = [bytes_in, bytes_out] if reporter == 1 else [bytes_out, bytes_in]
        for column, count in zip(columns, [*counters, *directed], strict=True):
            column.append(count)
    sums: list[Any] = []
    for column in columns:
        known = [count for count in column if count is not None]
        sums.append(sum(known) if known or not column else None)
    return Traffic(len(rows), *sums, estimated=any(row[4] for row in rows))


@settings(max_examples=150)
@given(
    seed=st.integers(0, 2**32), count=st.integers(0, 40), edges=st.integers(1, 6), groups=st.integers(1, 5)
)
def test_rows_add_up_by_group(seed: int, count: int, edges: int, groups: int) -> None:
    chance = Random(seed)
    rows = some_rows(chance, count, edges)
    chosen = [place for place in range(count) if chance.random() < 0.7]
    chance.shuffle(chosen)
    group = [chance.randrange(groups) for _ in chosen]
    if chance.random() < 0.5:
        group.sort()
    told = add_up(arrays(rows), np.array(chosen, np.int64), np.array(group, np.int64), groups)
    assert told.counts.shape == told.known.shape == (groups, WIDTH)
    for one in range(groups):
        inside = [rows[place] for place, own in zip(chosen, group, strict=True) if own == one]
        assert told.row(one) == looped(inside)


@settings(max_examples=150)
@given(seed=st.integers(0, 2**32), count=st.integers(0, 40), edges=st.integers(1, 6))
def test_each_row_counts_once_at_most(seed: int, count: int, edges: int) -> None:
    rows = some_rows(Random(seed), count, edges)
    allowed, denied = verdicts(arrays(rows), edges)
    heard = {edge for edge, reporter, *_ in rows if reporter == 1}
    for place, (edge, reporter, stopped, *_) in enumerate(rows):
        counted = reporter == (1 if edge in heard else 0)
        assert allowed[place] == (not stopped and counted)
        assert denied[place] == (stopped and reporter in (0, 1))


CASES = {
    # reporters and verdicts of one edge key -> (allowed, denied)
    "both let it": ([(0, False, 10), (1, False, 9)], (9, 0)),
    "only the source": ([(0, False, 10)], (10, 0)),
    "only the destination": ([(1, False, 9)], (9, 0)),
    "the source stopped it": ([(0, True, 10)], (0, 10)),
    "the destination stopped what the source let": ([(0, False, 10), (1, True, 10)], (0, 10)),
    "each stopped some": ([(0, True, 3), (0, False, 7), (1, True, 2), (1, False, 5)], (5, 5)),
    "transit is never added": ([(0, False, 10), (2, False, 10), (2, True, 10)], (10, 0)),
    "transit alone": ([(2, False, 10), (2, True, 10)], (0, 0)),
}


@pytest.mark.parametrize("case", CASES)
def test_the_rule_for_one_edge_key(case: str) -> None:
    told, expected = CASES[case]
    rows = arrays([(0, reporter, stopped, [count] * 5, False) for reporter, stopped, count in told])
    sums = []
    for mask in verdicts(rows, 1):
        chosen = np.flatnonzero(mask)
        sums.append(add_up(rows, chosen, np.zeros(len(chosen), np.int64), 1).row(0).connections)
    assert tuple(sums) == expected


def test_packets_are_those_that_are_known() -> None:
    def packets(one: int | None, other: int | None) -> int | None:
        return Traffic(1, 1, one, other, 1, 1, 1, 1, estimated=False).packets

    assert [packets(2, 3), packets(2, None), packets(None, 0), packets(None, None)] == [5, 2, 0, None]


def test_rows_are_taken_in_any_order() -> None:
    matrix = TrafficMatrix(
        np.arange(3 * WIDTH).reshape(3, WIDTH), np.ones((3, WIDTH), np.bool_), np.array([True, False, True])
    )
    taken = matrix.take(np.array([2, 0]))
    assert [taken.row(0), taken.row(1)] == [matrix.row(2), matrix.row(0)]
