"""Reads one or many JSON values; strict where JSON is silent: repeated keys, NaN, depth."""

import json
import re
from typing import Any

from tapetum.policy.documents.problem import Refused, shown
from tapetum.policy.documents.yaml_objects import DEEPEST

_BLANK = re.compile(r"[ \t\r\n]*")
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_LONGEST_NUMBER = 18


class NotJson(ValueError):  # noqa: N818 - not a failure: the text may still be YAML
    """The text is no JSON at all."""


def objects(text: str) -> list[tuple[int, Any]]:
    """(line, value) of each. Raises NotJson, or Refused where it is JSON that is not accepted."""
    decoder = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_constant, parse_int=_whole)
    found: list[tuple[int, Any]] = []
    at = _blank(text, 0)
    while at < len(text):
        line = text.count("\n", 0, at) + 1
        try:
            value, end = decoder.raw_decode(text, at)
        except Refused as error:
            raise Refused(error.message, line=line) from None
        except RecursionError:
            raise Refused(_TOO_DEEP, line=line) from None
        except ValueError as error:
            raise NotJson(str(error)) from None
        if _depth(value) > DEEPEST:
            raise Refused(_TOO_DEEP, line=line)
        if _SURROGATE.search(text, at, end) and not _writable(value):
            raise Refused(
                "it has half of a surrogate pair (\\ud800 to \\udfff); write the character.", line=line
            )
        found.append((line, value))
        at = _blank(text, end)
    return found


_TOO_DEEP = f"it is nested deeper than {DEEPEST} levels; no object of a cluster is."


def _writable(value: Any) -> bool:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _blank(text: str, at: int) -> int:
    match = _BLANK.match(text, at)
    return match.end() if match else at


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Refused(f"the key {shown(twice)} is there twice; keep one.")
    return found


def _constant(text: str) -> float:
    raise Refused(f"{text} is not a number of JSON; write a plain one.")


def _whole(text: str) -> int | str:
    return int(text) if len(text) <= _LONGEST_NUMBER else text


def _depth(value: Any) -> int:
    deepest, level = 0, [value]
    while level:
        deepest += 1
        level = [
            inner
            for each in level
            if isinstance(each, (dict, list))
            for inner in (each.values() if isinstance(each, dict) else each)
        ]
        if deepest > DEEPEST:
            break
    return deepest - 1
