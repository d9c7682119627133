"""Cached spans always say what a fresh sum over the table would, whatever the budget."""

# pyright: reportPrivateUsage=false
# (the budget is kept inside)

from collections import Counter
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tapetum.domain.moments import DAY, HOUR, MINUTE, TimeRange
from tapetum.graphstore.rollups import WIDTH, Block, Rollups, Span, make_block, spans

START = 20_000 * DAY


class Table:
    """Rows of sums as the store's tables hold them, and how often they were read."""

    def __init__(self) -> None:
        self.rows: list[tuple[int, int, tuple[int, ...]]] = []  # minute, code, counts
        self.keys = 0
        self.loads: Counter[Span] = Counter()

    def load(self, span: Span) -> Block:
        self.loads[span] += 1
        sums = self.sums(span.first * span.unit, span.last * span.unit)
        counts = np.array([sums[code] for code in sums], np.int64).reshape(-1, WIDTH)
        return make_block(np.array(list(sums), np.int64), counts)

    def sums(self, start: int, end: int) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for minute, code, counts in self.rows:
            if start <= minute * MINUTE < end:
                sums = found.setdefault(code, [0] * WIDTH)
                for place, count in enumerate(counts):
                    sums[place] += count
        return found

    def add(self, rollups: Rollups, rows: list[tuple[int, int, tuple[int, ...]]]) -> None:
        """As a commit does: into the table, then into what is cached, by minute and by hour."""
        self.rows += rows
        self.keys = max([self.keys, *(code + 1 for _, code, _ in rows)])
        for unit in (MINUTE, HOUR):
            summed: dict[tuple[int, int], list[int]] = {}
            for minute, code, counts in rows:
                sums = summed.setdefault((minute * MINUTE // unit, code), [0] * WIDTH)
                for place, count in enumerate(counts):
                    sums[place] += count
            ordered = sorted(summed)
            rollups.follow(
                unit,
                np.array([bucket for bucket, _ in ordered], np.int64),
                np.array([code for _, code in ordered], np.int64),
                np.array([summed[one] for one in ordered], np.int64).reshape(-1, WIDTH),
            )


def expected(table: Table, within: TimeRange) -> list[list[int]]:
    sums = table.sums(within.start, within.end)
    return [sums.get(code, [0] * WIDTH) for code in range(table.keys)]


def cached(rollups: Rollups) -> int:
    return sum(block.bytes for block in rollups._blocks.values())


@settings(max_examples=150)
@given(
    seed=st.integers(0, 2**32),
    steps=st.integers(1, 25),
    budget=st.sampled_from([0, 3000, 10_000, 1 << 30]),
    keys=st.sampled_from([1, 5, 400]),
)
def test_whatever_is_cached_the_sum_is_that_of_the_table(
    seed: int, steps: int, budget: int, keys: int
) -> None:
    chance = Random(seed)
    table, rollups = Table(), Rollups(budget)
    for _ in range(steps):
        match chance.choice(["add", "add", "ask", "ask", "ask", "forget"]):
            case "add":
                rows = [
                    (
                        (START + chance.randrange(3 * DAY)) // MINUTE,
                        chance.randrange(keys) if chance.random() < 0.7 else chance.randrange(4),
                        (1, *(chance.randrange(100) for _ in range(WIDTH - 1))),
                    )
                    for _ in range(chance.randrange(40))
                ]
                table.add(rollups, rows)
            case "forget":
                rollups.forget()
            case _:
                start = START + chance.randrange(3 * DAY) // MINUTE * MINUTE
                within = TimeRange(start, start + (1 + chance.randrange(2 * DAY) // MINUTE) * MINUTE)
                wanted = spans(within)
                total = rollups.total(wanted, table.keys, table.load)
                assert total.tolist() == expected(table, within)
                active = rollups.active(wanted, table.keys, table.load)
                assert active.tolist() == [sums[0] > 0 for sums in expected(table, within)]
                assert rollups.holds(wanted)
        assert rollups._size == cached(rollups)


def test_a_small_budget_keeps_what_was_asked_last_and_no_more() -> None:
    table, rollups = Table(), Rollups(budget=0)
    table.add(rollups, [(START // MINUTE + minute, 0, (1, 2, 3, 4, 5, 6)) for minute in range(0, 3000, 7)])
    day = spans(TimeRange(START + 7 * MINUTE, START + DAY))
    other = spans(TimeRange(START, START + 61 * MINUTE))
    for _ in range(3):
        rollups.total(day, 1, table.load)
    assert set(table.loads.values()) == {1}
    assert set(rollups._blocks) == set(day)
    rollups.total(other, 1, table.load)
    assert set(rollups._blocks) == set(other)
    assert not rollups.holds(day)


def test_a_budget_for_all_loads_each_span_once() -> None:
    table, rollups = Table(), Rollups(budget=1 << 30)
    for minute in range(50):
        within = TimeRange(START + minute * MINUTE, START + DAY + minute * MINUTE)
        rollups.total(spans(within), 0, table.load)
        rollups.total(spans(within), 0, table.load)
    assert set(table.loads.values()) == {1}
    assert rollups._size == cached(rollups) >= 512 * len(table.loads)


@pytest.mark.parametrize("codes", [[], [0], [3], [0, 1, 2], [5, 1, 900]])
def test_dense_and_sparse_blocks_add_alike(codes: list[int]) -> None:
    counts = np.arange(len(codes) * WIDTH, dtype=np.int64).reshape(-1, WIDTH) + 1
    block = make_block(np.array(codes, np.int64), counts)
    assert (block.codes is None) == (codes in ([0], [0, 1, 2]))
    total = np.ones((1000, WIDTH), np.int64)
    block.add_to(total)
    whole = np.ones((1000, WIDTH), np.int64)
    whole[codes] += counts
    assert (total == whole).all()
    active = np.zeros(1000, np.bool_)
    block.mark(active)
    assert np.flatnonzero(active).tolist() == sorted(codes)


# Cutting ranges

MINUTES = st.integers(0, 400 * 24 * 60)


@given(first=MINUTES, length=st.integers(1, 200 * 24 * 60))
def test_spans_cover_a_range_once_and_are_few(first: int, length: int) -> None:
    within = TimeRange(START + first * MINUTE, START + (first + length) * MINUTE)
    found = spans(within)
    at = within.start
    for span in found:
        assert span.first * span.unit == at
        assert span.first < span.last
        at = span.last * span.unit
    assert at == within.end
    days = length // (24 * 60)
    assert len(found) <= 6 + (days if days <= 40 else 1)
    if within.start % HOUR == 0 and within.end % HOUR == 0:
        assert {span.unit for span in found} == {HOUR}


def test_nothing_is_cut_into_nothing() -> None:
    assert spans(TimeRange(START, START)) == []
    assert len(spans(TimeRange(0, 134 * 365 * DAY))) == 1


def test_a_range_that_moves_on_keeps_its_long_spans() -> None:
    at = START + 14 * HOUR + 37 * MINUTE
    before = spans(TimeRange(at - DAY, at))
    after = spans(TimeRange(at - DAY + MINUTE, at + MINUTE))
    fresh = [span for span in after if span not in before]
    assert all(span.unit == MINUTE and span.last - span.first < 10 for span in fresh)
    assert len(fresh) <= 2


def test_what_is_loaded_ahead_drops_nothing_and_goes_first() -> None:
    def block(_: Span) -> Block:
        return make_block(np.array([0]), np.ones((1, WIDTH), np.int64))

    asked, newest, oldest, another = (Span(HOUR, day, day + 1) for day in (9, 3, 1, 7))
    rollups = Rollups(budget=3 * block(asked).bytes)
    rollups.total([asked], 1, block)
    assert [rollups.offer(span, block(span)) for span in (newest, oldest, another)] == [True, True, False]
    assert rollups.holds([asked, newest, oldest])
    rollups.total([another], 1, block)
    assert rollups.missing([asked, newest, oldest, another]) == [oldest]
