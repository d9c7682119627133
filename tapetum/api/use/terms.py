"""Parts of questions that the API asks by itself: syntax trees, whose values are data and never text."""

from collections.abc import Iterable

from tapetum.domain.moments import Micros, iso
from tapetum.kql import Query, all_of, any_of
from tapetum.kql.addresses import read_address
from tapetum.kql.syntax import Exists, FieldRef, Is, Nested, Not, Operator, Phrase, Range, Wildcard


def named(field: str) -> FieldRef:
    return FieldRef((field,))


def equal(field: str, value: str | int) -> Query:
    return Is(named(field), Phrase(str(value)))


def among(field: str, values: Iterable[str]) -> Query:
    return any_of(equal(field, value) for value in values)


def same(field: str, value: str | None) -> Query:
    """The value, or none where there is none."""
    return Not(Exists(named(field))) if value is None else equal(field, value)


def begins(field: str, text: str) -> Query:
    return Is(named(field), Wildcard((text, "")))


def ends(field: str, text: str) -> Query:
    return Is(named(field), Wildcard(("", text)))


def absent(field: str) -> Query:
    return Not(Exists(named(field)))


def present(field: str) -> Query:
    return Exists(named(field))


def since(field: str, moment: Micros) -> Query:
    """At or after it, or unknown."""
    return any_of([absent(field), Range(named(field), Operator.AT_LEAST, Phrase(iso(moment)))])


def element(field: str, *parts: Query) -> Query:
    return Nested(named(field), all_of(parts))


def is_address(text: str | None) -> bool:
    """A log writes several addresses as `*`, which is none."""
    return text is not None and read_address(text) is not None
