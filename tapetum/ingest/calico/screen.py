"""Bytes that the bulk parser must not see, as it would misread them, or crash on them.

pyarrow's JSON reader takes several objects a line, an object over several lines, NaN, Infinity, a
byte order mark, any depth and bytes that are not UTF-8; a null between objects ends the process.
"""

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from tapetum.ingest.strict_json import DEEPEST

# After a closing brace, JSON goes on with a comma, a bracket or the line's end; anything else is a
# second value on the line (or text, or rare white space: the exact path finds out).
_SECOND_VALUE = re.compile(rb"\}[^,\]}\n]")
_NOT_NUMBERS = {b"N": re.compile(rb"NaN"), b"I": re.compile(rb"Inf")}
_BRACE, _CLOSING_BRACE = b"{}"
_CASE_BIT = 0x20  # sets { apart from [
_NOT_ASCII = 0x80


def suspects(lines: Sequence[bytes], chunk: memoryview, max_line: int) -> set[int]:
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
    at = [match.start() for match in _SECOND_VALUE.finditer(chunk)]
    for letter, pattern in _NOT_NUMBERS.items():
        if (octets == ord(letter)).any():
            at.extend(match.start() for match in pattern.finditer(chunk))
    found.update(np.searchsorted(ends, at, side="right").tolist())
    found.update(_bracketed(octets, ends).tolist())
    if octets.max() >= _NOT_ASCII:
        found.update(index for index, line in enumerate(lines) if not _is_utf8(line))
    return found


def _bracketed(octets: npt.NDArray[np.uint8], ends: npt.NDArray[np.int64]) -> npt.NDArray[np.intp]:
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
