"""Load beside what is normal: the range before, and the same hours of the earlier days that are stored."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tapetum.api.context import Asked
from tapetum.api.use.aggregation import aggregate, counted
from tapetum.api.use.rolled_up import groups_of
from tapetum.api.use.terms import same
from tapetum.domain.metrics import Op
from tapetum.domain.moments import DAY, Micros, TimeRange
from tapetum.domain.traffic import ReporterRule
from tapetum.kql import Query, all_of, any_of
from tapetum.logstore.aggregation import LIMIT, Aggregation, Metric
from tapetum.logstore.columns import TIME
from tapetum.logstore.port import Order, Search

MOST = 100
DAYS = 7
Keys = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Load:
    """A group's load now and then; None: not stored, or not counted by any source."""

    keys: Keys
    now: int | None
    before: int | None
    days: tuple[int | None, ...]  # as Compared.days
    normal: float | None
    exceeds: bool

    @property
    def ratio(self) -> float | None:
        """Of now to what is normal; None where nothing was."""
        return None if self.now is None or not self.normal else self.now / self.normal


@dataclass(frozen=True, slots=True)
class Compared:
    """`before` and `days` are the ranges compared with; None, or left out, where they are not stored."""

    range: TimeRange
    before: TimeRange | None
    days: tuple[TimeRange, ...]
    groups: tuple[Load, ...]
    truncated: bool


async def compare_load(
    asked: Asked, search: Search, group_by: tuple[str, ...], field: str, limit: int, factor: float
) -> Compared:
    """Groups with the highest load now, which exceeds where it is more than `factor` times the normal."""
    aggregation = Aggregation((Metric(Op.SUM, field),), group_by, limit=limit)
    told = await aggregate(asked, search, aggregation, ReporterRule.COMBINED)
    now = {row.keys: _whole(row.values[0]) for row in told.rows}
    first = await _first_stored(asked, search)
    length = search.range.length
    before = _earlier(search.range, length, first)
    days = tuple(
        day
        for back in range(1, DAYS + 1)
        if back * DAY >= length and (day := _earlier(search.range, back * DAY, first)) is not None
    )
    shown = _shown(group_by, tuple(now))
    asking = (_load(asked, search, aggregation, shown, each) for each in (before, *days))
    then, *same_hours = await asyncio.gather(*asking)
    return Compared(
        range=search.range,
        before=before,
        days=days,
        groups=tuple(
            _compared(keys, value, _at(then, keys), tuple(_at(day, keys) for day in same_hours), factor)
            for keys, value in now.items()
        ),
        truncated=told.truncated,
    )


def _compared(
    keys: Keys, now: int | None, before: int | None, days: tuple[int | None, ...], factor: float
) -> Load:
    known = [day for day in days if day is not None]
    normal = sum(known) / len(known) if known else before
    exceeds = now is not None and normal is not None and now > factor * normal
    return Load(keys, now, before, days, normal, exceeds)


async def _load(
    asked: Asked, search: Search, aggregation: Aggregation, shown: Query, within: TimeRange | None
) -> dict[Keys, int | None] | None:
    """By group; what reports count is settled before the groups are picked, as it is for now."""
    if within is None:
        return None
    rolled = await groups_of(asked, replace(search, range=within), aggregation)
    if rolled is not None:
        return {keys: _whole(rolled.values([place])[0]) for place, keys in enumerate(rolled.keys)}
    earlier = await counted(asked, replace(search, range=within), ReporterRule.COMBINED)
    chosen = shown if earlier.filter is None else all_of([earlier.filter, shown])
    told = await asked.api.logs.aggregate(
        asked.scope, replace(earlier, filter=chosen), replace(aggregation, limit=LIMIT)
    )
    return {row.keys: _whole(row.values[0]) for row in told.rows}


def _at(load: dict[Keys, int | None] | None, keys: Keys) -> int | None:
    """Nothing is a load of 0 where the range is stored."""
    return None if load is None else load.get(keys, 0)


def _shown(fields: Sequence[str], groups: Sequence[Keys]) -> Query:
    return any_of(
        all_of(same(field, key) for field, key in zip(fields, keys, strict=True)) for keys in groups
    )


def _earlier(within: TimeRange, back: Micros, first: Micros | None) -> TimeRange | None:
    start = within.start - back
    return None if first is None or start < first else TimeRange(start, within.end - back)


async def _first_stored(asked: Asked, search: Search) -> Micros | None:
    """The oldest such record of any of the clusters; other kinds may go further back."""
    everything = Search(search.kind, TimeRange(0, search.range.end), search.clusters)
    page = await asked.api.logs.search(
        asked.scope, everything, Order(TIME[search.kind], descending=False), 1, None
    )
    return page.records[0][TIME[search.kind]] if page.records else None


def _whole(value: float | None) -> int | None:
    return None if value is None else int(value)
