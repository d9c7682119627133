"""From text to syntax tree, in linear time and without recursion; refuses by size before any work.

The grammar is built once, at the first query. A tree says nothing about which fields exist.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from lark import Lark, Token, Transformer
from lark.exceptions import UnexpectedInput
from lark.lark import PostLex

from tapetum.kql.errors import KqlError
from tapetum.kql.literals import read_bare, read_quoted
from tapetum.kql.refusal import explain
from tapetum.kql.syntax import (
    And,
    Exists,
    FieldRef,
    Is,
    MatchAll,
    Nested,
    Not,
    Operator,
    Or,
    Phrase,
    Query,
    Range,
    Term,
    Value,
    Wildcard,
    all_of,
    any_of,
)

MAX_BYTES = 8192
MAX_DEPTH = 30
MAX_TERMS = 500


def parse(text: str) -> Query:
    """Read a query; empty text matches everything. Raises KqlError."""
    _refuse_oversize(text)
    try:
        tree = grammar().parse(text)
    except UnexpectedInput as error:
        raise explain(grammar(), text, error) from None
    return tree if isinstance(tree, Query) else MatchAll()


@cache
def grammar() -> Lark:
    return Lark(
        (Path(__file__).parent / "grammar.lark").read_text(encoding="utf-8"),
        parser="lalr",
        lexer="contextual",
        transformer=_Builder(),
        postlex=_Sizes(),
    )


def _refuse_oversize(text: str) -> None:
    if len(text) <= MAX_BYTES:
        try:
            size = len(text.encode())
        except UnicodeEncodeError as error:
            column = error.start + 1
            raise KqlError(f"The character at column {column} is half of a surrogate pair.", column) from None
        if size <= MAX_BYTES:
            return
    raise KqlError(
        f"The query is longer than {MAX_BYTES} bytes; put values into one list, as in field:(a or b).", 1
    )


class _Sizes(PostLex):
    """Counts depth and terms as tokens pass, so that an outsized query stops where it becomes one."""

    always_accept = ()

    def process(self, stream: Iterator[Token]) -> Iterator[Token]:
        depth = terms = 0
        for token in stream:
            match token.type:
                case "LPAR" | "LBRACE":
                    depth += 1
                    if depth > MAX_DEPTH:
                        raise _too_large(token, f"nests deeper than {MAX_DEPTH} levels")
                case "RPAR" | "RBRACE":
                    depth -= 1
                case "COLON" | "RANGE":
                    terms -= 1  # what stood before is a field, not a term
                case "TEXT" | "QUOTED":
                    terms += 1
                    if terms > MAX_TERMS + 1:  # the last may yet turn out to be a field
                        raise _too_large(token, f"has more than {MAX_TERMS} terms")
                case _:
                    pass
            yield token
        if terms > MAX_TERMS:
            raise KqlError(f"The query has more than {MAX_TERMS} terms; ask for fewer at once.", 1)


def _too_large(token: Token, what: str) -> KqlError:
    column = _column(token)
    return KqlError(f"The query {what} at column {column}; ask for fewer at once.", column)


def _column(token: Token) -> int:
    return (token.start_pos or 0) + 1


class _Builder(Transformer[Token, Query]):
    """Called by the parser rule by rule; a value outside of `field:` is an Is without a field."""

    def any_of(self, children: list[Query]) -> Query:
        return any_of(children)

    def all_of(self, children: list[Query]) -> Query:
        return all_of(children)

    any_value = any_of
    all_values = all_of

    def negated(self, children: list[Query]) -> Query:
        return Not(children[0])

    def bare(self, children: list[Token]) -> Query:
        value = _value(children[0])
        return MatchAll() if isinstance(value, Wildcard) and value.alone else Is(None, value)

    def compared(self, children: list[Token]) -> Query:
        return _compared(_field(children[0]), _value(children[1]))

    def listed(self, children: tuple[Token, Query]) -> Query:
        field, values = children
        return _with_field(_field(field), values)

    def ranged(self, children: list[Token]) -> Query:
        value = _value(children[2])
        if isinstance(value, Wildcard):
            raise KqlError(
                f"The value at column {value.column} is compared by size and takes no wildcard; "
                "write one value, or put it in quotes.",
                value.column,
                ("value",),
            )
        return Range(_field(children[0]), Operator(children[1]), value)

    def nested(self, children: tuple[Token, Query]) -> Query:
        field, query = children
        return Nested(_field(field), query)


def _value(token: Token) -> Value:
    column = _column(token)
    if token.type == "QUOTED":
        return Phrase(read_quoted(str(token), column), column)
    parts = read_bare(str(token), column)
    if len(parts) == 1:
        return Term(parts[0], column)
    inner = tuple(part for part in parts[1:-1] if part)  # a ** says no more than *
    return Wildcard((parts[0], *inner, parts[-1]), column)


def _field(token: Token) -> FieldRef:
    value = _value(token)
    return FieldRef(value.parts if isinstance(value, Wildcard) else (value.text,), value.column)


def _compared(field: FieldRef, value: Value) -> Query:
    if not isinstance(value, Wildcard) or not value.alone:
        return Is(field, value)
    return MatchAll() if field.parts == ("", "") else Exists(field)


def _with_field(field: FieldRef, values: Query) -> Query:
    match values:
        case Is(None, value):
            return _compared(field, value)
        case MatchAll():
            return _compared(field, Wildcard(("", ""), field.column))
        case Not(query):
            return Not(_with_field(field, query))
        case And(queries):
            return all_of([_with_field(field, query) for query in queries])
        case Or(queries):
            return any_of([_with_field(field, query) for query in queries])
        case _:
            raise AssertionError(values)  # the grammar allows nothing else in a list of values
