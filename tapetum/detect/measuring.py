"""What the groups of a window rule come to at moments, asked of the log store; the records that show one.

Several moments are one question where what is measured adds up, else one question each.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import gcd

from tapetum.detect.rules import MOST_EVIDENCE, Rule
from tapetum.detect.windows import Begun, Group, Values, grouped_by
from tapetum.domain.alert_rules import Condition, Window
from tapetum.domain.metrics import Op
from tapetum.domain.moments import SECOND, Micros, TimeRange
from tapetum.domain.scope import Scope
from tapetum.domain.shapes import SHAPES
from tapetum.kql import Query, all_of
from tapetum.kql.syntax import Exists, FieldRef, Is, Not, Phrase
from tapetum.logstore.aggregation import CELLS_MOST, LIMIT, Aggregation, Metric, Row
from tapetum.logstore.port import LogStore, Order, Search

_ADD: dict[Op, Callable[[float, float], float]] = {
    Op.COUNT: lambda one, other: one + other,
    Op.SUM: lambda one, other: one + other,
    Op.MIN: min,
    Op.MAX: max,
}
"""How two parts of a window make one."""
_MOST_PARTS = 400
"""Of a range, in one question."""
_MOST_QUESTIONS = 20
_FALLING = (Condition.LT, Condition.LTE)


@dataclass(frozen=True, slots=True)
class Measured:
    """`moments` are those that were measured, the first of those asked for; `questions` what it took."""

    moments: Sequence[Micros]
    values: dict[Micros, dict[Group, float]]
    questions: int

    def at(self, moment: Micros) -> Values:
        return self.values.get(moment, {})


def per_question(window: Window) -> int:
    """How many moments one question answers."""
    most = (_MOST_PARTS * _part(window) - window.lookback) // window.period
    return max(1, most) if window.metric.op in _ADD else 1


async def measure(
    logs: LogStore[object], scope: Scope, rule: Rule, cluster: str, window: Window, moments: Sequence[Micros]
) -> Measured:
    """Of the window that ends at each moment; at most as many as a few questions answer."""
    most = per_question(window)
    if most > 1 and len(moments) > 1:
        taken = moments[:most]
        part = _part(window)
        rows = await _rows(logs, scope, rule, cluster, window, taken[0], taken[-1], part)
        return Measured(taken, _slid(window, taken, rows), 1)
    taken = moments[:_MOST_QUESTIONS]
    values = {
        at: {row.keys: value for row in rows if (value := _value(row)) is not None}
        for at in taken
        for rows in [await _rows(logs, scope, rule, cluster, window, at, at, None)]
    }
    return Measured(taken, values, len(taken))


async def evidence_of(
    logs: LogStore[object], scope: Scope, rule: Rule, cluster: str, window: Window, begun: Begun
) -> tuple[str, ...]:
    """The newest records of the group in the window; none where objects in a list made the group."""
    fields = grouped_by(rule)
    if any(field.parent for field in fields):
        return ()
    same = [_is(field.name, key) for field, key in zip(fields, begun.group, strict=True)]
    within = TimeRange(begun.at - window.lookback * SECOND, begun.at)
    kind = rule.says.kind
    search = Search(kind, within, frozenset({cluster}), all_of([rule.filter, *same]))
    page = await logs.search(scope, search, Order(SHAPES[kind].time), MOST_EVIDENCE, None)
    return tuple(record["id"] for record in page.records)


def _part(window: Window) -> int:
    """Seconds that make both whole."""
    return gcd(window.period, window.lookback)


async def _rows(
    logs: LogStore[object],
    scope: Scope,
    rule: Rule,
    cluster: str,
    window: Window,
    first: Micros,
    last: Micros,
    part: int | None,
) -> tuple[Row, ...]:
    """Of the windows that end from `first` to `last`; in parts of some seconds."""
    within = TimeRange(first - window.lookback * SECOND, last)
    parts = 1 if part is None else within.length // (part * SECOND) + 1
    aggregation = Aggregation(
        metrics=(Metric(window.metric.op, window.metric.field), Metric(Op.COUNT)),
        group_by=tuple(field.name for field in grouped_by(rule)),
        interval=part,
        limit=min(LIMIT, CELLS_MOST // parts),
        descending=window.condition not in _FALLING,
    )
    search = Search(rule.says.kind, within, frozenset({cluster}), rule.filter)
    return (await logs.aggregate(scope, search, aggregation)).rows


def _slid(window: Window, moments: Sequence[Micros], rows: Sequence[Row]) -> dict[Micros, dict[Group, float]]:
    """Parts made whole windows."""
    add, back, period = _ADD[window.metric.op], window.lookback * SECOND, window.period * SECOND
    found: dict[Micros, dict[Group, float]] = {at: {} for at in moments}
    for row in rows:
        value, start = _value(row), row.start
        if value is None or start is None:
            continue
        # A part lies in the windows that end behind it and begin no later than it does.
        first = max(moments[0], (start // period + 1) * period)
        for at in range(first, min(moments[-1], start + back) + 1, period):
            groups = found[at]
            groups[row.keys] = add(groups[row.keys], value) if row.keys in groups else value
    return found


def _value(row: Row) -> float | None:
    """None where no record was measured."""
    value, records = row.values
    return None if value is None or not records else float(value)


def _is(name: str, key: str | None) -> Query:
    field = FieldRef((name,))
    return Not(Exists(field)) if key is None else Is(field, Phrase(key))
