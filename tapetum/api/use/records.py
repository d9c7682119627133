"""Pages of records of every kind, alerts among them."""

from collections.abc import Sequence
from dataclasses import dataclass

from tapetum.api.context import Asked
from tapetum.api.use.arguments import read_clusters, read_field, read_filter, read_limit
from tapetum.api.use.cursors import digest, read_cursor, write_cursor
from tapetum.domain.batches import RecordKind
from tapetum.domain.errors import BadInputError
from tapetum.domain.moments import TimeRange
from tapetum.domain.shapes import SHAPES
from tapetum.kql import catalogue
from tapetum.logstore.port import Order, Position, Record, Search

MOST = 500
_TIME = {kind: shape.time for kind, shape in SHAPES.items()} | {RecordKind.ALERTS: "time"}


@dataclass(frozen=True, slots=True)
class Ordering:
    field: str
    descending: bool


@dataclass(frozen=True, slots=True)
class Page:
    """One page, with what is needed to count the whole and to go on behind any of its records."""

    search: Search
    records: tuple[Record, ...]
    more: bool
    continued: bool
    _digest: str
    _order: str

    @property
    def range(self) -> TimeRange:
        return self.search.range

    def cursors(self) -> list[str]:
        return [
            write_cursor(self._digest, self.range, Position(record[self._order], record["id"]))
            for record in self.records
        ]

    async def count(self, asked: Asked) -> int:
        return await asked.api.logs.count(asked.scope, self.search)


def search_of(
    kind: RecordKind, within: TimeRange, clusters: Sequence[str] | None, filter_text: str | None
) -> Search:
    return Search(kind, within, read_clusters(clusters), read_filter(filter_text, kind))


def read_order(kind: RecordKind, ordering: Ordering | None) -> Order:
    """Newest first where none is asked for."""
    if ordering is None:
        return Order(_TIME[kind])
    field = read_field(kind, ordering.field, path="orderBy")
    if field.multi or field.parent:
        raise BadInputError(
            f"{field.name} may have several values, so nothing can be ordered by it.", path="orderBy"
        )
    return Order(field.name, ordering.descending)


async def read_page(
    asked: Asked,
    kind: RecordKind,
    within: TimeRange,
    clusters: Sequence[str] | None,
    filter_text: str | None,
    first: int,
    after: str | None,
    ordering: Ordering | None,
) -> Page:
    read_limit("first", first, MOST)
    order = read_order(kind, ordering)
    search = search_of(kind, within, clusters, filter_text)
    bound = digest(
        kind.value,
        filter_text or "",
        None if search.clusters is None else sorted(search.clusters),
        order.field,
        order.descending,
    )
    position = None
    if after is not None:
        cursor = read_cursor(after, bound, catalogue(kind.value).fields[order.field].type)
        search = Search(kind, cursor.range, search.clusters, search.filter)
        position = cursor.position
    page = await asked.api.logs.search(asked.scope, search, order, first, position)
    return Page(search, page.records, page.more, after is not None, bound, order.field)
