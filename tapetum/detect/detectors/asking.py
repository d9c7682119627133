"""What detectors ask of the log store, for one rule in one cluster; counts the questions.

Knows no detector. Answers are bounded by the store's own limits, so no detector holds more than that.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tapetum.detect.rules import MOST_EVIDENCE, Rule
from tapetum.domain.metrics import Op
from tapetum.domain.moments import SECOND, Micros, TimeRange
from tapetum.domain.scope import Scope
from tapetum.domain.shapes import SHAPES
from tapetum.kql import Query, all_of, any_of
from tapetum.kql.syntax import Exists, FieldRef, Is, MatchAll, Not, Phrase
from tapetum.logstore.aggregation import CELLS_MOST, LIMIT, Aggregation, Metric, Row
from tapetum.logstore.port import LogStore, Order, Record, Search

FIRST = Metric(Op.MIN, "start_time")
CONNECTIONS = Metric(Op.SUM, "connections")
SENT = Metric(Op.SUM, "bytes_to_target")
ANSWERED = Metric(Op.SUM, "bytes_to_source")


@dataclass(slots=True)
class Asker:
    logs: LogStore[Any]
    scope: Scope
    rule: Rule
    cluster: str
    questions: int = field(default=0)

    async def groups(
        self,
        within: TimeRange,
        by: Sequence[str],
        metrics: Sequence[Metric],
        *where: Query,
        interval: int | None = None,
    ) -> tuple[Row, ...]:
        """Those with most of the first metric; in buckets of some seconds each as many as may be told."""
        if within.length <= 0:
            return ()
        buckets = 1 if interval is None else within.length // (interval * SECOND) + 2
        asked = Aggregation(
            metrics=tuple(metrics),
            group_by=tuple(by),
            interval=interval,
            limit=max(1, min(LIMIT, CELLS_MOST // buckets)),
        )
        self.questions += 1
        return (await self.logs.aggregate(self.scope, self._search(within, where), asked)).rows

    async def first(self, within: TimeRange, *where: Query) -> Micros | None:
        """When the earliest record that meets the queries began; None where there is none."""
        rows = await self.groups(within, (), (FIRST,), *where)
        value = rows[0].values[0] if rows else None
        return None if value is None else int(value)

    async def newest(self, within: TimeRange, most: int, *where: Query) -> Sequence[Record]:
        """Records, the newest first."""
        if within.length <= 0:
            return ()
        self.questions += 1
        order = Order(SHAPES[self.rule.says.kind].time)
        return (await self.logs.search(self.scope, self._search(within, where), order, most, None)).records

    async def lines(self, records: Sequence[Record]) -> Mapping[str, str]:
        """As they arrived, by id."""
        if not records:
            return {}
        self.questions += 1
        ids = [record["id"] for record in records]
        return await self.logs.raw(self.scope, ids, self.rule.says.kind)

    async def evidence(self, within: TimeRange, *where: Query) -> tuple[str, ...]:
        """The ids of the newest records."""
        return tuple(record["id"] for record in await self.newest(within, MOST_EVIDENCE, *where))

    def _search(self, within: TimeRange, where: Iterable[Query]) -> Search:
        named = [query for query in (self.rule.filter, *where) if not isinstance(query, MatchAll)]
        return Search(self.rule.says.kind, within, frozenset({self.cluster}), all_of(named))


def same(name: str, value: str | None) -> Query:
    """Records that hold a value; None: that hold none."""
    ref = FieldRef((name,))
    return Not(Exists(ref)) if value is None else Is(ref, Phrase(value))


def held(name: str) -> Query:
    return Exists(FieldRef((name,)))


def one_of(name: str, *values: str) -> Query:
    return any_of(same(name, value) for value in values)


def before(moment: Micros, seconds: int) -> TimeRange:
    return TimeRange(max(0, moment - seconds * SECOND), moment)
