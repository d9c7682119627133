"""What records are grouped by: buckets that tell groups apart, keys, and filters that find them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from tapetum.domain.batches import RecordKind
from tapetum.logstore.aggregation import Grouping
from tapetum.logstore.elasticsearch.fields import told
from tapetum.logstore.elasticsearch.kql import Dsl, all_of, any_of, exists, none_of
from tapetum.logstore.elasticsearch.server import Server
from tapetum.logstore.elasticsearch.traces import hits_by_trace
from tapetum.logstore.elasticsearch.where import Where
from tapetum.logstore.port import Record

Key = tuple[tuple[Any, ...], ...]
"""Of each grouping, its value or those of its parts, as the index holds them."""


@dataclass(frozen=True, slots=True)
class Keys:
    kind: RecordKind
    groupings: tuple[Grouping, ...]

    @property
    def traced(self) -> bool:
        """Whether buckets tell traces, of which groups are parts."""
        return self.kind is RecordKind.FLOWS and any(one.parts for one in self.groupings)

    @property
    def objects(self) -> str | None:
        """Nested objects whose parts group; then nothing else does."""
        return next((one.column for one in self.groupings if one.parts and not self.traced), None)

    @property
    def fields(self) -> list[str]:
        """What buckets are told apart by."""
        return [
            name
            for one in self.groupings
            for name in (_names(one) if self.objects else ["trace" if one.parts else one.column])
        ]

    @property
    def none(self) -> Key:
        return tuple((None,) * len(one.places) for one in self.groupings)

    def of(self, bucket: dict[str, Any]) -> Key:
        found = [bucket[name] for name in self.fields]
        return (tuple(found),) if self.objects else tuple((one,) for one in found)

    def text(self, key: Key) -> tuple[str | None, ...]:
        """The key in the order that was asked for."""
        named = {
            place: None if value is None else _told(one, value)
            for one, parts in zip(self.groupings, key, strict=True)
            for place, value in zip(one.places, parts, strict=True)
        }
        return tuple(named[place] for place in range(len(named)))

    def apart(self, where: Where) -> Where | None:
        """Records that buckets leave out: those without any object, and all where nothing groups."""
        if not self.groupings:
            return where
        return where.and_(self.group(self.none)) if self.objects else None

    def cell(self, key: Key) -> Dsl:
        """The records of a bucket."""
        return all_of(
            [
                _is("trace" if one.parts and self.traced else one.column, parts[0])
                if not (one.parts and self.objects)
                else _some(one, parts)
                for one, parts in zip(self.groupings, key, strict=True)
            ]
        )

    def group(self, key: Key) -> Dsl:
        """The records of a group."""
        return all_of(
            [
                _some(one, parts) if one.parts else _is(one.column, parts[0])
                for one, parts in zip(self.groupings, key, strict=True)
            ]
        )

    async def taken_apart(
        self, server: Server, where: Where, cells: Sequence[Key]
    ) -> Iterable[tuple[Key, list[Key]]]:
        """To which groups each bucket belongs, by what the hits of its trace say."""
        place = next(place for place, one in enumerate(self.groupings) if one.parts)
        grouping = self.groupings[place]
        hits = await hits_by_trace(server, where, {key[place][0] for key in cells})
        parts = {trace: _parts(grouping, found) for trace, found in hits.items()}
        nothing = [(None,) * len(grouping.parts)]
        return [
            (key, [(*key[:place], one, *key[place + 1 :]) for one in parts.get(key[place][0]) or nothing])
            for key in cells
        ]


def _parts(grouping: Grouping, hits: Iterable[Record]) -> list[tuple[Any, ...]]:
    said = {tuple(hit[part] for part in grouping.parts) for hit in hits}
    return [one for one in said if any(part is not None for part in one)]


def _names(grouping: Grouping) -> list[str]:
    return [f"{grouping.column}.{part}" for part in grouping.parts]


def _told(grouping: Grouping, value: Any) -> str:
    return str(value) if grouping.parts else told(grouping.column, value)


def _is(name: str, value: Any) -> Dsl:
    return none_of(exists(name)) if value is None else {"term": {name: value}}


def _some(grouping: Grouping, parts: Sequence[Any]) -> Dsl:
    """One object says all of it; without any part, none says anything."""
    names = _names(grouping)
    if all(part is None for part in parts):
        return none_of(_nested(grouping, any_of([exists(name) for name in names])))
    return _nested(grouping, all_of([_is(name, part) for name, part in zip(names, parts, strict=True)]))


def _nested(grouping: Grouping, query: Dsl) -> Dsl:
    return {"nested": {"path": grouping.column, "query": query}}
