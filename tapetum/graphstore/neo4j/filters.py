"""Query language to Cypher: a condition over nodes `k` that have the FLOW_KEY columns as properties.

Values are parameters, always; names come from the catalogue. Agrees with the predicate and the SQL compiler.
"""

import re
from typing import Any

from tapetum.domain.moments import Micros
from tapetum.kql import Query
from tapetum.kql.binding import bind
from tapetum.kql.conditions import (
    AllOf,
    AnyOf,
    Between,
    Condition,
    Constant,
    Equals,
    Leaf,
    Matches,
    Negation,
    Ordered,
    Present,
)
from tapetum.kql.syntax import Operator

_HIGH, _ASTRAL = "\ue000", "\U00010000"


def compile_cypher(query: Query, now: Micros) -> tuple[str, dict[str, Any]]:
    """The condition and its parameters. False may come out as null: use it in WHERE."""
    compiler = _Compiler()
    return compiler.condition(bind(query, "flows", now)), compiler.values


class _Compiler:
    def __init__(self) -> None:
        self.values: dict[str, Any] = {}

    def condition(self, condition: Condition) -> str:
        match condition:
            case Constant(value):
                return "true" if value else "false"
            case AllOf(parts):
                return f"({' AND '.join(map(self.condition, parts))})"
            case AnyOf(parts):
                return self._any(parts)
            case Negation(part):
                return f"NOT coalesce({self.condition(part)}, false)"
            case Present() | Equals() | Matches() | Between() | Ordered():
                return self._leaf(condition)
            case _:
                raise AssertionError(condition)  # filters_edges lets only plain columns through

    def _any(self, parts: tuple[Condition, ...]) -> str:
        """Many values of one field are one list, or hundreds of them would take long to plan."""
        equal: dict[str, list[Any]] = {}
        others: list[Condition] = []
        for part in parts:
            if isinstance(part, Equals):
                equal.setdefault(part.field.name, []).append(part.value)
            else:
                others.append(part)
        met = [f"k.{name} IN {self._value(values)}" for name, values in equal.items()]
        return f"({' OR '.join([*met, *map(self.condition, others)])})"

    def _leaf(self, leaf: Leaf) -> str:
        name = f"k.{leaf.field.name}"
        match leaf:
            case Present():
                return f"{name} IS NOT NULL"
            case Equals(_, value):
                return f"{name} = {self._value(value)}"
            case Matches(_, parts):
                return self._matches(name, parts)
            case Between(_, low, high):
                bounds = [(">=", low), ("<=", high)]
                met = [f"{name} {sign} {self._value(bound)}" for sign, bound in bounds if bound is not None]
                return f"({' AND '.join(met)})"
            case Ordered(_, operator, text):
                return self._ordered(name, operator, text)
            case _:
                raise AssertionError(leaf)  # no flow key has addresses

    def _matches(self, name: str, parts: tuple[str, ...]) -> str:
        """Atomic groups take the first place where each part fits, so no pattern is slow."""
        if len(parts) == 1:
            return f"{name} = {self._value(parts[0])}"
        first, *middle, last = map(_literal, parts)
        found = "".join(f"(?>.*?{part})" for part in middle)
        return f"{name} =~ {self._value(f'(?s){first}{found}.*{last}')}"

    def _ordered(self, name: str, operator: Operator, text: str) -> str:
        """By code point, where Neo4j orders by UTF-16: what is beyond 16 bits comes before U+E000 there."""
        plain = f"{name} {operator} {self._value(text)}"
        later = [text[:at] for at, character in enumerate(text) if _HIGH <= character < _ASTRAL]
        sooner = [text[:at] for at, character in enumerate(text) if character >= _ASTRAL]
        if not later and not sooner:
            return plain
        starts = f"{name} STARTS WITH p AND {name} >= p +"
        greater = (
            f"any(p IN {self._value(later)} WHERE {starts} {self._value(_ASTRAL)} "
            f"AND {name} < p + {self._value(_HIGH)})"
        )
        less = f"any(p IN {self._value(sooner)} WHERE {starts} {self._value(_HIGH)})"
        upwards = operator in (Operator.GREATER, Operator.AT_LEAST)
        met, missed = (greater, less) if upwards else (less, greater)
        return f"(({plain} OR {met}) AND NOT {missed})"

    def _value(self, value: Any) -> str:
        name = f"v{len(self.values)}"
        self.values[name] = value
        return f"${name}"


def _literal(text: str) -> str:
    r"""As a Java pattern takes it: \Q and \E around, and what would end that early taken apart."""
    return "".join(f"\\Q{part}\\E" for part in re.split(r"(?<=\\)(?=E)", text)) if text else ""
