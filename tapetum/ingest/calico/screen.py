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


def suspects(lines: Sequence[bytes], chunk: bytes | memoryview, max_line: int) -> set[int]:
    """Indexes of lines for the exact path; the others are one object a line, each on its own line.

    The chunk holds the same lines, joined by newlines.
    """
    found = {
        index
        for index, line in enumerate(lines)
        if line[0] != _BRACE or line[-1] != _CLOSING_BRACE or len(line) > max_line
    }
    ends = np.cumsum(np.fromiter(map(len, lines), np.int64, len(lines)) + 1)
    octets = np.frombuffer(chunk, np.uint8)
    folded = octets | _CASE_BIT
    opening, closing = np.flatnonzero(folded == _BRACE), np.flatnonzero(folded == _CLOSING_BRACE)
    found.update(_unbalanced(opening, closing, ends).tolist())
    braces = closing[:-1][octets[closing[:-1]] == _CLOSING_BRACE]
    controls = np.flatnonzero(octets < _SPACE)
    at = [braces[~_GOES_ON[octets[braces + 1]]], controls[octets[controls] != _NEWLINE]]
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


def _occurrences(octets: Octets, text: bytes) -> Places:
    """Where a text is; quick where its first letter is rare."""
    at = np.flatnonzero(octets[: len(octets) - len(text) + 1] == text[0])
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
