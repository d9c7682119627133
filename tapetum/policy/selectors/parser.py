"""Reads a selector's tokens into its tree: `||` binds least, then `&&`, then `!`."""

from functools import lru_cache

from tapetum.policy.selectors.tokens import SelectorError, Token, tokens
from tapetum.policy.selectors.tree import (
    ALL,
    And,
    Contains,
    EndsWith,
    Equals,
    Global,
    Has,
    In,
    Not,
    NotEquals,
    NotIn,
    Or,
    Selector,
    StartsWith,
)

__all__ = ["SelectorError", "parse"]

DEEPEST = 64
LONGEST = 64 * 1024
_TEXT_TERMS = {
    "==": Equals,
    "!=": NotEquals,
    "contains": Contains,
    "starts with": StartsWith,
    "ends with": EndsWith,
}
_SET_TERMS = {"in": In, "not in": NotIn}
_OPERATORS = "==, !=, in, not in, contains, starts with or ends with"


@lru_cache(maxsize=4096)
def parse(text: str) -> Selector:
    """An empty text selects everything. Raises SelectorError with the column of what is wrong."""
    if len(text) > LONGEST:
        raise SelectorError(f"The selector is {len(text)} characters long; {LONGEST} is the most.", LONGEST)
    parser = _Parser(tokens(text))
    if parser.token.kind == "end":
        return ALL
    selector = parser.either(0)
    parser.take("end", "&& or || and another term, or the end")
    return selector


class _Parser:
    """Walks the tokens once; each method takes what it reads."""

    def __init__(self, found: list[Token]) -> None:
        self._tokens = found
        self._at = 0

    @property
    def token(self) -> Token:
        return self._tokens[self._at]

    def take(self, kind: str, wanted: str) -> Token:
        token = self.token
        if token.kind != kind:
            raise _wrong(token, wanted)
        self._at += 1
        return token

    def skip(self, kind: str) -> bool:
        found = self.token.kind == kind
        self._at += found
        return found

    def either(self, depth: int) -> Selector:
        terms = [self.every(depth)]
        while self.skip("||"):
            terms.append(self.every(depth))
        return terms[0] if len(terms) == 1 else Or(tuple(terms))

    def every(self, depth: int) -> Selector:
        terms = [self.operation(depth)]
        while self.skip("&&"):
            terms.append(self.operation(depth))
        return terms[0] if len(terms) == 1 else And(tuple(terms))

    def operation(self, depth: int) -> Selector:
        negated = False
        while self.skip("!"):
            negated = not negated
        term = self.term(depth)
        return Not(term) if negated else term

    def term(self, depth: int) -> Selector:
        token = self.token
        if depth > DEEPEST:
            raise SelectorError(
                f"Parentheses are nested deeper than {DEEPEST} at column {token.column}; write it flatter.",
                token.column,
            )
        if token.kind not in ("(", "all()", "global()", "has", "label"):
            raise _wrong(token, "a label, has(…), all(), global(), ! or (")
        self._at += 1
        match token.kind:
            case "(":
                inside = self.either(depth + 1)
                self.take(")", "a closing )")
                return inside
            case "all()":
                return ALL
            case "global()":
                return Global()
            case "has":
                return Has(token.value)
            case _:
                return self.comparison(token.value)

    def comparison(self, label: str) -> Selector:
        operator = self.token
        if operator.kind in _TEXT_TERMS:
            self._at += 1
            return _TEXT_TERMS[operator.kind](label, self.take("string", "a text in quotes").value)
        if operator.kind in _SET_TERMS:
            self._at += 1
            return _SET_TERMS[operator.kind](label, self.values())
        raise _wrong(operator, f"{_OPERATORS} after the label {label[:40]}")

    def values(self) -> frozenset[str]:
        self.take("{", "a set of texts in { }")
        found: list[str] = []
        comma = True
        while comma and self.token.kind == "string":
            found.append(self.take("string", "a text").value)
            comma = self.skip(",")
        self.take("}", "a text in quotes, or a closing }")
        return frozenset(found)


def _wrong(token: Token, wanted: str) -> SelectorError:
    what = "The selector ends" if token.kind == "end" else f"There is {_shown(token)}"
    return SelectorError(f"{what} at column {token.column} where there should be {wanted}.", token.column)


def _shown(token: Token) -> str:
    value = token.value if len(token.value) <= 40 else f"{token.value[:40]}…"  # noqa: PLR2004
    return f"the text {value!r}" if token.kind == "string" else f"{value!r}"
