"""A delivery's bytes as lines: newline JSON, a JSON document of records, objects as jq prints them, or
server-sent events.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tapetum.ingest.containers import are_wrapped, written
from tapetum.ingest.documents import is_printed, printed, records_of
from tapetum.ingest.forms import Form

_WHITE = b" \t\r"
_SSE_FIELDS = (b"event:", b"id:", b"retry:", b":")
_DATA = b"data:"


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines without their ends, blank ones left out, and the same joined by newlines.

    `ends` are where in `joined` the next line begins, so that a line is there without its newline.
    """

    items: Sequence[bytes]
    joined: bytes
    ends: npt.NDArray[np.int64]

    @property
    def longest(self) -> int:
        return int(np.diff(self.ends, prepend=0).max(initial=1)) - 1


def split(body: bytes, form: Form) -> Lines:
    """The lines of a delivery; each record of a JSON document counts as one."""
    records = records_of(body, form)
    if records is not None:
        return _joined(records)
    lines = body.split(b"\n")
    if is_printed(body):
        return _joined([line for line in printed(lines) if line.strip(_WHITE)])
    if not lines[-1]:
        lines.pop()
    if are_wrapped(body):
        lines = [written(line) for line in lines]
    elif b"\r" not in body and form is not Form.GOLDMANE:
        ends = _ends(lines)
        if not _may_be_blank(body, ends):
            return Lines(lines, body, ends)
    lines = [line.removesuffix(b"\r") for line in lines]
    if form is Form.GOLDMANE and _is_event_stream(body):
        lines = [_event_data(line) for line in lines]
    return _joined([line for line in lines if line.strip(_WHITE)])


def _joined(lines: list[bytes]) -> Lines:
    return Lines(lines, b"\n".join(lines), _ends(lines))


def _ends(lines: list[bytes]) -> npt.NDArray[np.int64]:
    return np.cumsum(np.fromiter(map(len, lines), np.int64, len(lines)) + 1)


def _may_be_blank(body: bytes, ends: npt.NDArray[np.int64]) -> bool:
    """Whether any line is empty or begins with white space."""
    starts = np.concatenate([[0], ends[:-1]])[: len(ends)]
    return bool(np.isin(np.frombuffer(body, np.uint8)[starts], list(_WHITE + b"\n")).any())


def _is_event_stream(body: bytes) -> bool:
    return body[:256].lstrip().startswith((_DATA, *_SSE_FIELDS))


def _event_data(line: bytes) -> bytes:
    """The payload of an event stream's line; empty for its other fields, which carry no record."""
    if line.startswith(_DATA):
        return line[len(_DATA) :].removeprefix(b" ")
    return b"" if line.startswith(_SSE_FIELDS) else line
