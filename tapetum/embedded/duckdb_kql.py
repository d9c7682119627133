"""Query language to DuckDB: a boolean expression over a table that has the fields as columns.

Values are parameters, always; names come from the catalogue. Policies are looked up through `trace`
in the table `traces`. Knows the physical layout of columns, nothing of the store around them.
"""

from collections.abc import Iterable, Sequence
from typing import Any, TypeGuard

from tapetum.domain.moments import Micros
from tapetum.kql.binding import bind
from tapetum.kql.conditions import (
    AddressBetween,
    AllOf,
    AnyOf,
    Between,
    Condition,
    Constant,
    Element,
    Equals,
    Leaf,
    Matches,
    Negation,
    Ordered,
    Present,
    fields_of,
)
from tapetum.kql.fields import Field, FieldType
from tapetum.kql.syntax import Query
from tapetum.embedded.duckdb_addresses import address_between
from tapetum.embedded.duckdb_texts import Fragment, matches, policy_string_parts

_TRUE: Fragment = ("TRUE", [])
_FALSE: Fragment = ("FALSE", [])


def compile_sql(query: Query, kind: str, now: Micros, *, alias: str = "f") -> tuple[str, list[Any]]:
    """The condition for rows of the table that stands under `alias`, and its parameters in order.

    False may come out as NULL, so that filters reach the table scan: use it where NULL counts as
    false (WHERE, FILTER, CASE), and negate the query rather than the expression.
    """
    return _Rows(alias).compile(bind(query, kind, now))


class _Level:
    """Where conditions are met: rows of a table, rows of `traces`, or elements of a list."""

    def compile(self, condition: Condition) -> Fragment:
        match condition:
            case Constant(value):
                return _TRUE if value else _FALSE
            case AllOf(parts):
                return _joined(" AND ", self.conjunction(parts))
            case AnyOf(parts):
                return _joined(" OR ", self.disjunction(parts))
            case Negation(part):
                sql, values = self.compile(part)
                return f"({sql}) IS NOT TRUE", values
            case Element():
                return self.element(condition)
            case _:
                return self.leaf(condition)

    def conjunction(self, parts: Sequence[Condition]) -> list[Fragment]:
        return [self.compile(part) for part in parts]

    def disjunction(self, parts: Sequence[Condition]) -> list[Fragment]:
        return [self.compile(part) for part in parts]

    def element(self, element: Element) -> Fragment:
        raise AssertionError(element)  # the catalogue nests one level deep

    def leaf(self, leaf: Leaf) -> Fragment:
        raise NotImplementedError


class _Rows(_Level):
    """Rows of a table of records."""

    def __init__(self, alias: str) -> None:
        self._alias = alias

    def conjunction(self, parts: Sequence[Condition]) -> list[Fragment]:
        elements = [part for part in parts if isinstance(part, Element)]
        others = super().conjunction([part for part in parts if not isinstance(part, Element)])
        return others + self._traces(AllOf(tuple(elements)), elements)

    def disjunction(self, parts: Sequence[Condition]) -> list[Fragment]:
        elements = [part for part in parts if isinstance(part, Element)]
        equal = [part for part in parts if _is_scalar_equality(part)]
        others = [part for part in parts if not isinstance(part, Element) and not _is_scalar_equality(part)]
        return [
            *self._lists_of_values(equal),
            *super().disjunction(others),
            *self._traces(AnyOf(tuple(elements)), elements),
        ]

    def element(self, element: Element) -> Fragment:
        return self._traces(element, [element])[0]

    def leaf(self, leaf: Leaf) -> Fragment:
        column = self._column(leaf.field)
        return _any_item(leaf, column) if leaf.field.multi else _scalar(leaf, column)

    def _column(self, field: Field) -> str:
        return f'{self._alias}."{field.name}"'

    def _traces(self, condition: Condition, elements: Sequence[Element]) -> list[Fragment]:
        """One look-up for all that is asked of a record's policies."""
        if not elements:
            return []
        sql, values = _Traces().compile(condition)
        return [(f'{self._alias}."trace" IN (SELECT t."trace" FROM "traces" AS t WHERE {sql})', values)]

    def _lists_of_values(self, equal: Sequence[Equals]) -> list[Fragment]:
        """Equalities grouped: a value over many fields, or else many values of a field, is one IN."""
        by_value: dict[tuple[FieldType, Any], list[Field]] = {}
        for part in equal:
            by_value.setdefault((part.field.type, part.value), []).append(part.field)
        by_field: dict[str, list[Any]] = {}
        fragments: list[Fragment] = []
        for (_, value), fields in by_value.items():
            if len(fields) == 1:
                by_field.setdefault(self._column(fields[0]), []).append(value)
            else:
                fragments.append((f"? IN ({', '.join(map(self._column, fields))})", [value]))
        for column, values in by_field.items():
            marks = ", ".join("?" * len(values))
            fragments.append((f"{column} = ?" if len(values) == 1 else f"{column} IN ({marks})", values))
        return fragments


