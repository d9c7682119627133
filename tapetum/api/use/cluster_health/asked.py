"""What the health of clusters is asked about, and how its figures are read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tapetum.api.context import Asked
from tapetum.api.use.aggregation import aggregate
from tapetum.api.use.arguments import read_clusters
from tapetum.api.use.terms import equal
from tapetum.domain.batches import RecordKind
from tapetum.domain.errors import BadInputError
from tapetum.domain.moments import TimeRange
from tapetum.domain.shapes import SHAPES
from tapetum.domain.traffic import ReporterRule
from tapetum.kql import Query, all_of, any_of
from tapetum.logstore.aggregation import Aggregated, Aggregation, Value
from tapetum.logstore.port import Search

Missing = Mapping[str, str]
"""Why a figure is None, by its name."""
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class HealthAsked:
    """`namespace`: only records that name it at either end, and what of policies and endpoints is in it."""

    asked: Asked
    range: TimeRange
    clusters: frozenset[str] | None
    namespace: str | None

    def search(self, kind: RecordKind, *terms: Query | None) -> Search:
        columns = SHAPES[kind].namespaces if self.namespace is not None else ()
        mine = any_of([equal(column, self.namespace or "") for column in columns]) if columns else None
        return Search(kind, self.range, self.clusters, both([mine, *terms]))

    async def told(
        self, search: Search, aggregation: Aggregation, reporters: ReporterRule = ReporterRule.COMBINED
    ) -> Aggregated:
        async with self.asked.searching:
            return await aggregate(self.asked, search, aggregation, reporters)

    async def groups(self, fields: Sequence[str], *terms: Query | None) -> int:
        """How many different ones the counted flows have."""
        search = Search(RecordKind.FLOWS, self.range, self.clusters, both(terms))
        return (await self.told(search, Aggregation(group_by=tuple(fields), limit=1))).groups

    def no_record(self, what: str) -> str:
        return f"No {what} log of {self.place} is here."

    @property
    def place(self) -> str:
        return "the range" if self.namespace is None else f"{self.namespace[:_SHOWN]!r} in the range"


def health_asked(
    asked: Asked, within: TimeRange, clusters: Sequence[str] | None, namespace: str | None
) -> HealthAsked:
    if namespace is not None and not namespace.strip():
        raise BadInputError("namespace is blank; name one, or leave it out for all.", path="namespace")
    return HealthAsked(asked, within, read_clusters(clusters), namespace)


def both(terms: Sequence[Query | None]) -> Query | None:
    given = [each for each in terms if each is not None]
    return all_of(given) if given else None


def whole(value: Value) -> int | None:
    return None if value is None else int(value)
