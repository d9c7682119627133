"""Bytes that the bulk parser must not see, as it would misread them, or crash on them.

pyarrow's JSON reader takes several objects a line, an object over several lines, NaN, Infinity, a
byte order mark, any depth and bytes that are not UTF-8; a null between objects ends the process.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from tapetum.ingest.strict_json import DEEPEST

Octets = npt.NDArray[np.uint8]

_BRACE, _CLOSING_BRACE = b"{}"
_CASE_BIT = 0x20  # sets { apart from [
_NOT_ASCII = 0x80
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
    braces = np.flatnonzero(octets[:-1] == _CLOSING_BRACE)
    at = [braces[~_GOES_ON[octets[braces + 1]]], *(_occurrences(octets, text) for text in _NOT_NUMBERS)]
    found.update(np.searchsorted(ends, np.concatenate(at), side="right").tolist())
    found.update(_bracketed(octets, ends).tolist())
    if octets.max(initial=0) >= _NOT_ASCII:
        found.update(index for index, line in enumerate(lines) if not _is_utf8(line))
    return found


def _occurrences(octets: Octets, text: bytes) -> npt.NDArray[np.intp]:
    """Where a text is; quick where its first letter is rare."""
    at = np.flatnonzero(octets[: len(octets) - len(text) + 1] == text[0])
    for place, letter in enumerate(text[1:], 1):
        at = at[octets[at + place] == letter]
    return at


def _bracketed(octets: Octets, ends: npt.NDArray[np.int64]) -> npt.NDArray[np.intp]:
    """Lines with so many opening brackets that they may be nested too deep."""
    at = np.flatnonzero((octets | _CASE_BIT) == _BRACE)
    counts = np.diff(np.searchsorted(at, ends), prepend=0)
    return np.flatnonzero(counts > DEEPEST)


def _is_utf8(text: bytes) -> bool:
    if text.isascii():
        return True
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True
