"""Deliveries that are JSON documents of records: arrays, pages, answers to searches, and printed objects."""

import re
from collections.abc import Iterator

import msgspec

from tapetum.ingest.forms import Form

_HEAD = 64
_HITS = re.compile(rb'"hits"\s*:\s*\{')
_BEFORE_HITS = 1024
_PAGED = (Form.GOLDMANE, Form.AUDIT)
_OPENING, _CLOSING = b"{", b"}"


def may_be_document(head: bytes, form: Form) -> bool:
    """Whether a body that begins so may be one JSON document of records, however it is cut into lines."""
    start = head[:_HEAD].lstrip()[:1]
    return start == b"[" or (start == b"{" and form in _PAGED)


def records_of(body: bytes, form: Form) -> list[bytes] | None:
    """Those of an array, of a page (`{"items": [...]}`), of Elasticsearch's answer; None of anything else."""
    start = body[:_HEAD].lstrip()[:1]
    try:
        if start == b"[":
            found = msgspec.json.decode(body, type=list[msgspec.Raw])
        elif start == b"{" and form in _PAGED and b'"items"' in body:
            found = msgspec.json.decode(body, type=_Page).items
        elif start == b"{" and _HITS.search(body, 0, _BEFORE_HITS):
            found = msgspec.json.decode(body, type=_Answer).hits.hits
        else:
            return None
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None  # not one document: its lines will say why
    records = [bytes(item) for item in found]
    if start == b"[" and not (records and all(item.startswith(b"{") for item in records)):
        return None
    # White space only: JSON allows no raw line break inside a text.
    return [item.replace(b"\r", b" ").replace(b"\n", b" ") for item in records]


class _Hits(msgspec.Struct):
    hits: list[msgspec.Raw]


class _Answer(msgspec.Struct):
    """What Elasticsearch answers to a search."""

    hits: _Hits


class _Page(msgspec.Struct):
    """An answer of whisker-backend; an EventList, as API servers post them."""

    items: list[msgspec.Raw]


def is_printed(body: bytes) -> bool:
    """Whether its objects go over several lines, as jq prints them: between braces that stand alone."""
    return body[:_HEAD].lstrip().split(b"\n", 1)[0].rstrip() == _OPENING


def printed(lines: list[bytes]) -> Iterator[bytes]:
    """Each of the printed objects as one line; what stands between them as it is."""
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
