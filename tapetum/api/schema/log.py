"""What records of all kinds of logs share: an id, a cluster, a time, the line, and how their fields are read.

A type declares its log's fields; the query language's catalogue describes them.
"""

from collections.abc import Callable, Iterable
from enum import Enum
from functools import cache
from typing import Annotated, Any, ClassVar, NamedTuple, TypeVar, get_args, get_origin, get_type_hints

import strawberry
from strawberry import ID, Private, argument, field

from tapetum.api.context import Asked, Info
from tapetum.api.schema.common import maybe_point, point
from tapetum.api.schema.node import Node
from tapetum.api.schema.scalars import TimePoint
from tapetum.api.use import links
from tapetum.api.use.lines import Lines
from tapetum.domain.batches import RecordKind
from tapetum.domain.identity import seal
from tapetum.domain.shapes import SHAPES
from tapetum.kql import catalogue
from tapetum.logstore.port import Record, Search

LinkLimit = Annotated[int, argument(description=f"How many, 1 to {links.MOST}.")]
SEARCHES = {"searches": 1}
"""Metadata of a field that asks a store for each record: what it costs is measured by it (measure.py)."""

_INT32 = 2**31
_TAGS = {RecordKind.FLOWS: "flow", RecordKind.EVENTS: "event"}
_OWN = frozenset({"id", "time", "raw"})


@strawberry.interface(description="A record of a log, of whichever kind.")
class LogRecord(Node):
    kind_of_record: ClassVar[RecordKind]

    cluster: str = field(description="Cluster that the record came from.")
    time: TimePoint = field(description="When it happened or began: what a range of time asks for.")
    record: Private[Record]
    lines: Private[Lines]

    @field(description="The line as it arrived, unknown fields included.")
    async def raw(self) -> str:
        return await self.lines.get(self.record["id"])

    @classmethod
    def values(cls, record: Record) -> dict[str, Any]:
        """What its fields hold; a type adds to it what is not simply logged."""
        kind = cls.kind_of_record
        own = {"id": ID(record_id(kind, record["id"])), "time": point(record[SHAPES[kind].time])}
        return _read(cls, record) | own


R = TypeVar("R", bound=LogRecord)


def shown(kind: type[R], records: Iterable[Record], asked: Asked) -> list[R]:
    """Records of one page or event."""
    found = list(records)
    lines = Lines(asked, kind.kind_of_record, [record["id"] for record in found])
    make: Any = kind
    return [make(**kind.values(record), record=record, lines=lines) for record in found]


async def linked(kind: type[R], info: Info, search: Search | None, limit: int) -> list[R]:
    """Records that another one leads to, newest first."""
    asked = info.context
    return shown(kind, await links.follow(asked, search, limit), asked)


def record_id(kind: RecordKind, raw_id: str) -> str:
    return seal(tag_of(kind), raw_id)


def tag_of(kind: RecordKind) -> str:
    """What the ids of its records are sealed under."""
    return _TAGS.get(kind, kind.value)


def describe(kind: type, catalogued: RecordKind, parent: str = "") -> None:
    """Describe the fields of a type, or of the objects in its field `parent`, from the catalogue."""
    known = catalogue(catalogued.value)
    for each in _definition(kind).fields:
        if each.description is None:
            found = known.find(parent + _column(each)) or known.find(f"policies.{_column(each)}")
            each.description = found.description if found else None


class _Converted(NamedTuple):
    name: str
    column: str
    convert: Callable[[Any], Any]


class _Reader(NamedTuple):
    plain: tuple[tuple[str, str], ...]  # names and columns of what is shown as it is stored
    converted: tuple[_Converted, ...]
    parts: tuple[tuple[str, str, type], ...]  # objects whose members are columns `object.member`


@cache
def _reader(kind: type) -> _Reader:
    hints = get_type_hints(kind)
    plain: list[tuple[str, str]] = []
    converted: list[_Converted] = []
    parts: list[tuple[str, str, type]] = []
    for each in _definition(kind).fields:
        name, column = each.python_name, _column(each)
        if each.base_resolver is not None or name in _OWN:
            continue
        hint = next(part for part in get_args(hints[name]) or (hints[name],) if part is not type(None))
        hint = hints[name] if get_origin(hints[name]) is list else hint
        convert = _conversion(hint)
        if _is_object(hint):
            parts.append((name, column, hint))
        elif convert is not None:
            converted.append(_Converted(name, column, convert))
        else:
            plain.append((name, column))
    return _Reader(tuple(plain), tuple(converted), tuple(parts))


def _read(kind: type, record: Record, prefix: str = "") -> dict[str, Any]:
    """Values by the names of a type's fields."""
    plain, converted, parts = _reader(kind)
    values = {name: record.get(prefix + column) for name, column in plain}
    for name, column, convert in converted:
        values[name] = convert(record.get(prefix + column))
    for name, column, part in parts:
        members = _read(part, record, f"{column}.")
        values[name] = part(**members) if any(value is not None for value in members.values()) else None
    return values


def _conversion(hint: Any) -> Callable[[Any], Any] | None:
    if hint is TimePoint:
        return maybe_point
    if hint is int:
        return _small
    if isinstance(hint, type) and issubclass(hint, Enum):
        return lambda value: None if value is None else hint(value)
    inner = get_args(hint)[0] if get_origin(hint) is list else None
    if inner is not None and _is_object(inner):
        return lambda elements: [inner(**_read(inner, element)) for element in elements or ()]
    return None


def _small(number: int | None) -> int | None:
    """GraphQL's Int has 32 bits; no port or code is larger."""
    return number if number is not None and 0 <= number < _INT32 else None


def _is_object(hint: Any) -> bool:
    return hasattr(hint, "__strawberry_definition__") and not issubclass(hint, Enum)


def _column(each: Any) -> str:
    """The log's own name, where GraphQL's camel case would not lead back to it."""
    return each.graphql_name or each.python_name


def _definition(kind: Any) -> Any:
    return kind.__strawberry_definition__
