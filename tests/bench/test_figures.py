"""How figures are judged and shown."""

import math

import pytest

from bench.figures import Figure, Of, Target, cost, rate, speed_up
from bench.table import lines
from bench.timing import Took, middle, percentile


@pytest.mark.parametrize(
    ("target", "value", "ratio", "met"),
    [
        (Target(0.35, at_least=True), 0, 0.35, True),
        (Target(0.35, at_least=True), 9, 0.34, False),
        (Target(3, at_least=False), 0, 3.1, False),
        (Target(30, at_least=False, of=Of.VALUE), 30, None, True),
        (Target(30, at_least=False, of=Of.VALUE), 31, 0.1, False),
        (Target(3, at_least=False), 0, None, False),
        (Target(3, at_least=False), 0, math.nan, False),
        (Target(100, at_least=True, of=Of.VALUE), math.inf, None, False),
    ],
)
def test_a_target_judges_what_it_is_about(
    target: Target, value: float, ratio: float | None, met: bool
) -> None:
    assert target.met(value, ratio) is met


def test_ratios_say_what_their_names_promise() -> None:
    ours, floor = Took(wall=2.0, cpu=4.0), Took(wall=1.0, cpu=1.0)
    slow = rate("row", "lines", 1000, ours, floor, "floor")
    assert (slow.value, slow.floor, slow.ratio, slow.cpu_ratio) == (500, 1000, 0.5, 0.25)
    assert speed_up("row", "asked", ours, floor, "peer").ratio == 0.5
    dear = cost("row", "asked", ours, floor, "floor")
    assert (dear.value, dear.ratio, dear.cpu_ratio) == (2000, 2.0, 4.0)


def test_a_table_says_who_missed() -> None:
    missed = Figure("graph", "24 h", 41.8, "ms", target=Target(30, at_least=False, of=Of.VALUE, unit="ms"))
    head, _, row = lines([missed])
    assert head.split()[0] == "row"
    assert row.split() == ["graph", "24", "h", "41.8", "ms", "<=", "30", "ms", "NO"]


def test_medians_are_of_each_clock() -> None:
    assert middle([Took(1, 9), Took(2, 8), Took(3, 7)]) == Took(2, 8)
    assert [percentile(range(100), share) for share in (0.0, 0.5, 0.95, 1.0)] == [0, 50, 95, 99]
