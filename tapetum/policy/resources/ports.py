"""Port lists of rules: numbers, ranges and names."""

import re
from typing import Any

from tapetum.policy.documents.problem import Refused, shown
from tapetum.policy.resources.fields import Fields
from tapetum.policy.resources.names import is_port
from tapetum.policy.rules import LAST_PORT, Ports

_NAME = re.compile(r"[A-Za-z0-9_.-]{1,128}")
_RANGE = re.compile(r"([0-9]{1,5}):([0-9]{1,5})")
_NUMBER = re.compile(r"[0-9]{1,5}")


def ports(fields: Fields, name: str) -> Ports | None:
    """Calico's form: `80`, `"8000:9000"`, `"http"`. None where there are none."""
    found = [_port(fields, f"{name}[{at}]", value) for at, value in enumerate(fields.plain_list(name))]
    return merged(found) if found else None


def merged(found: list[tuple[int, int] | str]) -> Ports:
    ranges: list[tuple[int, int]] = []
    for first, last in sorted(each for each in found if not isinstance(each, str)):
        if ranges and first <= ranges[-1][1] + 1:
            ranges[-1] = (ranges[-1][0], max(last, ranges[-1][1]))
        else:
            ranges.append((first, last))
    return Ports(tuple(ranges), frozenset(each for each in found if isinstance(each, str)))


def kubernetes_port(fields: Fields, last: int | None) -> tuple[int, int] | str:
    """`port` and `endPort` of a NetworkPolicy: a number, a range, or a name."""
    value = fields.value["port"]
    found = _port(fields, "port", value)
    quoted = isinstance(value, str) and not isinstance(found, str)
    fields.expect(
        not quoted, "port", f"{shown(value)} is a text, and so a name; write a number without quotes."
    )
    if last is None:
        return found
    if isinstance(found, str) or found[0] != found[1] or last < found[0]:
        raise fields.wrong("endPort", f"{last} needs a port number that is not above it; correct port.")
    return found[0], last


def _port(fields: Fields, name: str, value: Any) -> tuple[int, int] | str:
    found = _read(value, fields.at(name))
    if isinstance(found, str):
        said = "cannot be a port's name; use 15 of small letters, digits and dashes at most, one a letter."
        fields.expect(is_port(found), name, f"{shown(found)} {said}")
    else:
        fields.expect(found[0] > 0, name, f"{shown(value)} is not a port; they begin at 1.")
    return found


def _read(value: Any, path: str) -> tuple[int, int] | str:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LAST_PORT:
        return value, value
    if isinstance(value, str):
        match = _RANGE.fullmatch(value)
        if match and int(match[1]) <= int(match[2]) <= LAST_PORT:
            return int(match[1]), int(match[2])
        if _NUMBER.fullmatch(value) and int(value) <= LAST_PORT:
            return int(value), int(value)
        if _NAME.fullmatch(value) and not value.isdigit():
            return value
    raise Refused(f'{shown(value)} is not a port; write 80, "8000:9000" or a port\'s name.', path=path)
