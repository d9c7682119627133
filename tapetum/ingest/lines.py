"""A delivery's bytes as lines: newline JSON, a JSON document of records, or server-sent events."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from tapetum.ingest.forms import Form

_WHITE = b" \t\r"
_SSE_FIELDS = (b"event:", b"id:", b"retry:", b":")
_DATA = b"data:"


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines without their ends, blank ones left out, and the same joined by newlines."""

    items: Sequence[bytes]
    joined: bytes


def split(body: bytes, form: Form) -> Lines:
    """The lines of a delivery; each record of a JSON document counts as one."""
    records = _document(body, form)
    if records is not None:
        return Lines(records, b"\n".join(records))
    lines = body.split(b"\n")
    if b"\r" in body:
        lines = [line.removesuffix(b"\r") for line in lines]
    if form is Form.GOLDMANE and _is_event_stream(body):
        lines = [_event_data(line) for line in lines]
    items = [line for line in lines if line.strip(_WHITE)]
    untouched = len(items) == len(lines) - body.endswith(b"\n") and b"\r" not in body
    return Lines(items, body if untouched and form is not Form.GOLDMANE else b"\n".join(items))


def _document(body: bytes, form: Form) -> list[bytes] | None:
    """The records of a JSON array, or of Goldmane's `{"items": [...]}`; None where it is neither."""
    start = body[:64].lstrip()[:1]
    try:
        if start == b"[":
            found = msgspec.json.decode(body, type=list[msgspec.Raw])
        elif start == b"{" and form is Form.GOLDMANE and b'"items"' in body:
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
    """An answer of whisker-backend."""

    items: list[msgspec.Raw]


def _is_event_stream(body: bytes) -> bool:
    return body[:256].lstrip().startswith((_DATA, *_SSE_FIELDS))


def _event_data(line: bytes) -> bytes:
    """The payload of an event stream's line; empty for its other fields, which carry no record."""
    if line.startswith(_DATA):
        return line[len(_DATA) :].removeprefix(b" ")
    return b"" if line.startswith(_SSE_FIELDS) else line
