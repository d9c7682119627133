"""Aggregations by any fields: all groups are ranked, those shown are measured by their filters.

Parts of policy hits are counted by trace, and a trace is taken apart once for all its records.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tapetum.domain.batches import RecordKind
from tapetum.domain.metrics import Op
from tapetum.domain.moments import Micros, TimeRange
from tapetum.logstore.aggregation import (
    Aggregated,
    Aggregation,
    Metric,
    Row,
    cut_of,
    groupings_of,
    measure_of,
    refuse_many,
)
from tapetum.logstore.columns import TIME
from tapetum.logstore.elasticsearch.group_keys import Key, Keys
from tapetum.logstore.elasticsearch.kql import any_of, none_of
from tapetum.logstore.elasticsearch.measuring import (
    CERTAIN,
    Measured,
    State,
    at_once,
    beneath,
    states,
    values,
)
from tapetum.logstore.elasticsearch.reading import PAGE, aggregations, buckets, total
from tapetum.logstore.elasticsearch.server import Body, Server
from tapetum.logstore.elasticsearch.where import Where, during
from tapetum.logstore.intervals import Cut

_AT_ONCE = 20_000
"""Buckets of one search; the engine refuses more than 65,536."""

RECOUNTED = 100_000
"""Different values up to which a single number is exact."""

Groups = dict[Key, tuple[State, ...]]


async def aggregate(
    server: Server, kind: RecordKind, where: Where, within: TimeRange, aggregation: Aggregation
) -> Aggregated:
    sliced = cut_of(aggregation, within)
    measured = tuple((metric, measure_of(kind, metric)) for metric in aggregation.metrics)
    keys = Keys(kind, groupings_of(kind, aggregation.group_by, aggregation.metrics[aggregation.order_by]))
    asking = _Asking(server, kind, where, keys, sliced)
    # What is ranked by is enough for ranking, unless nothing else is left to ask.
    once = sliced is None and not keys.traced
    ranking = measured if once else (measured[aggregation.order_by],)
    groups = await asking.groups(ranking)
    shown = _first(groups, keys, aggregation, aggregation.order_by if once else 0)
    hidden = len(groups) > len(shown)
    if once:
        rows = [Row(keys.text(key), None, values(measured, groups[key])) for key in shown]
    else:
        rows = await asking.shown(shown, measured)
    other = await asking.other(shown, measured) if hidden else []
    exact = CERTAIN
    if not aggregation.group_by and sliced is None:
        rows, exact = [await _recounted(server, where, measured, row) for row in rows], RECOUNTED
    estimates = [place for place, metric in enumerate(aggregation.metrics) if metric.op is Op.DISTINCT]
    return Aggregated(
        range=within,
        interval=aggregation.interval,
        starts=sliced.starts if sliced else (),
        rows=tuple(rows),
        groups=len(groups),
        truncated=hidden,
        other=tuple(other),
        approximate=any((row.values[place] or 0) > exact for row in (*rows, *other) for place in estimates),
    )


async def _recounted(server: Server, where: Where, measured: Sequence[Measured], row: Row) -> Row:
    """A single number is counted value by value where the estimate may be wrong, page by page and so far."""
    told = list(row.values)
    for place, (metric, measure) in enumerate(measured):
        if metric.op is Op.DISTINCT and measure is not None and (told[place] or 0) > CERTAIN:
            found = 0
            async for _ in buckets(server, where, [measure.column], {}):
                found += 1
                if found > RECOUNTED:
                    break
            told[place] = found if found <= RECOUNTED else max(told[place] or 0, found)
    return Row(row.keys, row.start, tuple(told))


def _first(groups: Groups, keys: Keys, aggregation: Aggregation, at: int) -> list[Key]:
    """In their order: by the metric, groups without it last, ties by their keys."""
    metric: Metric = aggregation.metrics[aggregation.order_by]
    sign = -1 if aggregation.descending else 1

    def place(key: Key) -> Any:
        value = groups[key][at].value(metric)
        return value is None, sign * (value or 0), [(one is None, one or "") for one in keys.text(key)]

    return sorted(groups, key=place)[: aggregation.limit]


@dataclass(frozen=True, slots=True)
class _Asking:
    server: Server
    kind: RecordKind
    where: Where
    keys: Keys
    sliced: Cut | None

    async def groups(self, measured: Sequence[Measured]) -> Groups:
        """All there are, over the whole range."""
        inner, found = beneath(measured, alone=self._alone), Groups()
        apart = self.keys.apart(self.where)  # records that no bucket has
        if apart is not None:
            bucket = await self._whole(apart, inner)
            if bucket["doc_count"] or not self.keys.fields:
                found[self.keys.none] = await states(self.server, apart, measured, bucket)
        if not self.keys.fields:
            return found
        page = at_once(measured, PAGE)
        async for bucket in buckets(
            self.server,
            self.where,
            self.keys.fields,
            inner,
            missing=True,
            objects=self.keys.objects,
            page=page,
        ):
            key = self.keys.of(bucket["key"])
            if key not in found:
                where = self.where.and_(self.keys.cell(key))
                found[key] = await states(self.server, where, measured, bucket)
                refuse_many(len(found))
        return await self._taken_apart(found) if self.keys.traced else found

    async def _taken_apart(self, cells: Groups) -> Groups:
        found = Groups()
        for key, parts in await self.keys.taken_apart(self.server, self.where, list(cells)):
            for one in parts:
                before = found.get(one)
                found[one] = cells[key] if before is None else tuple(map(State.__add__, before, cells[key]))
        refuse_many(len(found))
        return found

    async def shown(self, shown: Sequence[Key], measured: Sequence[Measured]) -> list[Row]:
        """Each by its filter, so that a search asks for many of them, in all their buckets."""
        rows: list[Row] = []
        size = max(1, at_once(measured, _AT_ONCE) // (self.sliced.buckets if self.sliced else 1))
        for first in range(0, len(shown), size):
            some = shown[first : first + size]
            filters = {str(place): self.keys.group(key) for place, key in enumerate(some)}
            body = self._body(
                self.where, {"by": {"filters": {"filters": filters}, "aggs": self._inner(measured)}}
            )
            found = aggregations(await self.server.search(self.where.indices, body))
            for place, key in enumerate(some):
                bucket = found["by"]["buckets"][str(place)] if found else {"doc_count": 0}
                where = self.where.and_(filters[str(place)])
                rows += await self._rows(where, self.keys.text(key), measured, bucket)
        return rows

    async def other(self, shown: Sequence[Key], measured: Sequence[Measured]) -> list[Row]:
        """Of the records that are in none of the groups shown."""
        where = self.where.and_(none_of(any_of([self.keys.group(key) for key in shown])))
        bucket = await self._whole(where, self._inner(measured))
        return await self._rows(where, self.keys.text(self.keys.none), measured, bucket)

    async def _rows(
        self, where: Where, text: tuple[str | None, ...], measured: Sequence[Measured], bucket: Body
    ) -> list[Row]:
        if self.sliced is None:
            told = await states(self.server, where, measured, bucket) if bucket["doc_count"] else None
            return [] if told is None else [Row(text, None, values(measured, told))]
        rows: list[Row] = []
        for slot in bucket.get("at", {}).get("buckets", ()):
            start: Micros = int(slot["key"])
            inside = where.and_(during(TIME[self.kind], TimeRange(start, start + self.sliced.step)))
            rows.append(Row(text, start, values(measured, await states(self.server, inside, measured, slot))))
        return rows

    @property
    def _alone(self) -> bool:
        return self.sliced is None and not self.keys.fields

    def _inner(self, measured: Sequence[Measured]) -> dict[str, Body]:
        if self.sliced is None:
            return beneath(measured, alone=self._alone)
        over = {"field": TIME[self.kind], "interval": self.sliced.step, "min_doc_count": 1}
        return {"at": {"histogram": over, "aggs": beneath(measured, alone=False)}}

    async def _whole(self, where: Where, inner: dict[str, Body]) -> Body:
        """All records as one bucket."""
        answer = await self.server.search(where.indices, self._body(where, inner))
        found = aggregations(answer)
        return {**found, "doc_count": total(answer)} if found or not inner else {"doc_count": 0}

    def _body(self, where: Where, aggs: dict[str, Body]) -> Body:
        return {"query": where.query, "size": 0, "track_total_hits": True, "aggs": aggs}
