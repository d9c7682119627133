"""An export: every record of a question, page by page, as columns that were chosen.

The range is resolved once, and a page goes on behind the record where the last one ended: no record comes
twice and none that was there at the start is left out, whatever arrives meanwhile.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Any

from tapetum.api.context import Asked
from tapetum.api.use.arguments import find_field, read_range
from tapetum.api.use.records import Ordering, read_order, search_of
from tapetum.domain.batches import RecordKind
from tapetum.domain.errors import BadInputError, DeadlineError
from tapetum.domain.moments import SECOND, Micros, TimeRange, iso
from tapetum.kql import Field, FieldType, catalogue
from tapetum.logstore.columns import TIME
from tapetum.logstore.port import Order, Page, Position, Record, Search

PAGE = 2000
"""Records read at once: enough that a page's own cost is little, few enough that two fit anywhere."""

_PAGES_A_SLICE = 4
_PATIENCE = 6
"""How many deadlines of a query one page may take: nobody looks at a screen, and whoever leaves ends it."""

_COLUMNS = 200


@dataclass(frozen=True, slots=True)
class Column:
    """A field under its stored name; `read` takes its value off a record, times as ISO 8601."""

    name: str
    read: Callable[[Record], Any]


@dataclass(frozen=True, slots=True)
class Export:
    search: Search
    order: Order
    columns: tuple[Column, ...]


def read_export(
    asked: Asked,
    kind: RecordKind,
    start: str | None,
    end: str,
    clusters: Sequence[str] | None,
    filter_text: str | None,
    columns: Sequence[str] | None,
    order: str | None,
) -> Export:
    if start is None:
        raise BadInputError("The range has no beginning; add from=now-1h, or a time.", path="from")
    search = search_of(kind, read_range(start, end, asked.now), clusters, filter_text)
    return Export(search, read_order(kind, _ordering(order)), _columns(kind, columns))


async def pages(asked: Asked, export: Export) -> AsyncGenerator[tuple[Record, ...]]:
    """Each within a bound of time; at least one, and any may be empty."""
    in_time = export.order.field == TIME[export.search.kind]
    async with aclosing(_in_time(asked, export) if in_time else _by_key(asked, export)) as found:
        async for records in found:
            yield records


async def _by_key(asked: Asked, export: Export) -> AsyncGenerator[tuple[Record, ...]]:
    after: Position | None = None
    while True:
        page = await _page(asked, export, export.search.range, after)
        yield page.records
        if not page.more:
            return
        after = _behind(export, page)


async def _in_time(asked: Asked, export: Export) -> AsyncGenerator[tuple[Record, ...]]:
    """Slice by slice of the range, so that no page makes a store look at all that is left.

    A slice is some pages long, as the last one tells, and grows where there is little.
    """
    within, newest_first = export.search.range, export.order.descending
    start, end, length = within.start, within.end, within.length
    after: Position | None = None
    while start < end:
        part = (
            TimeRange(max(start, end - length), end)
            if newest_first
            else TimeRange(start, min(end, start + length))
        )
        page = await _page(asked, export, part, after)
        yield page.records
        if page.more:
            after = _behind(export, page)
            reached: Micros = after.value
            span = part.end - reached if newest_first else reached - part.start
            length = max(_PAGES_A_SLICE * span, SECOND)
            start, end = (start, reached + 1) if newest_first else (reached, end)
        else:
            after = None
            start, end = (start, part.start) if newest_first else (part.end, end)
            if len(page.records) < PAGE // 2:
                length *= _PAGES_A_SLICE


async def _page(asked: Asked, export: Export, within: TimeRange, after: Position | None) -> Page:
    seconds = _PATIENCE * asked.api.settings.deadline.total_seconds()
    try:
        async with asyncio.timeout(seconds):
            search = replace(export.search, range=within)
            return await asked.api.logs.search(asked.scope, search, export.order, PAGE, after)
    except TimeoutError:
        raise DeadlineError(
            f"A page of {PAGE} records took longer than {seconds:g} s; ask for a shorter range, or "
            "for an order by time."
        ) from None


def _behind(export: Export, page: Page) -> Position:
    last = page.records[-1]
    return Position(last[export.order.field], last["id"])


def _ordering(text: str | None) -> Ordering | None:
    if text is None:
        return None
    name, colon, way = text.rpartition(":")
    if colon and way not in ("asc", "desc"):
        raise BadInputError("The order is written field:asc or field:desc.", path="order")
    return Ordering(name if colon else text, descending=way != "asc")


def _columns(kind: RecordKind, names: Sequence[str] | None) -> tuple[Column, ...]:
    """Every field of a record's own where none are named."""
    if names is None:
        chosen = [field for field in catalogue(kind.value).fields.values() if field.parent is None]
    elif len(names) > _COLUMNS:
        raise BadInputError(
            f"{len(names)} columns are asked for; at most {_COLUMNS} are written.", path="columns"
        )
    else:
        chosen = [find_field(kind, name, path="columns") for name in names]
    return tuple(Column(field.name, _reader(field)) for field in dict.fromkeys(chosen))


def _reader(field: Field) -> Callable[[Record], Any]:
    name, parent, leaf = field.name, field.parent, field.leaf
    if field.policy_strings:
        return lambda record: (record.get("policies") or {}).get(leaf)
    if parent is not None:
        return lambda record: _parts(record.get(parent) or (), leaf)
    if field.type is FieldType.DATE:
        return lambda record: None if (moment := record.get(name)) is None else iso(moment)
    return lambda record: record.get(name)


def _parts(elements: Sequence[Record], leaf: str) -> list[Any]:
    """One member of each object of a list, flat."""
    found: list[Any] = []
    for element in elements:
        value = element.get(leaf)
        found += value if isinstance(value, list) else () if value is None else (value,)
    return found
