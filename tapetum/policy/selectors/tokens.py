"""Cuts a selector into tokens with their columns. Only space and tab are white space."""

import re
from dataclasses import dataclass

from tapetum.domain.errors import BadInputError

LONGEST_LABEL = 512
_SHOWN = 40
_BLANK = " \t"
_LABEL = re.compile(r"[A-Za-z0-9_./-]+")
_SYMBOLS = ("==", "!=", "&&", "||", "!", "(", ")", "{", "}", ",")
_CALLS = (("all()", re.compile(r"all\([ \t]*\)")), ("global()", re.compile(r"global\([ \t]*\)")))
_HAS = re.compile(r"has\([ \t]*([A-Za-z0-9_./-]+)[ \t]*\)")
_WORDS = (
    ("contains", re.compile(r"contains")),
    ("starts with", re.compile(r"starts[ \t]*with")),
    ("ends with", re.compile(r"ends[ \t]*with")),
    ("not in", re.compile(r"not[ \t]*in")),
    ("in", re.compile(r"in")),
)
_END_OF_WORD = re.compile(r"[ \t'\"{]|\Z")


class SelectorError(BadInputError):
    """A selector that cannot be read. `column` counts characters from 1."""

    code = "BAD_SELECTOR"

    def __init__(self, message: str, column: int) -> None:
        super().__init__(message)
        self.column = column


@dataclass(frozen=True, slots=True)
class Token:
    """`kind` is a symbol, an operator's words, `has`, `label`, `string` or `end`."""

    kind: str
    value: str
    column: int


_Found = tuple[str, str, int]
"""Kind, value, and where it ends."""


def tokens(text: str) -> list[Token]:
    found: list[Token] = []
    at = 0
    while True:
        while at < len(text) and text[at] in _BLANK:
            at += 1
        if at == len(text):
            return [*found, Token("end", "", at + 1)]
        token, at = _next(text, at, after_label=bool(found) and found[-1].kind == "label")
        found.append(token)


def _next(text: str, at: int, *, after_label: bool) -> tuple[Token, int]:
    column = at + 1
    found = (_word(text, at) if after_label else None) or _symbol(text, at) or _named(text, at)
    if found:
        kind, value, end = found
        return Token(kind, value, column), end
    if text[at] in "'\"":
        end = text.find(text[at], at + 1)
        if end < 0:
            raise SelectorError(
                f"The text that begins at column {column} is not closed; end it with {text[at]}.", column
            )
        return Token("string", text[at + 1 : end], column), end + 1
    raise SelectorError(
        f"{text[at]!r} at column {column} begins nothing that a selector has; a label is made of letters, "
        "digits and _ . / -.",
        column,
    )


def _word(text: str, at: int) -> _Found | None:
    """An operator in words, which only follows a label: a label may have the same name."""
    for name, pattern in _WORDS:
        match = pattern.match(text, at)
        if match and _END_OF_WORD.match(text, match.end()):
            return name, name, match.end()
    return None


def _symbol(text: str, at: int) -> _Found | None:
    return next(((each, each, at + len(each)) for each in _SYMBOLS if text.startswith(each, at)), None)


def _named(text: str, at: int) -> _Found | None:
    for name, pattern in _CALLS:
        match = pattern.match(text, at)
        if match:
            return name, name, match.end()
    for kind, pattern, group in (("has", _HAS, 1), ("label", _LABEL, 0)):
        match = pattern.match(text, at)
        if match:
            return kind, _label(match[group], at + 1), match.end()
    return None


def _label(text: str, column: int) -> str:
    if len(text) > LONGEST_LABEL:
        raise SelectorError(
            f"The label {text[:_SHOWN]}… at column {column} is {len(text)} characters long; "
            f"{LONGEST_LABEL} is the most.",
            column,
        )
    return text
