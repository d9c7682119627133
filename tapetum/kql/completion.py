"""What could be typed next: fields, operators, keywords, and where the store should offer values.

Reads the text up to the cursor with the real grammar, so that only what parses is offered. Knows no
values: a VALUES suggestion says which field's values, beginning with what, to ask the store for.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from lark.exceptions import UnexpectedInput

from tapetum.kql.catalogues import catalogue
from tapetum.kql.errors import KqlError
from tapetum.kql.fields import Catalogue, Field, FieldType
from tapetum.kql.place import Place
from tapetum.kql.refusal import FIELD_NAME, kinds_of_literal

_WORD_REST = re.compile(r'[^\s():<>"{}]*')
_QUOTE_REST = re.compile(r'[^"]*"?')
_KEYWORDS = {"and": "Both must hold.", "or": "Either may hold."}
_NOT = ("not", "What follows must not hold.")
_CLOSING = {"RPAR": (")", "End of the group."), "RBRACE": ("}", "End of the element's conditions.")}
_OPERATORS = {
    ":": "Equals, or lies in a network or on a day.",
    ":*": "Has any value.",
    ">": "Greater than.",
    ">=": "At least.",
    "<": "Less than.",
    "<=": "At most.",
    ":{": "One element meets all that the braces hold.",
}
_ORDERED = (FieldType.LONG, FieldType.DATE, FieldType.IP)


class Completes(StrEnum):
    FIELD = "field"
    OPERATOR = "operator"
    KEYWORD = "keyword"
    VALUE = "value"
    VALUES = "values"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`text` replaces the query's characters from `start` to `end`.

    VALUES has no text of its own: ask the store for values of `field` that begin with `prefix`.
    """

    kind: Completes
    text: str
    description: str
    start: int
    end: int
    field: str | None = None
    prefix: str = ""


def complete(text: str, cursor: int, kind: str) -> list[Suggestion]:
    """Suggestions for a cursor before `text[cursor]`, best first; none after what cannot be read."""
    known = catalogue(kind)
    try:
        place = Place(text[:cursor], known)
    except (UnexpectedInput, KqlError):
        return []
    rest = (_QUOTE_REST if place.quoted else _WORD_REST).match(text, cursor)
    return list(_Offers(place, known, cursor - len(place.word), rest.end() if rest else cursor).all())


class _Offers:
    """What fits at one place in a query."""

    def __init__(self, place: Place, known: Catalogue, start: int, end: int) -> None:
        self._accepted = place.state.accepts()
        self._kinds = kinds_of_literal(place.state) if "TEXT" in self._accepted else []
        self._place = place
        self._known = known
        self._start = start
        self._end = end

    def all(self) -> Iterator[Suggestion]:
        place = self._place
        if FIELD_NAME in self._kinds:
            word = place.text.lower()
            names = [*self._fields(word), *self._negation()]
            yield from sorted(names, key=lambda found: not found.text.lower().startswith(word))
            yield from self._operators(place.find(place.text), self._start + len(place.word))
        elif self._kinds:
            yield from self._values()
            yield from self._negation()
        elif place.quoted:
            return  # a quote where no value may stand
        elif "COLON" in self._accepted and not place.word:
            yield from self._operators(place.last, self._start)
        yield from self._keywords()

    def _fields(self, word: str) -> Iterator[Suggestion]:
        nested = self._place.nested
        fields = self._known.children(nested.name) if nested else tuple(self._known.fields.values())
        for found in fields:
            name = found.leaf if nested else found.name
            if word in name.lower():
                yield self._offer(Completes.FIELD, name, found.description, field=found.name)

    def _negation(self) -> Iterator[Suggestion]:
        keyword, description = _NOT
        if "_NOT" in self._accepted and keyword.startswith(self._place.word.lower()):
            yield self._offer(Completes.KEYWORD, keyword, description)

    def _operators(self, known: Field | None, start: int) -> Iterator[Suggestion]:
        if known is None:
            return
        signs = [":", ":*"] if known.type is not FieldType.NESTED else [":{", ":*"]
        if known.type in _ORDERED:
            signs += [">=", "<=", ">", "<"]
        for sign in signs:
            yield Suggestion(Completes.OPERATOR, sign, _OPERATORS[sign], start, start, known.name)

    def _values(self) -> Iterator[Suggestion]:
        known = self._place.field
        if known is None:
            return
        prefix = self._place.text
        if known.type is FieldType.BOOLEAN:
            for value in ("true", "false"):
                if value.startswith(prefix):
                    yield self._offer(Completes.VALUE, value, "", field=known.name)
        elif known.type is not FieldType.DATE:
            yield self._offer(Completes.VALUES, "", known.description, field=known.name, prefix=prefix)

    def _keywords(self) -> Iterator[Suggestion]:
        """After a whole value, or as the last word of an unfinished one (`a:b an`)."""
        _, space, last = self._place.word.rpartition(" ")
        if self._place.quoted or ("_AND" not in self._accepted and not space):
            return
        start = self._start + len(self._place.word) - len(last)
        for keyword, description in _KEYWORDS.items():
            if keyword.startswith(last.lower()) and (last or "_AND" in self._accepted):
                yield Suggestion(
                    Completes.KEYWORD,
                    keyword,
                    description,
                    start,
                    self._end,
                )
        for terminal, (sign, description) in _CLOSING.items():
            if terminal in self._accepted and not self._place.word:
                yield self._offer(Completes.OPERATOR, sign, description)

    def _offer(
        self, kind: Completes, text: str, description: str, *, field: str | None = None, prefix: str = ""
    ) -> Suggestion:
        return Suggestion(kind, text, description, self._start, self._end, field, prefix)
