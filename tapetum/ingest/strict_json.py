"""One line of bytes as one JSON object, by the letter of RFC 8259, or the reason why it is none.

Python's own parser is laxer: it takes NaN, repeated keys and lone surrogates, and any depth.
"""

import json
from collections import Counter
from typing import Any, NoReturn

from tapetum.ingest.refusals import Cause, OddNumber, UnreadableError, shown

DEEPEST = 64
_LONGEST_INTEGER = 19  # digits of 2^63 - 1
_BOM = b"\xef\xbb\xbf"


class Repeating(dict[str, Any]):
    """An object some of whose keys were written more than once; the last value holds."""

    repeated: frozenset[str]


def parse_object(line: bytes) -> dict[str, Any]:
    """The object that the line holds; raises UnreadableError."""
    text = decoded(line)
    try:
        found = _decode(text)
    except json.JSONDecodeError as error:
        raise _not_json(error) from None
    except RecursionError:
        raise _too_deep() from None
    if not isinstance(found, dict):
        raise UnreadableError(Cause.JSON, f"not a JSON object but {_kind(found)}")
    if line.count(b"[") + line.count(b"{") > DEEPEST and _deeper(found, DEEPEST):
        raise _too_deep()
    if "\\ud" in text or "\\uD" in text:
        _check_surrogates(found)
    return found


def decoded(line: bytes) -> str:
    """The line's text; raises UnreadableError where it is not UTF-8."""
    if line.startswith(_BOM):
        raise UnreadableError(Cause.ENCODING, "the line begins with a byte order mark")
    try:
        return line.decode()
    except UnicodeDecodeError as error:
        byte = line[error.start]
        raise UnreadableError(
            Cause.ENCODING, f"not UTF-8: byte 0x{byte:02x} at position {error.start}"
        ) from None


def refuse_repeats(record: dict[str, Any], known: frozenset[str], where: str = "") -> None:
    """A key that means something to us may be written only once."""
    if isinstance(record, Repeating):
        again = sorted(record.repeated & known)
        if again:
            raise UnreadableError(Cause.JSON, f"{where}{again[0]} is given more than once")


def _decode(text: str) -> Any:
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError:
        raise
    except ValueError:  # an integer of more digits than int() takes
        return _LONG_DECODER.decode(text)


def object_of(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The object of these members; one that repeats a name remembers it."""
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    repeating = Repeating(found)
    counts = Counter(name for name, _ in pairs)
    repeating.repeated = frozenset(name for name, count in counts.items() if count > 1)
    return repeating


def _integer(text: str) -> int | OddNumber:
    return int(text) if len(text) <= _LONGEST_INTEGER else OddNumber(text)


def _constant(text: str) -> NoReturn:
    raise UnreadableError(Cause.JSON, f"{text} is not a JSON number")


_DECODER = json.JSONDecoder(object_pairs_hook=object_of, parse_float=OddNumber, parse_constant=_constant)
_LONG_DECODER = json.JSONDecoder(
    object_pairs_hook=object_of, parse_float=OddNumber, parse_constant=_constant, parse_int=_integer
)


def _not_json(error: json.JSONDecodeError) -> UnreadableError:
    rest = error.doc[error.pos :]
    if error.msg == "Extra data":
        what = f"more than one JSON value: a second begins at character {error.pos + 1}"
    elif not rest:
        what = f"not JSON: cut off at character {error.pos + 1}"
    else:
        what = f"not JSON: {error.msg.lower().removesuffix(' at')} at character {error.pos + 1}"
    return UnreadableError(Cause.JSON, f"{what}, near {shown(rest[:20])}" if rest else what)


def _too_deep() -> UnreadableError:
    return UnreadableError(Cause.SIZE, f"nested deeper than {DEEPEST} levels")


def _deeper(value: Any, levels: int) -> bool:
    """Whether a value nests deeper; the recursion is bounded by `levels`."""
    if isinstance(value, dict):
        inner = list(value.values())
    elif isinstance(value, list):
        inner = value
    else:
        return False
    return levels == 0 or any(_deeper(item, levels - 1) for item in inner)


def _check_surrogates(found: dict[str, Any]) -> None:
    try:
        json.dumps(found, ensure_ascii=False, default=str).encode()
    except UnicodeEncodeError as error:
        unit = ord(error.object[error.start])
        raise UnreadableError(
            Cause.ENCODING, f"a text holds half of a surrogate pair (\\u{unit:04x})"
        ) from None


def _kind(value: Any) -> str:
    return "a list" if isinstance(value, list) else shown(value)
