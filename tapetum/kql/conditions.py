"""A query resolved for one kind of record: typed conditions that every target compiles alike.

Each condition is plainly true or false of a record. A missing value meets none of them, and a field
with several values meets one when any of its values does; a Negation includes what is missing.
"""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from typing import TypeAlias

from tapetum.kql.fields import Field
from tapetum.kql.syntax import Operator


@dataclass(frozen=True, slots=True)
class Constant:
    value: bool


@dataclass(frozen=True, slots=True)
class AllOf:
    parts: "tuple[Condition, ...]"


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: "tuple[Condition, ...]"


@dataclass(frozen=True, slots=True)
class Negation:
    part: "Condition"


@dataclass(frozen=True, slots=True)
class Present:
    field: Field


@dataclass(frozen=True, slots=True)
class Equals:
    """Keyword and ip: a text (addresses in canonical form); long: an int64; boolean: a bool."""

    field: Field
    value: str | int | bool


@dataclass(frozen=True, slots=True)
class Matches:
    """A keyword that is the parts in this order with anything between them."""

    field: Field
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Between:
    """A long, or a date in microseconds, in the closed interval; None is unbounded."""

    field: Field
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Ordered:
    """A keyword on one side of a text, by code point."""

    field: Field
    operator: Operator
    text: str


@dataclass(frozen=True, slots=True)
class AddressBetween:
    """An address of this family in the closed interval; addresses of the other family never are."""

    field: Field
    low: IPv4Address | IPv6Address
    high: IPv4Address | IPv6Address


@dataclass(frozen=True, slots=True)
class Element:
    """One element of a nested field meets the whole part, whose fields are the element's.

    An element of `policies` is one policy string, in whichever of the lists that the part names it
    stands; its fields are those lists, each with that one string or missing.
    """

    nested: Field
    part: "Condition"


Condition: TypeAlias = (
    Constant
    | AllOf
    | AnyOf
    | Negation
    | Present
    | Equals
    | Matches
    | Between
    | Ordered
    | AddressBetween
    | Element
)

Leaf: TypeAlias = Present | Equals | Matches | Between | Ordered | AddressBetween


def fields_of(condition: Condition) -> frozenset[Field]:
    """The fields whose values decide the condition."""
    match condition:
        case Constant():
            return frozenset()
        case AllOf(parts) | AnyOf(parts):
            return frozenset().union(*map(fields_of, parts))
        case Negation(part) | Element(_, part):
            return fields_of(part)
        case _:
            return frozenset((condition.field,))
