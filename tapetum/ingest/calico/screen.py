"""Bytes that the bulk parser must not see, as it would misread them, or crash on them.

pyarrow's JSON reader takes several objects a line, an object over several lines, NaN, Infinity, a
byte order mark, any depth and bytes that are not UTF-8; it refuses a NUL without saying where; a
null between objects ends the process.
"""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from tapetum.ingest.strict_json import DEEPEST

Octets: TypeAlias = npt.NDArray[np.uint8]
Places: TypeAlias = npt.NDArray[np.intp]

_BRACE, _CLOSING_BRACE = b"{}"
_CASE_BIT = 0x20  # sets { and } apart from [ and ]
_NOT_ASCII = 0x80
_NEWLINE, _SPACE = b"\n "
# After a closing brace, JSON goes on with a comma, a bracket or the line's end; anything else is a
# second value on the line (or text, or rare white space: the exact path finds out).
_GOES_ON = np.zeros(256, np.bool_)
_GOES_ON[list(b",]}\n")] = True
_NOT_NUMBERS = (b"NaN", b"Inf")


def suspects(lines: Sequence[bytes], chunk: memoryview, ends: Places, max_line: int) -> set[int]:
    """Indexes of lines for the exact path; the others are one object a line, each on its own line.

    The chunk holds the same lines, joined by newlines; `ends` are where in it the next line begins.
    """
    octets = np.frombuffer(chunk, np.uint8)
    starts = np.concatenate([[0], ends[:-1]])
    strange = (
        (octets[starts] != _BRACE) | (octets[ends - 2] != _CLOSING_BRACE) | (ends - starts > max_line + 1)
    )
    found = set(np.flatnonzero(strange).tolist())
    folded = octets | _CASE_BIT
    opening, closing = np.flatnonzero(folded == _BRACE), np.flatnonzero(folded == _CLOSING_BRACE)
    found.update(_unbalanced(opening, closing, ends).tolist())
    braces = closing[:-1][octets[closing[:-1]] == _CLOSING_BRACE]
    at = [braces[~_GOES_ON[octets[braces + 1]]], _controls(octets, len(lines) - 1)]
    at += [_occurrences(octets, text) for text in _NOT_NUMBERS]
    found.update(np.searchsorted(ends, np.concatenate(at), side="right").tolist())
    if octets.max(initial=0) >= _NOT_ASCII:
        found.update(index for index, line in enumerate(lines) if not _is_utf8(line))
    return found


def _unbalanced(opening: Places, closing: Places, ends: Places) -> Places:
    """Lines whose brackets do not come in pairs, or are so many that they may be nested too deep."""
    opened = np.diff(np.searchsorted(opening, ends), prepend=0)
    closed = np.diff(np.searchsorted(closing, ends), prepend=0)
    return np.flatnonzero((opened != closed) | (opened > DEEPEST))


def _controls(octets: Octets, newlines: int) -> Places:
    """Where control characters are, but for so many newlines."""
    control = octets < _SPACE
    if np.count_nonzero(control) == newlines:
        return np.empty(0, np.intp)
    at = np.flatnonzero(control)
    return at[octets[at] != _NEWLINE]


def _occurrences(octets: Octets, text: bytes) -> Places:
    """Where a text is; quick where its first letter is rare."""
    first = octets[: len(octets) - len(text) + 1] == text[0]
    if not first.any():
        return np.empty(0, np.intp)
    at = np.flatnonzero(first)
    for place, letter in enumerate(text[1:], 1):
        at = at[octets[at + place] == letter]
    return at


def _is_utf8(text: bytes) -> bool:
    if text.isascii():
        return True
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True
