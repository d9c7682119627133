"""Aggregates of flows from the graph's roll-ups: of whole minutes and hours, and the records at both ends.

Answers what the log store would, over exactly the asked range; what roll-ups do not keep is left to that.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

import numpy as np

from tapetum.api.context import Asked
from tapetum.api.use.service_graph import GraphAsked, needs_records
from tapetum.domain.errors import UnavailableError
from tapetum.domain.flows import COUNTERS, FLOW_KEY
from tapetum.domain.metrics import Op
from tapetum.domain.moments import TimeRange
from tapetum.domain.service_graph import GroupedTraffic, KeySums
from tapetum.domain.traffic import Matrix
from tapetum.graphstore.port import GraphQuery
from tapetum.logstore.aggregation import (
    Aggregated,
    Aggregation,
    Measure,
    Metric,
    Row,
    Value,
    cut_of,
    groupings_of,
    measure_of,
    refuse_many,
)
from tapetum.logstore.port import Search

Keys = tuple[str | None, ...]
_SUMMED = (Op.COUNT, Op.SUM, Op.AVG)


@dataclass(frozen=True, slots=True)
class Groups:
    """Every group, with the sum of each metric and of how many records: [n, metrics]."""

    keys: tuple[Keys, ...]
    metrics: tuple[Metric, ...]
    totals: Matrix
    records: Matrix

    def values(self, places: Sequence[int]) -> tuple[Value, ...]:
        """Of some groups together."""
        totals, records = (
            matrix[places].sum(axis=0).tolist() if len(places) != 1 else matrix[places[0]].tolist()
            for matrix in (self.totals, self.records)
        )
        return tuple(map(_value, self.metrics, totals, records))


async def rolled_up(asked: Asked, search: Search, aggregation: Aggregation) -> Aggregated | None:
    """None where only the log store can answer."""
    groups = await groups_of(asked, search, aggregation)
    return None if groups is None else _ranked(groups, search.range, aggregation)


async def groups_of(asked: Asked, search: Search, aggregation: Aggregation) -> Groups | None:
    measured = _measured(search, aggregation)
    rolled = None if measured is None else _rolled(asked, search)
    if measured is None or rolled is None:
        return None
    with suppress(UnavailableError):
        ends = (asked.api.logs.sums(asked.scope, end) for end in _ends(search, rolled))
        beside = _together(await asyncio.gather(*ends))
        told = await asked.api.graph.grouped(asked.scope, rolled, aggregation.group_by, beside)
        return None if told is None else _groups(told, aggregation, measured)
    return None


async def counted_keys(asked: Asked, search: Search) -> tuple[int, ...]:
    """The flow keys of a search whose reports count; from roll-ups where they know them."""
    logs, graph, scope = asked.api.logs, asked.api.graph, asked.scope
    rolled = _rolled(asked, search)
    if rolled is not None:
        with suppress(UnavailableError):
            found = await asyncio.gather(*(logs.flow_keys(scope, end) for end in _ends(search, rolled)))
            keys = np.concatenate([np.empty(0, np.uint64), *found])
            return await graph.counted(scope, KeySums.seen(keys), rolled)
    return await graph.counted(scope, KeySums.seen(await logs.flow_keys(scope, search)))


def _rolled(asked: Asked, search: Search) -> GraphQuery | None:
    """What is asked of roll-ups, by the rule of the service graph."""
    graph = GraphAsked(search.range, search.clusters, search.filter)
    if search.keys is not None or needs_records(asked, graph):
        return None
    within = asked.api.graph.whole(search.range, asked.now)
    return None if within is None else graph.covering(within).query


def _ends(search: Search, rolled: GraphQuery) -> list[Search]:
    """The records that lie beside whole minutes and hours."""
    ends = (TimeRange(search.range.start, rolled.range.start), TimeRange(rolled.range.end, search.range.end))
    return [replace(search, range=end) for end in ends if end.length]


def _together(found: Sequence[KeySums]) -> KeySums:
    nothing = KeySums.seen(np.empty(0, np.uint64))
    every = [nothing, *found]
    return KeySums(
        np.concatenate([sums.keys for sums in every]), np.concatenate([sums.counts for sums in every])
    )


def _measured(search: Search, aggregation: Aggregation) -> list[Measure | None] | None:
    """What each metric measures; None where roll-ups do not hold it."""
    if aggregation.interval is not None or not set(aggregation.group_by) <= set(FLOW_KEY):
        return None
    cut_of(aggregation, search.range)
    groupings_of(search.kind, aggregation.group_by, aggregation.metrics[aggregation.order_by])
    measured = [measure_of(search.kind, metric) for metric in aggregation.metrics]
    held = all(
        metric.op in _SUMMED and (measure is None or {measure.column} <= set(COUNTERS))
        for metric, measure in zip(aggregation.metrics, measured, strict=True)
    )
    return measured if held else None


def _groups(told: GroupedTraffic, aggregation: Aggregation, measured: Sequence[Measure | None]) -> Groups:
    """Without groups there is one: of no records, if need be."""
    keys = told.groups if aggregation.group_by or told.groups else ((),)
    size = (len(keys), len(aggregation.metrics))
    totals, records = np.zeros(size, np.int64), np.zeros(size, np.int64)
    for place, measure in enumerate(measured):
        total, count = _column(told, measure)
        np.add.at(totals[:, place], told.group, total)
        np.add.at(records[:, place], told.group, count)
    return Groups(keys, aggregation.metrics, totals, records)


def _column(told: GroupedTraffic, measure: Measure | None) -> tuple[Matrix, Matrix]:
    if measure is None:
        return told.counts[:, 0], told.counts[:, 0]
    there = COUNTERS.index(measure.column)
    back = there if measure.at_destination is None else COUNTERS.index(measure.at_destination)
    return (
        np.where(told.at_destination, told.counts[:, 1 + back], told.counts[:, 1 + there]),
        np.where(told.at_destination, told.having[:, back], told.having[:, there]),
    )


def _value(metric: Metric, total: int, records: int) -> Value:
    match metric.op:
        case Op.COUNT:
            return records
        case Op.SUM:
            return total if records else None
        case _:
            return float(total) / records if records else None


def _ranked(groups: Groups, within: TimeRange, aggregation: Aggregation) -> Aggregated:
    refuse_many(len(groups.keys))
    found = [(keys, groups.values([place])) for place, keys in enumerate(groups.keys)]
    way = -1 if aggregation.descending else 1

    def rank(place: int) -> tuple[bool, float, list[tuple[bool, str]]]:
        keys, values = found[place]
        value = values[aggregation.order_by]
        return value is None, way * (value or 0), [(key is None, key or "") for key in keys]

    order = sorted(range(len(found)), key=rank)
    shown, rest = order[: aggregation.limit], order[aggregation.limit :]
    nobody = (None,) * len(aggregation.group_by)
    return Aggregated(
        range=within,
        interval=None,
        starts=(),
        rows=tuple(Row(keys, None, values) for keys, values in (found[place] for place in shown)),
        groups=len(found),
        truncated=bool(rest),
        other=(Row(nobody, None, groups.values(rest)),) if rest else (),
    )
