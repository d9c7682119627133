"""The first question of a detector: which groups of which windows are worth a closer look.

Windows are `lookback` long and begin every half of it, so that what takes no longer than that half lies
whole in one of them; those of a long span are one question.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import add

from tapetum.detect.detectors.asking import Asker
from tapetum.detect.windows import Group
from tapetum.domain.moments import SECOND, Micros, TimeRange
from tapetum.kql import Query
from tapetum.logstore.aggregation import Metric, Value

_MOST_EXAMINED = 200
"""Of a span, those with the highest values, each group in each window."""


@dataclass(frozen=True, slots=True)
class Candidate:
    keys: Group
    window: TimeRange
    values: tuple[float, ...]


async def screened(
    ask: Asker,
    span: TimeRange,
    lookback: int,
    by: Sequence[str],
    metrics: Sequence[Metric],
    worth: Callable[[Group, tuple[float, ...]], bool],
    *where: Query,
    most: int = _MOST_EXAMINED,
) -> list[Candidate]:
    """In order of their first value, the highest first, of which so many; a value that no record has is 0.

    Values are those of two halves added up: exact where metrics add up, else no less than the window's.
    """
    half = lookback // 2
    step = half * SECOND
    around = TimeRange(max(0, span.start - step), span.end).widened(step)
    halves: dict[Group, dict[Micros, tuple[float, ...]]] = {}
    for row in await ask.groups(around, by, metrics, *where, interval=half):
        halves.setdefault(row.keys, {})[row.start or 0] = tuple(map(_number, row.values))
    nothing = (0.0,) * len(metrics)
    found = [
        Candidate(keys, TimeRange(start, start + 2 * step), values)
        for keys, starts in halves.items()
        for start, first in starts.items()
        for values in [tuple(map(add, first, starts.get(start + step, nothing)))]
        if worth(keys, values)
    ]
    return sorted(found, key=lambda each: each.values[0], reverse=True)[:most]


def _number(value: Value) -> float:
    return 0.0 if value is None else float(value)
