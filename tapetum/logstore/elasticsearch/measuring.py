"""Metrics as aggregations beneath a bucket, and the values that they come to.

A sum that floating point may have rounded is asked for again, exactly (sums.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tapetum.domain.metrics import Op
from tapetum.logstore.aggregation import Measure, Metric, Value
from tapetum.logstore.elasticsearch.kql import Dsl, none_of
from tapetum.logstore.elasticsearch.server import Body, Server
from tapetum.logstore.elasticsearch.sums import EXACT, totals_of
from tapetum.logstore.elasticsearch.where import Where

Measured = tuple[Metric, Measure | None]

_PRECISE, _PRECISE_EACH = 40_000, 3_000
"""Different values that the engine counts nearly without error: at most, and in each of many buckets."""
_COUNTER = 16 << 10
"""Bytes that the engine sets aside for one of the latter, however few values there are."""
_COUNTERS = 64 << 20
"""Bytes of them that one question may take: its heap is a gigabyte where it is small."""
CERTAIN = 1_000
"""Different values up to which its count is hardly ever wrong; beyond, it is told as an estimate."""
_BY_DESTINATION: Dsl = {"term": {"reporter": "dst"}}
_SIDES = {"rest": none_of(_BY_DESTINATION), "dst": _BY_DESTINATION}


@dataclass(frozen=True, slots=True)
class State:
    """From the states of parts follows that of the whole; means of weighed values have no parts."""

    records: int = 0
    count: int = 0
    total: float = 0
    low: float | None = None
    high: float | None = None

    def __add__(self, other: "State") -> "State":
        lows = [low for low in (self.low, other.low) if low is not None]
        highs = [high for high in (self.high, other.high) if high is not None]
        return State(
            self.records + other.records,
            self.count + other.count,
            self.total + other.total,
            min(lows, default=None),
            max(highs, default=None),
        )

    def value(self, metric: Metric) -> Value:
        match metric.op:
            case Op.COUNT:
                return self.records if metric.field is None else self.count
            case Op.DISTINCT:
                return self.count
            case Op.AVG:
                return self.total / self.count if self.count else None
            case Op.SUM:
                return int(self.total) if self.count else None
            case Op.MIN:
                return None if self.low is None else int(self.low)
            case Op.MAX:
                return None if self.high is None else int(self.high)


def at_once(measured: Sequence[Measured], most: int) -> int:
    """As many buckets as one question may measure so, `most` at most."""
    counters = sum(metric.op is Op.DISTINCT for metric, _ in measured)
    return max(1, min(most, _COUNTERS // (_COUNTER * counters))) if counters else most


def beneath(measured: Sequence[Measured], *, alone: bool) -> dict[str, Body]:
    """What is asked of each bucket, or of one that is alone."""
    precise = _PRECISE if alone else _PRECISE_EACH
    asked: dict[str, Body] = {}
    for place, (metric, measure) in enumerate(measured):
        if measure is None:
            continue
        if measure.at_destination is None:
            asked[f"m{place}"] = _one(metric, measure, measure.column, precise)
        else:
            both = {side: _one(metric, measure, column, precise) for side, column in _columns(measure)}
            asked[f"m{place}"] = {"filters": {"filters": _SIDES}, "aggs": both}
    return asked


async def states(
    server: Server, where: Where, measured: Sequence[Measured], bucket: Body
) -> tuple[State, ...]:
    """`where` finds the bucket's records."""
    if not bucket["doc_count"]:  # where no index holds any, the engine tells no aggregations either
        return (State(),) * len(measured)
    found: list[State] = []
    for place, (metric, measure) in enumerate(measured):
        if measure is None:
            found.append(State(records=bucket["doc_count"]))
        elif measure.at_destination is None:
            found.append(await _exact(server, where, measure.column, _told(metric, bucket[f"m{place}"])))
        else:
            told = bucket[f"m{place}"]["buckets"]
            sides = [
                await _exact(server, where.and_(_SIDES[side]), column, _told(metric, told[side][side]))
                for side, column in _columns(measure)
            ]
            found.append(sides[0] + sides[1])
    return tuple(found)


def values(measured: Sequence[Measured], found: Sequence[State]) -> tuple[Value, ...]:
    return tuple(state.value(metric) for (metric, _), state in zip(measured, found, strict=True))


def _columns(measure: Measure) -> tuple[tuple[str, str], ...]:
    return ("rest", measure.column), ("dst", measure.at_destination or measure.column)


def _one(metric: Metric, measure: Measure, column: str, precise: int) -> Body:
    if metric.op is Op.DISTINCT:
        return {"cardinality": {"field": column, "precision_threshold": precise}}
    if metric.op is Op.COUNT:
        return {"value_count": {"field": column}}
    if measure.weight is not None:
        return {"weighted_avg": {"value": {"field": column}, "weight": {"field": measure.weight}}}
    return {"stats": {"field": column}}


def _told(metric: Metric, found: Any) -> State:
    if "value" not in found:
        return State(0, found["count"], int(found["sum"]), found["min"], found["max"])
    if metric.op is Op.AVG:
        return State() if found["value"] is None else State(count=1, total=found["value"])
    return State(count=int(found["value"]))


async def _exact(server: Server, where: Where, column: str, told: State) -> State:
    if told.low is None or abs(told.total) < EXACT:
        return told
    totals = await totals_of(server, where, [column])
    return State(told.records, told.count, totals[column] or 0, told.low, told.high)