class _Traces(_Level):
    """Rows of `traces`, where each nested field is a list."""

    def element(self, element: Element) -> Fragment:
        lists = sorted(field.leaf for field in fields_of(element.part) if field.policy_strings)
        if not lists:
            return _some(f't."{element.nested.name}"', "h", _Hits().compile(element.part))
        columns = [f't."{name}"' for name in lists]
        strings = columns[0] if len(columns) == 1 else f"list_concat({', '.join(columns)})"
        return _some(strings, "p", _PolicyStrings(shared=len(columns) > 1).compile(element.part))


class _Hits(_Level):
    """Elements `h` of policy_hits."""

    def leaf(self, leaf: Leaf) -> Fragment:
        return _scalar(leaf, f'h."{leaf.field.leaf}"')


class _PolicyStrings(_Level):
    """Policy strings `p`; where several lists are named, each condition also asks for its list."""

    def __init__(self, *, shared: bool) -> None:
        self._shared = shared

    def leaf(self, leaf: Leaf) -> Fragment:
        met = _policy_string(leaf)
        if not self._shared:
            return met
        sql, values = met
        return f'(list_contains(t."{leaf.field.leaf}", p) AND {sql})', values


def _is_scalar_equality(condition: Condition) -> TypeGuard[Equals]:
    return isinstance(condition, Equals) and not condition.field.multi


def _scalar(leaf: Leaf, operand: str) -> Fragment:
    match leaf:
        case Present():
            return f"{operand} IS NOT NULL", []
        case Equals(_, value):
            return f"{operand} = ?", [value]
        case Matches(_, parts):
            return matches(operand, parts)
        case Between(field, low, high):
            mark = "make_timestamp(?)" if field.type is FieldType.DATE else "?"
            return _joined(
                " AND ",
                [
                    (f"{operand} {sign} {mark}", [bound])
                    for sign, bound in ((">=", low), ("<=", high))
                    if bound is not None
                ],
            )
        case Ordered(_, operator, text):
            return f"{operand} {operator} ?", [text]
        case AddressBetween(_, low, high):
            return address_between(operand, low, high)


def _any_item(leaf: Leaf, column: str) -> Fragment:
    match leaf:
        case Present():
            return f"list_count({column}) > 0", []
        case Equals(_, value):
            return f"list_contains({column}, ?)", [value]
        case _:
            return _some(column, "v", _scalar(leaf, "v"))


def _policy_string(leaf: Leaf) -> Fragment:
    match leaf:
        case Present():
            return _TRUE
        case Equals(_, text):
            # A part is never without the string that it is a part of: the cheap test goes first.
            return f"(contains(p, ?) AND list_contains({policy_string_parts('p')}, ?))", [text, text]
        case Matches(_, parts):
            return _some(policy_string_parts("p"), "q", matches("q", parts))
        case _:
            raise AssertionError(leaf)  # policy strings have no order


def _some(items: str, name: str, met: Fragment) -> Fragment:
    sql, values = met
    return f"len(list_filter({items}, lambda {name}: {sql})) > 0", values


def _joined(word: str, fragments: Iterable[Fragment]) -> Fragment:
    texts: list[str] = []
    values: list[Any] = []
    for sql, own in fragments:
        texts.append(sql)
        values += own
    return (texts[0] if len(texts) == 1 else f"({word.join(texts)})"), values
