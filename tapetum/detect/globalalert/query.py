"""Queries of Calico's alerts, read into our own syntax tree; values stay values, whatever they hold.

Columns are of the text that was read, so that what does not fit the records is told where it stands.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from lark import Lark, Token, Transformer
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken, VisitError
from lark.lark import PostLex

from tapetum.detect.globalalert.patterns import among
from tapetum.domain.errors import BadInputError
from tapetum.kql.errors import shown
from tapetum.kql.fields import Catalogue
from tapetum.kql.parser import MAX_BYTES, MAX_DEPTH
from tapetum.kql.syntax import FieldRef, Is, MatchAll, Not, Operator, Phrase, Query, Range, all_of, any_of

_ESCAPE = re.compile(r"\\([\\\"'])")
_NAMES = {
    "TEXT": "a name or value",
    "QUOTED": "a quoted text",
    "VARIABLE": "a ${name} of the substitutions",
    "COMPARATOR": "= != < <= > or >=",
    "_IN": "IN",
    "_NOTIN": "NOTIN",
    "_AND": "AND",
    "_OR": "OR",
    "_NOT": "NOT",
    "LPAR": '"("',
    "RPAR": '")"',
    "LBRACE": '"{"',
    "RBRACE": '"}"',
    "COMMA": '","',
    "$END": "the end",
}


def read_query(text: str, substitutions: Mapping[str, Sequence[str]], known: Catalogue) -> Query:
    """Whether its fields exist is not asked. Raises BadInputError."""
    if len(text.encode(errors="replace")) > MAX_BYTES:
        raise BadInputError(f"The query is longer than {MAX_BYTES} bytes; split the alert.", path="query")
    try:
        tree = _grammar().parse(text)
    except UnexpectedInput as error:
        raise _refusal(text, error) from None
    try:
        query: Any = _Builder(substitutions, known).transform(tree)
    except VisitError as error:
        raise error.orig_exc from None
    return query if isinstance(query, Query) else MatchAll()


@cache
def _grammar() -> Lark:
    text = (Path(__file__).parent / "grammar.lark").read_text(encoding="utf-8")
    return Lark(text, parser="lalr", lexer="contextual", postlex=_Depth())


class _Depth(PostLex):
    """Counts parentheses as tokens pass, as whatever walks the tree takes a step for each."""

    always_accept = ()

    def process(self, stream: Iterator[Token]) -> Iterator[Token]:
        depth = 0
        for token in stream:
            depth += (token.type == "LPAR") - (token.type == "RPAR")
            if depth > MAX_DEPTH:
                raise BadInputError(
                    f"The query nests deeper than {MAX_DEPTH} levels at column {_column(token)}; split the "
                    "alert.",
                    path="query",
                )
            yield token


class _Builder(Transformer[Token, Query]):
    def __init__(self, substitutions: Mapping[str, Sequence[str]], known: Catalogue) -> None:
        super().__init__()
        self._substitutions = substitutions
        self._known = known

    def any_of(self, children: list[Query]) -> Query:
        return any_of(children)

    def all_of(self, children: list[Query]) -> Query:
        return all_of(children)

    def negated(self, children: list[Query]) -> Query:
        return Not(children[0])

    def compared(self, children: list[Token]) -> Query:
        """A wildcard has no meaning here: the reference gives it one in sets only."""
        key, sign, value = children
        field, phrase = _field(key), Phrase(_text(value), _column(value))
        if sign == "=":
            return Is(field, phrase)
        return Not(Is(field, phrase)) if sign == "!=" else Range(field, Operator(sign), phrase)

    def among(self, children: list[Token]) -> Query:
        key, *given = children
        field = _field(key)
        values = [each for token in given for each in self._values(token)]
        return among(field, self._known.find(field.parts[0]), values)

    def not_among(self, children: list[Token]) -> Query:
        return Not(self.among(children))

    def _values(self, token: Token) -> list[tuple[str, int]]:
        if token.type != "VARIABLE":
            return [(_text(token), _column(token))]
        name = token[2:-1].strip()
        if name not in self._substitutions:
            there = ", ".join(sorted(self._substitutions)) or "none"
            raise BadInputError(
                f"There is no substitution {shown(name)} (column {_column(token)}); there is {there}.",
                path="query",
            )
        return [(text, _column(token)) for text in self._substitutions[name]]


def _field(token: Token) -> FieldRef:
    return FieldRef((_text(token),), _column(token))


def _text(token: Token) -> str:
    return str(token) if token.type == "TEXT" else _ESCAPE.sub(r"\1", token[1:-1])


def _column(token: Token) -> int:
    return (token.start_pos or 0) + 1


def _refusal(text: str, error: UnexpectedInput) -> BadInputError:
    at = error.pos_in_stream or 0
    if isinstance(error, UnexpectedCharacters):
        found, expected = shown(text[at : at + 1]), error.allowed
        if text[at : at + 1] in ("'", '"'):
            return BadInputError(f"The quote at column {at + 1} is never closed; end the text.", path="query")
    else:
        ends = isinstance(error, UnexpectedToken) and error.token.type == "$END"
        at = len(text.rstrip()) if ends else at
        found = "end" if ends else shown(str(getattr(error, "token", "")))
        expected = getattr(error, "accepts", None) or getattr(error, "expected", ())
    names = [name for terminal, name in _NAMES.items() if terminal in (expected or ())]
    return BadInputError(
        f"Unexpected {found} at column {at + 1} of the query; expected {', or '.join(names)}.", path="query"
    )
