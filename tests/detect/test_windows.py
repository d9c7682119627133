"""When alarms of window rules begin and end, and which moments are judged."""

from tapetum.detect.windows import Alarm, Standing, due, foreseen, grows, judged
from tapetum.domain.alert_rules import Condition, Window
from tapetum.domain.metrics import Op
from tapetum.domain.moments import SECOND
from tapetum.domain.saved_query import Metric

WINDOW = Window(lookback=600, period=60, threshold=10, clear=5, hold=120)
PERIOD = 60 * SECOND
A, B = ("a",), ("b",)


def begun(window: Window, *values: dict[tuple[str | None, ...], float]) -> list[list[str | None]]:
    """Which groups begin at each moment, one period after another."""
    standing, told = Standing(), list[list[str | None]]()
    for place, each in enumerate(values):
        standing, some = judged(window, standing, place * PERIOD, each)
        told.append([one.group[0] for one in some])
    return told


def test_an_alarm_is_told_once_until_it_has_ended() -> None:
    assert begun(WINDOW, {A: 10}, {A: 90}, {A: 7}, {A: 10, B: 12}) == [["a"], [], [], ["b"]]


def test_what_ended_is_held_down_for_a_while() -> None:
    high, low = {A: 20.0}, {A: 1.0}
    assert begun(WINDOW, high, low, high, high, high) == [["a"], [], [], ["a"], []]
    unheld = Window(lookback=600, period=60, threshold=10)
    assert begun(unheld, high, {A: 9.0}, high) == [["a"], [], ["a"]]


def test_a_group_without_records_is_out_of_alarm() -> None:
    window = Window(lookback=600, period=60, threshold=3, condition=Condition.LT)
    assert begun(window, {A: 1}, {}, {A: 2}) == [["a"], [], ["a"]]


def test_a_window_that_is_not_whole_begins_alarms_and_ends_none() -> None:
    before = Standing(0, {A: Alarm(0), B: Alarm(-9 * PERIOD, ended=-PERIOD)})
    standing, some = foreseen(WINDOW, before, PERIOD, {A: 1, ("c",): 11, B: 90})
    assert [one.group for one in some] == [("c",), B], "B is held down no more"
    assert standing.at == 0
    assert standing.alarms[A] == Alarm(0)
    assert grows(WINDOW)
    assert not grows(Window(threshold=1, condition=Condition.LT))
    assert not grows(Window(threshold=1, metric=Metric(op=Op.AVG, field="bytes_in")))


def test_whole_periods_are_judged_each_once() -> None:
    assert list(due(WINDOW, Standing(), 150 * SECOND)) == [2 * PERIOD]
    assert list(due(WINDOW, Standing(PERIOD), 250 * SECOND)) == [2 * PERIOD, 3 * PERIOD, 4 * PERIOD]
    assert not due(WINDOW, Standing(4 * PERIOD), 250 * SECOND)
    assert len(due(WINDOW, Standing(0), 10**9 * SECOND)) == 1441


def test_how_a_rule_stands_reads_back() -> None:
    standing = Standing(7, {("a", None): Alarm(1), ("b", "\x1f"): Alarm(1, 5)})
    assert Standing.read(7, standing.told()) == standing
