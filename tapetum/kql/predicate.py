"""Conditions as a Python predicate, for streams of records.

A record is a mapping under stored names: lists where a field has several values, dates in
microseconds, `policies` a mapping of lists, `policy_hits` a list of mappings; absent or None is missing.
"""

import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from tapetum.domain.moments import Micros
from tapetum.kql.addresses import Address, stored_address
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
from tapetum.kql.fields import Field
from tapetum.kql.policy_strings import parts_of
from tapetum.kql.syntax import Operator, Query
from tapetum.kql.wildcards import meets

Record = Mapping[str, Any]
Predicate = Callable[[Record], bool]
ValueTest = Callable[[Any], bool]

_OPERATORS = {
    Operator.GREATER: operator.gt,
    Operator.AT_LEAST: operator.ge,
    Operator.LESS: operator.lt,
    Operator.AT_MOST: operator.le,
}


def compile_predicate(query: Query, kind: str, now: Micros) -> Predicate:
    """A test of records of a kind; raises KqlError where a field or a value does not fit."""
    return predicate_of(bind(query, kind, now))


def predicate_of(condition: Condition) -> Predicate:
    """A test of records, or of what holds the condition's fields under their leaf names."""
    match condition:
        case Constant(value):
            return lambda _: value
        case AllOf(parts):
            tests = tuple(map(predicate_of, parts))
            return lambda record: all(test(record) for test in tests)
        case AnyOf(parts):
            tests = tuple(_alternatives(parts))
            return lambda record: any(test(record) for test in tests)
        case Negation(part):
            inner = predicate_of(part)
            return lambda record: not inner(record)
        case Element(nested, part):
            return _element(nested, part)
        case _:
            return _of_field(condition.field, value_test(condition))


def _alternatives(parts: Sequence[Condition]) -> Iterator[Predicate]:
    """Large disjunctions are lists of values or values without a field: one test for each field."""
    equal: dict[Field, set[Any]] = {}
    for part in parts:
        if isinstance(part, Equals):
            equal.setdefault(part.field, set()).add(part.value)
        else:
            yield predicate_of(part)
    for field, values in equal.items():
        yield _of_field(field, _among(values, parts=field.policy_strings))


def _among(values: set[Any], *, parts: bool) -> ValueTest:
    return (lambda value: not values.isdisjoint(parts_of(value))) if parts else values.__contains__


def _of_field(field: Field, test: ValueTest) -> Predicate:
    name = field.leaf
    if not field.multi:
        return lambda record: (value := record.get(name)) is not None and test(value)

    def any_value(record: Record) -> bool:
        return any(value is not None and test(value) for value in record.get(name) or ())

    return any_value


def _element(nested: Field, part: Condition) -> Predicate:
    name, inner = nested.name, predicate_of(part)
    lists = tuple(sorted(field.leaf for field in fields_of(part) if field.policy_strings))
    if not lists:
        return lambda record: any(map(inner, record.get(name) or ()))

    def any_string(record: Record) -> bool:
        held: Mapping[str, Any] = record.get(name) or {}
        strings = {text for which in lists for text in held.get(which) or ()}
        return any(
            inner({which: (text,) for which in lists if text in (held.get(which) or ())}) for text in strings
        )

    return any_string


def value_test(leaf: Leaf) -> ValueTest:
    """A test of one value that is there."""
    strings = leaf.field.policy_strings
    match leaf:
        case Present():
            return lambda _: True
        case Equals(_, text) if strings:
            return lambda value: text in parts_of(value)
        case Equals(_, wanted):
            return lambda value: value == wanted
        case Matches(_, pattern) if strings:
            return lambda value: any(meets(pattern, part) for part in parts_of(value))
        case Matches(_, pattern):
            return lambda value: meets(pattern, value)
        case Between(_, low, high):
            return lambda value: (low is None or low <= value) and (high is None or value <= high)
        case Ordered(_, sign, text):
            compare = _OPERATORS[sign]
            return lambda value: compare(value, text)
        case AddressBetween(_, low, high):
            return _address_test(low, high)


def _address_test(low: Address, high: Address) -> ValueTest:
    first, last, version = int(low), int(high), low.version

    def test(value: Any) -> bool:
        address = stored_address(value)
        return address is not None and address.version == version and first <= int(address) <= last

    return test
