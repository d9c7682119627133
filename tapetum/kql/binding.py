"""From a syntax tree to conditions: names resolved against the catalogue, values read by type.

A named field must exist and its value must fit; a field wildcard, or a value without a field, means
whichever fields the value fits, and none at all is no error.
"""

from collections.abc import Callable, Iterable, Sequence

from tapetum.domain.moments import Micros
from tapetum.kql.budget import Budget
from tapetum.kql.catalogues import catalogue
from tapetum.kql.conditions import AllOf, AnyOf, Condition, Constant, Element, Negation, Present
from tapetum.kql.errors import KqlError, shown
from tapetum.kql.fields import Catalogue, Field, FieldType
from tapetum.kql.syntax import And, Exists, FieldRef, Is, MatchAll, Nested, Not, Or, Query, Range, Value
from tapetum.kql.values import comparison, equality

_Leaf = Callable[[Field], Condition]


def bind(query: Query, kind: str, now: Micros) -> Condition:
    """The query's meaning for records of a kind, `now` resolved; raises KqlError."""
    return _Binding(catalogue(kind), now, Budget()).bind(query)


class _Binding:
    """Binding at one level: of the record, or inside the braces of a nested field."""

    def __init__(self, known: Catalogue, now: Micros, budget: Budget, inside: Field | None = None) -> None:
        self._known = known
        self._now = now
        self._budget = budget
        self._inside = inside

    def bind(self, query: Query) -> Condition:
        match query:
            case MatchAll():
                return Constant(value=True)
            case Not(part):
                return _negation(self.bind(part))
            case And(parts):
                return all_met([self.bind(part) for part in parts])
            case Or(parts):
                return any_met([self.bind(part) for part in parts])
            case Is(field, value):
                return self._is(field, value)
            case Exists(field):
                return self._exists(field)
            case Range(field, operator, value):
                return self._each(field, lambda known: comparison(known, operator, value, self._now))
            case Nested(field, part):
                return self._nested(field, part)

    def _is(self, field: FieldRef | None, value: Value) -> Condition:
        if field is None:
            return self._over(
                self._default(), lambda known: equality(known, value, self._now, named=False), value.column
            )
        return self._each(field, lambda known: equality(known, value, self._now))

    def _exists(self, ref: FieldRef) -> Condition:
        if len(ref.parts) == 1 and (field := self._find(ref)).type is FieldType.NESTED:
            return self._any_element(field)
        return self._each(ref, Present)

    def _nested(self, ref: FieldRef, part: Query) -> Condition:
        field = self._find(ref) if len(ref.parts) == 1 else None
        if field is None or field.type is not FieldType.NESTED:
            raise KqlError(
                f"Braces follow one field that holds objects, not {ref} (column {ref.column}); "
                f"those are {', '.join(self._nested_names())}.",
                ref.column,
                self._nested_names(),
            )
        condition = _Binding(self._known, self._now, self._budget, field).bind(part)
        if isinstance(condition, Constant):
            return self._any_element(field) if condition.value else condition
        return Element(field, condition)

    def _any_element(self, nested: Field) -> Condition:
        return any_met(_element(nested, Present(child)) for child in self._known.children(nested.name))

    def _nested_names(self) -> tuple[str, ...]:
        return tuple(field.name for field in self._known.fields.values() if field.type is FieldType.NESTED)

    def _each(self, ref: FieldRef, leaf: _Leaf) -> Condition:
        if len(ref.parts) > 1:
            parent = self._inside.name if self._inside else None
            return self._over(self._known.matching(ref.parts, parent), leaf, ref.column)
        field = self._find(ref)
        if field.type is FieldType.NESTED:
            children = ", ".join(child.leaf for child in self._known.children(field.name))
            raise KqlError(
                f"{field.name} holds objects (column {ref.column}); write {field.name}:{{name: value}} "
                f"with a name among {children}.",
                ref.column,
            )
        self._budget.spend(1, ref.column)
        return self._met(field, leaf(field))

    def _over(self, fields: Sequence[Field], leaf: _Leaf, column: int) -> Condition:
        """Any of the fields that the value fits; those that it does not fit cost as much to find out."""
        self._budget.spend(len(fields), column)
        met: list[Condition] = []
        for field in fields:
            try:
                met.append(self._met(field, leaf(field)))
            except KqlError:
                continue
        return any_met(met)

    def _met(self, field: Field, condition: Condition) -> Condition:
        """A child named outside of braces asks for any element."""
        parent = field.parent
        if parent is None or self._inside is not None:
            return condition
        return _element(self._known.fields[parent], condition)

    def _default(self) -> tuple[Field, ...]:
        return self._known.children(self._inside.name) if self._inside else self._known.default

    def _find(self, ref: FieldRef) -> Field:
        name = ref.parts[0]
        full = f"{self._inside.name}.{name}" if self._inside else name
        field = self._known.find(full)
        if field is None and self._inside and name.startswith(f"{self._inside.name}."):
            field = self._known.find(name)  # the whole name inside of the braces
        if field is None:
            raise self._unknown(full, ref.column)
        return field

    def _unknown(self, name: str, column: int) -> KqlError:
        closest = self._known.closest(name)
        way_out = f"did you mean {closest}?" if closest else "completion lists the fields that there are."
        return KqlError(
            f"There is no field {shown(name)} for {self._known.kind} (column {column}); {way_out}",
            column,
            (closest,) if closest else (),
        )


def all_met(conditions: Iterable[Condition]) -> Condition:
    """Their conjunction without what decides nothing; what must not hold is one alternative."""
    parts: list[Condition] = []
    refused: list[Condition] = []
    for condition in conditions:
        match condition:
            case Constant(value=True):
                continue
            case Constant(value=False):
                return condition
            case Negation(part):
                refused.append(part)
            case _:
                parts += condition.parts if isinstance(condition, AllOf) else (condition,)
    if refused:
        parts.append(_negation(any_met(refused)))
    return (parts[0] if parts else Constant(value=True)) if len(parts) < 2 else AllOf(tuple(parts))  # noqa: PLR2004 - a pair


def any_met(conditions: Iterable[Condition]) -> Condition:
    """Their disjunction without what decides nothing."""
    parts: list[Condition] = []
    for condition in conditions:
        match condition:
            case Constant(value=False):
                continue
            case Constant(value=True):
                return condition
            case _:
                parts += condition.parts if isinstance(condition, AnyOf) else (condition,)
    return (parts[0] if parts else Constant(value=False)) if len(parts) < 2 else AnyOf(tuple(parts))  # noqa: PLR2004 - a pair


def _negation(condition: Condition) -> Condition:
    match condition:
        case Constant(value):
            return Constant(value=not value)
        case Negation(part):
            return part
        case _:
            return Negation(condition)


def _element(nested: Field, condition: Condition) -> Condition:
    return condition if isinstance(condition, Constant) else Element(nested, condition)
