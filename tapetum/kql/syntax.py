"""The syntax tree of a query, frozen and comparable; `str` of a tree reads back as the same tree.

Columns point into the text that was read and take no part in comparison. Nothing here knows which
fields exist or what a value means.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from tapetum.kql.literals import write_bare, write_quoted


class Operator(StrEnum):
    GREATER = ">"
    AT_LEAST = ">="
    LESS = "<"
    AT_MOST = "<="


@dataclass(frozen=True, slots=True)
class Term:
    """An unquoted value without wildcards, as written: `443` is the text "443"."""

    text: str
    column: int = field(default=1, compare=False)

    def __str__(self) -> str:
        return write_bare(self.text)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A quoted value; nothing in it is a wildcard."""

    text: str
    column: int = field(default=1, compare=False)

    def __str__(self) -> str:
        return write_quoted(self.text)


@dataclass(frozen=True, slots=True)
class Wildcard:
    """The texts between the asterisks of an unquoted value: at least two."""

    parts: tuple[str, ...]
    column: int = field(default=1, compare=False)

    @property
    def alone(self) -> bool:
        return not any(self.parts)

    def __str__(self) -> str:
        return "*".join(map(write_bare, self.parts))


Value: TypeAlias = Term | Phrase | Wildcard


@dataclass(frozen=True, slots=True)
class FieldRef:
    """A field as named in a query: one part, or several around the asterisks of a field wildcard."""

    parts: tuple[str, ...]
    column: int = field(default=1, compare=False)

    def __str__(self) -> str:
        return "*".join(map(write_bare, self.parts)) or '""'


@dataclass(frozen=True, slots=True)
class MatchAll:
    def __str__(self) -> str:
        return "*"


@dataclass(frozen=True, slots=True)
class Is:
    """`field:value`, or a value over the default fields where there is no field."""

    field: FieldRef | None
    value: Value

    def __str__(self) -> str:
        return f"{self.field}:{self.value}" if self.field else str(self.value)


@dataclass(frozen=True, slots=True)
class Exists:
    """`field:*`."""

    field: FieldRef

    def __str__(self) -> str:
        return f"{self.field}:*"


@dataclass(frozen=True, slots=True)
class Range:
    field: FieldRef
    operator: Operator
    value: Term | Phrase

    def __str__(self) -> str:
        return f"{self.field} {self.operator} {self.value}"


@dataclass(frozen=True, slots=True)
class Nested:
    """`field:{ query }`: one element of the field's list meets the whole query."""

    field: FieldRef
    query: "Query"

    def __str__(self) -> str:
        return f"{self.field}:{{ {self.query} }}"


@dataclass(frozen=True, slots=True)
class Not:
    query: "Query"

    def __str__(self) -> str:
        return f"not {_grouped(self.query, And, Or, Not)}"


@dataclass(frozen=True, slots=True)
class And:
    """At least two queries, none of them an And; built by `all_of`."""

    queries: "tuple[Query, ...]"

    def __str__(self) -> str:
        return " and ".join(_grouped(query, Or) for query in self.queries)


@dataclass(frozen=True, slots=True)
class Or:
    """At least two queries, none of them an Or; built by `any_of`."""

    queries: "tuple[Query, ...]"

    def __str__(self) -> str:
        return " or ".join(map(str, self.queries))


Query: TypeAlias = MatchAll | Is | Exists | Range | Nested | Not | And | Or


def all_of(queries: Iterable[Query]) -> Query:
    """Their conjunction, flat; of none, everything."""
    flat = [part for query in queries for part in (query.queries if isinstance(query, And) else (query,))]
    return (flat[0] if flat else MatchAll()) if len(flat) < 2 else And(tuple(flat))  # noqa: PLR2004 - "a pair"


def any_of(queries: Iterable[Query]) -> Query:
    """Their disjunction, flat; of none, nothing."""
    flat = [part for query in queries for part in (query.queries if isinstance(query, Or) else (query,))]
    return (flat[0] if flat else Not(MatchAll())) if len(flat) < 2 else Or(tuple(flat))  # noqa: PLR2004 - as above


def _grouped(query: Query, *kinds: type) -> str:
    return f"({query})" if isinstance(query, kinds) else str(query)
