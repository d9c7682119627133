"""Query language to DuckDB: a boolean expression over a table that has the fields as columns.

Values are parameters, always; names come from the catalogue. Policies are looked up through `trace`
in the table `traces`, other nested fields are lists of the row. Knows the physical layout of columns, nothing of the store around them.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeGuard

from tapetum.domain.moments import Micros
from tapetum.embedded.duckdb_addresses import address_between
from tapetum.embedded.duckdb_texts import Fragment, joined, matches, policy_string_is, policy_string_like
from tapetum.kql.binding import any_met, bind
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
from tapetum.kql.errors import KqlError
from tapetum.kql.fields import Field, FieldType
from tapetum.kql.syntax import Query

_TRUE: Fragment = ("TRUE", [])
_FALSE: Fragment = ("FALSE", [])
MANY_PATTERNS = 8
MOST_LOOKUPS = 50
"""Of policies in one query; planning them costs by the cube of their number."""
_TRACED = frozenset({"policies", "policy_hits"})


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
                return joined(" AND ", self.conjunction(parts))
            case AnyOf(parts):
                return joined(" OR ", self.disjunction(parts))
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
        self._lookups = 0

    def conjunction(self, parts: Sequence[Condition]) -> list[Fragment]:
        elements = [part for part in parts if _is_traced(part)]
        others = super().conjunction([part for part in parts if not _is_traced(part)])
        return others + self._traces(AllOf(tuple(elements)), elements)

    def disjunction(self, parts: Sequence[Condition]) -> list[Fragment]:
        """Large disjunctions are lists of values or values without a field: each becomes one test."""
        elements: list[Element] = []
        lists: dict[str, list[Leaf]] = {}
        equal: list[Equals] = []
        like: list[Matches] = []
        others: list[Condition] = []
        for part in parts:
            match part:
                case Element() if _is_traced(part):
                    elements.append(part)
                case Constant() | AllOf() | AnyOf() | Negation() | Element():
                    others.append(part)
                case _ if part.field.multi:
                    lists.setdefault(self._column(part.field), []).append(part)
                case Equals():
                    equal.append(part)
                case Matches():
                    like.append(part)
                case _:
                    others.append(part)
        return [
            *self._equal(equal),
            *self._like(like),
            *super().disjunction(others),
            *(_any_item(column, leaves) for column, leaves in lists.items()),
            *self._traces(AnyOf(tuple(elements)), elements),
        ]

    def element(self, element: Element) -> Fragment:
        if _is_traced(element):
            return self._traces(element, [element])[0]
        return _some(self._column(element.nested), "h", _Objects().compile(element.part))

    def leaf(self, leaf: Leaf) -> Fragment:
        column = self._column(leaf.field)
        return _any_item(column, [leaf]) if leaf.field.multi else _scalar(leaf, column)

    def _column(self, field: Field) -> str:
        return f'{self._alias}."{field.name}"'

    def _columns(self, fields: Iterable[Field]) -> str:
        return ", ".join(map(self._column, fields))

    def _traces(self, condition: Condition, elements: Sequence[Element]) -> list[Fragment]:
        """One look-up for all that is asked of a record's policies."""
        if not elements:
            return []
        self._lookups += 1
        if self._lookups > MOST_LOOKUPS:
            raise KqlError(
                f"The query asks about policies in more than {MOST_LOOKUPS} places, as values without a field "
                "do too (column 1); put what is asked of them into one list, as in name:(a or b).",
                1,
            )
        sql, values = _Traces().compile(condition)
        return [(f'{self._alias}."trace" IN (SELECT t."trace" FROM "traces" AS t WHERE {sql})', values)]

    def _equal(self, leaves: Sequence[Equals]) -> Iterator[Fragment]:
        by_value: dict[tuple[FieldType, Any], list[Field]] = {}
        for leaf in leaves:
            by_value.setdefault((leaf.field.type, leaf.value), []).append(leaf.field)
        by_field: dict[str, list[Any]] = {}
        for (_, value), fields in by_value.items():
            if len(fields) == 1:
                by_field.setdefault(self._column(fields[0]), []).append(value)
            else:
                yield f"? IN ({self._columns(fields)})", [value]
        for column, values in by_field.items():
            marks = ", ".join("?" * len(values))
            yield (f"{column} = ?" if len(values) == 1 else f"{column} IN ({marks})"), values

    def _like(self, leaves: Sequence[Matches]) -> Iterator[Fragment]:
        """Few are quicker one by one; hundreds of them over all fields would take seconds to plan."""
        by_pattern: dict[tuple[str, ...], list[Field]] = {}
        for leaf in leaves:
            by_pattern.setdefault(leaf.parts, []).append(leaf.field)
        by_fields: dict[tuple[Field, ...], list[tuple[str, ...]]] = {}
        for pattern, fields in by_pattern.items():
            by_fields.setdefault(tuple(fields), []).append(pattern)
        for fields, patterns in by_fields.items():
            if len(patterns) < MANY_PATTERNS or len(fields) == 1:
                yield from (matches(self._column(field), parts) for parts in patterns for field in fields)
            else:
                met = joined(" OR ", (matches("v", parts) for parts in patterns))
                yield _some(f"[{self._columns(fields)}]", "v", met)


