"""A delivery's bytes as lines: newline JSON, a JSON document of records, objects as jq prints them, or
server-sent events.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import msgspec
import numpy as np
import numpy.typing as npt

from tapetum.ingest.containers import are_wrapped, written
from tapetum.ingest.forms import Form

_WHITE = b" \t\r"
_OPENING, _CLOSING = b"{", b"}"
_SSE_FIELDS = (b"event:", b"id:", b"retry:", b":")
_DATA = b"data:"
_HEAD = 64
_PAGED = (Form.GOLDMANE, Form.AUDIT)


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
    records = _document(body, form)
    if records is not None:
        return _joined(records)
    lines = body.split(b"\n")
    if body[:_HEAD].lstrip().split(b"\n", 1)[0].rstrip() == _OPENING:
        return _joined([line for line in _printed(lines) if line.strip(_WHITE)])
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


def _printed(lines: list[bytes]) -> Iterator[bytes]:
    """Objects that go over several lines, as jq prints them: between braces that stand alone."""
    held: list[bytes] = []
    for line in lines:
        plain = line.rstrip()
        if held or plain == _OPENING:
            held.append(plain)
            if plain == _CLOSING:
                yield b" ".join(held)  # white space only: JSON allows no raw line break inside a text
                held.clear()
        else:
            yield line.removesuffix(b"\r")
    yield b" ".join(held)


def _joined(lines: list[bytes]) -> Lines:
    return Lines(lines, b"\n".join(lines), _ends(lines))


def _ends(lines: list[bytes]) -> npt.NDArray[np.int64]:
    return np.cumsum(np.fromiter(map(len, lines), np.int64, len(lines)) + 1)


def _may_be_blank(body: bytes, ends: npt.NDArray[np.int64]) -> bool:
    """Whether any line is empty or begins with white space."""
    starts = np.concatenate([[0], ends[:-1]])[: len(ends)]
    return bool(np.isin(np.frombuffer(body, np.uint8)[starts], list(_WHITE + b"\n")).any())


def may_be_document(head: bytes, form: Form) -> bool:
    """Whether a body that begins so may be one JSON document of records, however it is cut into lines."""
    start = head[:_HEAD].lstrip()[:1]
    return start == b"[" or (start == b"{" and form in _PAGED)


def _document(body: bytes, form: Form) -> list[bytes] | None:
    """The records of a JSON array, or of a page's `{"items": [...]}`; None where it is neither."""
    start = body[:_HEAD].lstrip()[:1]
    try:
        if start == b"[":
            found = msgspec.json.decode(body, type=list[msgspec.Raw])
        elif start == b"{" and form in _PAGED and b'"items"' in body:
            found = msgspec.json.decode(body, type=_Page).items
        else:
            return None
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None  # not one document: its lines will say why
    records = [bytes(item) for item in found]
    if start == b"[" and not (records and all(item.startswith(b"{") for item in records)):
        return None
    # White space only: JSON allows no raw line break inside a text.
    return [item.replace(b"\r", b" ").replace(b"\n", b" ") for item in records]


class _Page(msgspec.Struct):
    """An answer of whisker-backend; an EventList, as API servers post them."""

    items: list[msgspec.Raw]


def _is_event_stream(body: bytes) -> bool:
    return body[:256].lstrip().startswith((_DATA, *_SSE_FIELDS))


def _event_data(line: bytes) -> bytes:
    """The payload of an event stream's line; empty for its other fields, which carry no record."""
    if line.startswith(_DATA):
        return line[len(_DATA) :].removeprefix(b" ")
    return b"" if line.startswith(_SSE_FIELDS) else line
