"""Values of Calico's queries as conditions of ours: `*` in a set stays, `?` is written out.

Our language has no sign for exactly one character, so that a pattern with a `?` becomes a list of all that
may stand there. Knows the types of fields, and nothing of the query around them.
"""

from collections.abc import Iterator

from tapetum.domain.errors import BadInputError
from tapetum.kql.errors import shown
from tapetum.kql.fields import Field, FieldType
from tapetum.kql.syntax import Exists, FieldRef, Is, Phrase, Query, Wildcard, any_of

_PRINTABLE = "".join(map(chr, range(0x20, 0x7F)))
_ONE_OF = {FieldType.KEYWORD: _PRINTABLE, FieldType.LONG: "0123456789"}
"""What a `?` may stand for. Names in logs hold no other characters; a number only digits."""


def among(field: FieldRef, known: Field | None, values: list[tuple[str, int]]) -> Query:
    """Any of the values, each with its column."""
    return any_of(query for text, column in values for query in _alternatives(field, known, text, column))


def _alternatives(field: FieldRef, known: Field | None, text: str, column: int) -> Iterator[Query]:
    if "?" not in text or known is None:  # an unknown field is told of as such
        yield _pattern(field, text, "", column)
        return
    if known.type not in _ONE_OF:
        raise BadInputError(
            f"{known.name} is no text, so {shown(text)} (column {column}) cannot be a pattern of it; "
            "list its values.",
            path="query",
        )
    if text.count("?") > 1:
        raise BadInputError(
            f"{shown(text)} (column {column}) has more than one ?; only one can be written out, so use * or "
            "list the values.",
            path="query",
        )
    for character in _ONE_OF[known.type]:
        yield _pattern(field, text, character, column)


def _pattern(field: FieldRef, text: str, character: str, column: int) -> Query:
    """With the character, which is no pattern itself, in place of the `?`."""
    first, *others = [part.replace("?", character) if character else part for part in text.split("*")]
    if not others:
        return Is(field, Phrase(first, column))
    inner = [part for part in others[:-1] if part]  # a ** says no more than *
    if not first and not inner and not others[-1]:
        return Exists(field)
    return Is(field, Wildcard((first, *inner, others[-1]), column))
