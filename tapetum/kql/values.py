"""What a value means for a field's type: one condition, or a sentence that says what would fit."""

import math
import re
from decimal import Decimal

from tapetum.domain.moments import Micros
from tapetum.kql.addresses import Address, bounds, read_address, read_network
from tapetum.kql.conditions import (
    AddressBetween,
    Between,
    Condition,
    Constant,
    Equals,
    Matches,
    Negation,
    Ordered,
    Present,
)
from tapetum.kql.dates import read_span
from tapetum.kql.errors import KqlError, shown
from tapetum.kql.fields import Field, FieldType
from tapetum.kql.syntax import Operator, Phrase, Term, Value, Wildcard

_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40})(?:[eE][+-]?[0-9]{1,3})?\Z")
_LEAST, _MOST = -(2**63), 2**63 - 1
MISSING = "-"
"""What a log writes for a missing name; stored as null."""

_FITS = {
    FieldType.LONG: "a number",
    FieldType.IP: "an address or a network such as 10.0.0.0/8",
    FieldType.DATE: 'a time such as "2026-11-23T14:05:00Z", milliseconds since 1970, or now-15m',
    FieldType.BOOLEAN: "true or false",
}


def equality(field: Field, value: Value, now: Micros, *, named: bool = True) -> Condition:
    """`field:value`; raises KqlError where the value cannot be one of the field's.

    `named`: the query named the field, so that `-` asks for what a log writes as `-`: nothing.
    """
    if isinstance(value, Wildcard):
        if field.type is FieldType.KEYWORD:
            return Matches(field, value.parts)
        fits = _FITS[field.type]
        raise KqlError(
            f"{field.name} holds {fits} and takes no wildcard but a lone * (column {value.column}).",
            value.column,
            (fits,),
        )
    if field.type is FieldType.KEYWORD:
        missing = named and value.text == MISSING and not field.policy_strings
        return Negation(Present(field)) if missing else Equals(field, value.text)
    condition = _typed_equality(field, value.text, now)
    if condition is None:
        raise _unfit(field, value)
    return condition


def _typed_equality(field: Field, text: str, now: Micros) -> Condition | None:
    match field.type:
        case FieldType.LONG if (number := _number(text)) is not None:
            fits = number == (whole := math.floor(number)) and _LEAST <= whole <= _MOST
            return Equals(field, whole) if fits else Constant(value=False)
        case FieldType.IP if address := read_address(text):
            return Equals(field, str(address))
        case FieldType.IP if network := read_network(text):
            return AddressBetween(field, *network)
        case FieldType.DATE if span := read_span(text, now):
            return Between(field, *span)
        case FieldType.BOOLEAN if text in ("true", "false"):
            return Equals(field, text == "true")
        case _:
            return None


def comparison(field: Field, operator: Operator, value: Term | Phrase, now: Micros) -> Condition:
    """`field >= value`; raises KqlError where the field or the value has no order."""
    match field.type:
        case FieldType.KEYWORD if not field.policy_strings:
            return Ordered(field, operator, value.text)
        case FieldType.LONG:
            number = _number(value.text)
            if number is not None:
                return _beyond(field, operator, math.ceil(number), math.floor(number))
        case FieldType.DATE:
            if span := read_span(value.text, now):
                return _beyond(field, operator, *span)
        case FieldType.IP:
            if address := read_address(value.text):
                return _addresses_beyond(field, operator, address)
            raise _unfit(field, value, "one address")
        case _:
            raise KqlError(
                f"{field.name} has no order to compare by (column {value.column}); write {field.name}:value.",
                value.column,
            )
    raise _unfit(field, value)


def _number(text: str) -> Decimal | None:
    """As Elasticsearch reads numbers; the fields hold whole ones, so that none equals a fraction."""
    return Decimal(text) if _NUMBER.match(text) else None


def _beyond(field: Field, operator: Operator, first: int, last: int) -> Condition:
    """On one side of the span that the value names, whose first lies behind its last where it is a
    fraction; int64 has an end, which a value may lie behind.
    """
    match operator:
        case Operator.GREATER:
            low, high = last + 1, _MOST
        case Operator.AT_LEAST:
            low, high = first, _MOST
        case Operator.LESS:
            low, high = _LEAST, first - 1
        case Operator.AT_MOST:
            low, high = _LEAST, last
    low, high = max(low, _LEAST), min(high, _MOST)
    if low > high:
        return Constant(value=False)
    if (low, high) == (_LEAST, _MOST):
        return Present(field)
    return Between(field, None if low == _LEAST else low, None if high == _MOST else high)


def _addresses_beyond(field: Field, operator: Operator, address: Address) -> Condition:
    low, high = bounds(address)
    match operator:
        case Operator.GREATER:
            return Constant(value=False) if address == high else AddressBetween(field, address + 1, high)
        case Operator.AT_LEAST:
            return AddressBetween(field, address, high)
        case Operator.LESS:
            return Constant(value=False) if address == low else AddressBetween(field, low, address - 1)
        case Operator.AT_MOST:
            return AddressBetween(field, low, address)


def _unfit(field: Field, value: Term | Phrase, fits: str | None = None) -> KqlError:
    wanted = fits or _FITS[field.type]
    return KqlError(
        f"{field.name} holds {wanted}; {shown(value.text)} (column {value.column}) is none.",
        value.column,
        (wanted,),
    )
