"""Query language to Query DSL. Values are JSON values, always; names come from the catalogue.

Knows how fields lie in the indices: addresses beside their text, policy strings and hits as nested objects.
"""

from base64 import b64encode
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address
from typing import Any

from tapetum.domain.moments import Micros
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
from tapetum.kql.syntax import Operator, Query
from tapetum.logstore.elasticsearch.fields import PARTS
from tapetum.logstore.elasticsearch.server import encoded

Dsl = dict[str, Any]

ALL: Dsl = {"match_all": {}}
NONE: Dsl = {"match_none": {}}
_DEEPEST = 16
"""Levels in one piece; the server reads at most 30, what surrounds a filter among them."""
_MAPPED = (0xFFFF << 32, (0xFFFF << 32) | 0xFFFF_FFFF)
"""IPv4 addresses as the engine keeps them, in the midst of IPv6."""
_BOUND = {Operator.GREATER: "gt", Operator.AT_LEAST: "gte", Operator.LESS: "lt", Operator.AT_MOST: "lte"}
_WILD = str.maketrans({"\\": "\\\\", "*": "\\*", "?": "\\?"})


def compile_dsl(query: Query, kind: str, now: Micros) -> Dsl:
    """The filter for records of a kind; raises KqlError where a field or a value does not fit."""
    return _shallow(_compiled(bind(query, kind, now)))[0]


def all_of(parts: Sequence[Dsl]) -> Dsl:
    return parts[0] if len(parts) == 1 else {"bool": {"filter": list(parts)}}


def any_of(parts: Sequence[Dsl]) -> Dsl:
    return parts[0] if len(parts) == 1 else {"bool": {"should": list(parts)}}


def none_of(part: Dsl) -> Dsl:
    return {"bool": {"must_not": [part]}}


def exists(field: str) -> Dsl:
    return {"exists": {"field": field}}


def _compiled(condition: Condition) -> Dsl:
    match condition:
        case Constant(value):
            return ALL if value else NONE
        case AllOf(parts):
            return all_of([_compiled(part) for part in parts])
        case AnyOf(parts):
            return any_of(_alternatives(parts))
        case Negation(part):
            return none_of(_compiled(part))
        case Element(nested):
            return {"nested": {"path": nested.name, "query": _element(condition)}}
        case _:
            return _leaf(condition)


def _alternatives(parts: Sequence[Condition]) -> list[Dsl]:
    """Large disjunctions are lists of values or values without a field: one clause for each field."""
    equal: dict[str, list[Any]] = {}
    policy_strings: dict[str, list[Any]] = {}
    elements: dict[str, list[Element]] = {}
    others: list[Dsl] = []
    for part in parts:
        match part:
            case Equals(field, value) if field.policy_strings:
                policy_strings.setdefault(field.name, []).append(value)
            case Equals(field, value):
                equal.setdefault(field.name, []).append(value)
            case Element(nested):
                elements.setdefault(nested.name, []).append(part)
            case _:
                others.append(_compiled(part))
    return [
        *others,
        *(_is(name, values) for name, values in equal.items()),
        *(all_of([exists(name), _is(PARTS, values)]) for name, values in policy_strings.items()),
        *({"nested": {"path": path, "query": _any_element(own)}} for path, own in elements.items()),
    ]


def _any_element(elements: Sequence[Element]) -> Dsl:
    """That some element meets one or some element meets another is one test of the elements."""
    by_lists: dict[tuple[str, ...], list[Condition]] = {}
    for element in elements:
        by_lists.setdefault(_lists(element), []).append(element.part)
    nested = elements[0].nested
    return any_of([_element(Element(nested, any_met(parts))) for parts in by_lists.values()])


def _element(element: Element) -> Dsl:
    """A test of one element; of one policy string, in whichever of the named lists it stands."""
    inner = _compiled(element.part)
    lists = _lists(element)
    return all_of([any_of([exists(name) for name in lists]), inner]) if lists else inner


def _lists(element: Element) -> tuple[str, ...]:
    return tuple(sorted(field.name for field in fields_of(element.part) if field.policy_strings))


def _leaf(leaf: Leaf) -> Dsl:
    if leaf.field.policy_strings:
        return _policy_string(leaf)
    name = leaf.field.name
    match leaf:
        case Present():
            return exists(name)
        case Equals(_, value):
            return _is(name, [value])
        case Matches(_, parts):
            return _like(name, parts)
        case Between(_, low, high):
            return {"range": {name: {k: v for k, v in (("gte", low), ("lte", high)) if v is not None}}}
        case Ordered(_, operator, text):
            return {"range": {name: {_BOUND[operator]: text}}}
        case AddressBetween(_, low, high):
            return _addresses(name, low, high)


def _policy_string(leaf: Leaf) -> Dsl:
    """A string is in a list by having that field; what it is met by are its parts, itself among them."""
    name = leaf.field.name
    match leaf:
        case Equals(_, value):
            return all_of([exists(name), _is(PARTS, [value])])
        case Matches(_, parts):
            return all_of([exists(name), _like(PARTS, parts)])
        case _:
            return exists(name)  # policy strings have no order


def _is(name: str, values: Sequence[Any]) -> Dsl:
    return {"term": {name: values[0]}} if len(values) == 1 else {"terms": {name: list(values)}}


def _like(name: str, parts: tuple[str, ...]) -> Dsl:
    first, *rest = parts
    if not any(parts):
        return exists(name)
    if rest == [""]:
        return {"prefix": {name: first}}
    return {"wildcard": {name: "*".join(part.translate(_WILD) for part in parts)}}


def _addresses(name: str, low: IPv4Address | IPv6Address, high: IPv4Address | IPv6Address) -> Dsl:
    if low == high:
        return _is(name, [str(low)])
    spans: list[tuple[Any, Any]] = [(low, high)]
    if isinstance(low, IPv6Address):
        first, last = int(low), int(high)
        around = ((first, min(last, _MAPPED[0] - 1)), (max(first, _MAPPED[1] + 1), last))
        spans = [(IPv6Address(start), IPv6Address(end)) for start, end in around if start <= end]
    ranges = [{"range": {f"{name}.ip": {"gte": str(start), "lte": str(end)}}} for start, end in spans]
    return any_of(ranges) if ranges else NONE


def _shallow(dsl: Dsl) -> tuple[Dsl, int]:
    """The query and its depth; what goes too deep is handed over as text, which is read from level 1."""
    ((name, body),) = dsl.items()
    if name == "nested":
        query, depth = _shallow(body["query"])
        dsl = {"nested": {**body, "query": query}}
    elif name == "bool":
        ((way, parts),) = body.items()
        inner = [_shallow(part) for part in parts]
        dsl, depth = {"bool": {way: [part for part, _ in inner]}}, max(depth for _, depth in inner)
    else:
        return dsl, 1
    if depth < _DEEPEST:
        return dsl, depth + 1
    return {"wrapper": {"query": b64encode(encoded(dsl)).decode()}}, 1
