"""Cursors of keyset pages: opaque, and bound to what was asked.

A cursor holds the resolved range, where the page ended, and a digest of filter, order and clusters.
It says nothing of the caller: whatever it holds, the caller's own scope decides what is found.
"""

from base64 import urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import msgspec

from tapetum.domain.errors import BadInputError
from tapetum.domain.identity import seal, unseal
from tapetum.domain.moments import TimeRange
from tapetum.kql import FieldType
from tapetum.logstore.port import Position

_TAG = "page"
_TYPES: dict[FieldType, type] = {FieldType.LONG: int, FieldType.DATE: int, FieldType.BOOLEAN: bool}
LATEST = 4_260_211_200_000_000  # 2105 in microseconds
_INT64 = 2**63
_LONGEST_ID = 200


@dataclass(frozen=True, slots=True)
class Cursor:
    range: TimeRange
    position: Position


def digest(*asked: Any) -> str:
    """Of the arguments that a cursor may not be used with others of."""
    return urlsafe_b64encode(sha256(msgspec.json.encode(asked)).digest()[:9]).decode()


def write_cursor(digest_: str, within: TimeRange, position: Position) -> str:
    return seal(_TAG, digest_, within.start, within.end, position.value, position.id)


def read_cursor(text: str, digest_: str, order: FieldType) -> Cursor:
    """Raises BadInputError where the cursor is none of ours, or of another question."""
    parts = unseal(text, _TAG)
    try:
        found, start, end, value, last_id = msgspec.convert(parts, tuple[str, int, int, Any, str])
    except msgspec.ValidationError:
        raise _unreadable(text) from None
    if found != digest_:
        raise BadInputError(
            "The cursor belongs to another filter, order or choice of clusters; start again without `after`.",
            path="after",
        )
    in_order = 0 <= start < end <= LATEST and len(last_id) <= _LONGEST_ID
    if not in_order or not _fits(value, order):
        raise _unreadable(text)
    return Cursor(TimeRange(start, end), Position(value, last_id))


def _fits(value: Any, order: FieldType) -> bool:
    if value is None:
        return True
    if order is FieldType.DATE:
        return type(value) is int and 0 <= value <= LATEST
    if order is FieldType.LONG:
        return type(value) is int and -_INT64 <= value < _INT64
    return type(value) is _TYPES.get(order, str)


def _unreadable(text: str) -> BadInputError:
    return BadInputError(f"{text[:60]!r} is not a cursor; take `endCursor` of an earlier page.", path="after")