class _Traces(_Level):
    """Rows of `traces`, where each nested field is a list."""

    def disjunction(self, parts: Sequence[Condition]) -> list[Fragment]:
        """That some element meets one or some element meets another is one test of the elements."""
        by_items: dict[tuple[str, ...], list[Element]] = {}
        others: list[Condition] = []
        for part in parts:
            if isinstance(part, Element):
                by_items.setdefault((part.nested.name, *_lists(part)), []).append(part)
            else:
                others.append(part)
        merged = (
            Element(elements[0].nested, any_met([element.part for element in elements]))
            for elements in by_items.values()
        )
        return [*super().disjunction(others), *map(self.element, merged)]

    def element(self, element: Element) -> Fragment:
        lists = _lists(element)
        if not lists:
            return _some(f't."{element.nested.name}"', "h", _Objects().compile(element.part))
        columns = [f't."{name}"' for name in lists]
        strings = columns[0] if len(columns) == 1 else f"list_concat({', '.join(columns)})"
        return _some(strings, "p", _PolicyStrings(shared=len(columns) > 1).compile(element.part))


class _Objects(_Level):
    """Elements `h` of a list of objects."""

    def leaf(self, leaf: Leaf) -> Fragment:
        member = f'h."{leaf.field.leaf}"'
        return _any_item(member, [leaf]) if leaf.field.multi else _scalar(leaf, member)


class _PolicyStrings(_Level):
    """Policy strings `p`; where several lists are named, each condition also asks for its list."""

    def __init__(self, *, shared: bool) -> None:
        self._shared = shared

    def disjunction(self, parts: Sequence[Condition]) -> list[Fragment]:
        leaves: dict[str, list[Leaf]] = {}
        others: list[Condition] = []
        for part in parts:
            if isinstance(part, Equals | Matches):
                leaves.setdefault(part.field.leaf, []).append(part)
            else:
                others.append(part)
        return [*super().disjunction(others), *(self._in_list(name, own) for name, own in leaves.items())]

    def leaf(self, leaf: Leaf) -> Fragment:
        return self._in_list(leaf.field.leaf, [leaf])

    def _in_list(self, name: str, leaves: Sequence[Leaf]) -> Fragment:
        met = _policy_string(leaves)
        return joined(" AND ", [(f'list_contains(t."{name}", p)', []), met]) if self._shared else met


def _is_traced(condition: Condition) -> TypeGuard[Element]:
    """Whether it asks for an element that the record's trace holds."""
    return isinstance(condition, Element) and condition.nested.name in _TRACED


def _lists(element: Element) -> tuple[str, ...]:
    """The lists of policy strings that an element's condition names; none for other elements."""
    return tuple(sorted(field.leaf for field in fields_of(element.part) if field.policy_strings))


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
            bounds = ((">=", low), ("<=", high))
            return joined(
                " AND ",
                [(f"{operand} {sign} {mark}", [bound]) for sign, bound in bounds if bound is not None],
            )
        case Ordered(_, operator, text):
            return f"{operand} {operator} ?", [text]
        case AddressBetween(_, low, high):
            return address_between(operand, low, high)


def _any_item(column: str, leaves: Sequence[Leaf]) -> Fragment:
    """Some item of a list meets some of the leaves, all on the same field."""
    equal = [leaf for leaf in leaves if isinstance(leaf, Equals)]
    others = [leaf for leaf in leaves if not isinstance(leaf, Equals)]
    found: list[Fragment] = []
    if len(equal) == 1:
        found.append((f"list_contains({column}, ?)", [equal[0].value]))
    elif equal:
        items = "BIGINT[]" if equal[0].field.type is FieldType.LONG else "VARCHAR[]"
        found.append((f"list_has_any({column}, ?::{items})", [[leaf.value for leaf in equal]]))
    if others:
        found.append(_some(column, "v", joined(" OR ", (_scalar(leaf, "v") for leaf in others))))
    return joined(" OR ", found)


def _policy_string(leaves: Sequence[Leaf]) -> Fragment:
    """The policy string `p` meets some of the leaves, all on the same list."""
    equal = [str(leaf.value) for leaf in leaves if isinstance(leaf, Equals)]
    like = [leaf.parts for leaf in leaves if isinstance(leaf, Matches)]
    if len(equal) + len(like) < len(leaves):
        return _TRUE  # to be in the list at all
    found = [policy_string_is("p", equal)] if equal else []
    return joined(" OR ", [*found, *(policy_string_like("p", parts) for parts in like)])


def _some(items: str, name: str, met: Fragment) -> Fragment:
    sql, values = met
    return f"len(list_filter({items}, lambda {name}: {sql})) > 0", values
