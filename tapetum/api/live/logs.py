"""The newest records as they are stored: a few times a second, never more than people can read."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass

import pyarrow as pa

from tapetum.api.context import Asked, Prelude
from tapetum.api.live.commits import woken_by
from tapetum.api.live.rows import rows, traces_of
from tapetum.bus.port import Event, RecordsCommitted
from tapetum.domain.arrow import compute as pc
from tapetum.domain.batches import RecordKind
from tapetum.domain.scope import Scope
from tapetum.domain.shapes import SHAPES, Shape
from tapetum.kql import Query, compile_predicate, fields_used
from tapetum.logstore.port import Record

MOST = 100


@dataclass(frozen=True, slots=True)
class Newest:
    """`dropped` counts what matched and is left out; `position` grows from one to the next."""

    records: list[Record]
    dropped: int
    position: int


class LogFeed:
    """Of one kind."""

    def __init__(
        self, asked: Asked, kind: RecordKind, clusters: frozenset[str] | None, query: Query | None
    ) -> None:
        self._asked = asked
        self._kind = kind
        self._shape = SHAPES[kind]
        self._scope = asked.scope.narrowed(clusters)
        self._test = None if query is None else compile_predicate(query, kind.value, asked.now)
        self._columns = frozenset[str]() if query is None else fields_used(query, kind.value)
        self._waiting: list[tuple[pa.Table, dict[int, Record]]] = []
        self._matched = 0
        self._sent = 0

    async def follow(self, opened: Callable[[], None]) -> AsyncGenerator[Newest]:
        pace = self._asked.api.settings.pace.records
        async with woken_by(self._asked.api.bus, self._kind, self._take, self._lose) as commits:
            opened()
            while True:
                await commits.wait()
                if self._matched:
                    yield self._batch()
                    await asyncio.sleep(pace.total_seconds())

    async def prelude(self, after: str | None) -> Prelude:  # noqa: ARG002 - records have no cursor here
        return Prelude()

    def _take(self, event: Event) -> None:
        """Keep only what may be among the newest; the rest is counted."""
        if not isinstance(event, RecordsCommitted):
            return
        table = _visible(event.records, self._shape, self._scope)
        traces = None
        if self._test is not None and table.num_rows:
            traces = traces_of(event)
            test = self._test
            kept = [place for place, row in enumerate(rows(table, traces, self._columns)) if test(row)]
            table = table.take(kept)
        if not table.num_rows:
            return
        self._matched += table.num_rows
        newest = table.sort_by([(self._shape.time, "descending")]).slice(0, MOST)
        self._waiting.append((newest, traces_of(event) if traces is None else traces))
        while len(self._waiting) > 1 and sum(kept.num_rows for kept, _ in self._waiting[1:]) >= MOST:
            self._waiting.pop(0)

    def _lose(self, batches: int) -> None:
        """The bus says how many batches it dropped, not of how many records: at least one each."""
        self._matched += batches

    def _batch(self) -> Newest:
        records = [row for table, traces in self._waiting for row in rows(table, traces)]
        time = self._shape.time
        records.sort(key=lambda row: (row[time], row["id"]), reverse=True)
        records = records[:MOST]
        dropped = self._matched - len(records)
        self._waiting, self._matched = [], 0
        self._sent += 1
        return Newest(records, dropped, self._sent)


def _visible(table: pa.Table, shape: Shape, scope: Scope) -> pa.Table:
    """What the scope sees (Scope.sees), column by column."""
    if scope.everything:
        return table
    if scope.clusters is not None:
        table = table.filter(pc.is_in(table.column("cluster"), pa.array(sorted(scope.clusters), pa.string())))
    if scope.namespaces is None:
        return table
    places = [table.column(name).to_pylist() for name in ("cluster", *shape.namespaces)]
    seen = [scope.sees(*each) for each in zip(*places, strict=True)]
    return table.filter(pa.array(seen, pa.bool_()))
