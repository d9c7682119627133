"""Port lists of rules: numbers, ranges and names."""

import re
from typing import Any

from tapetum.policy.documents.problem import Refused, shown
from tapetum.policy.resources.fields import Fields
from tapetum.policy.rules import LAST_PORT, Ports

_NAME = re.compile(r"[A-Za-z0-9_-]{1,128}")
_RANGE = re.compile(r"([0-9]{1,5}):([0-9]{1,5})")
_NUMBER = re.compile(r"[0-9]{1,5}")


def ports(fields: Fields, name: str) -> Ports | None:
    """Calico's form: `80`, `"8000:9000"`, `"http"`. None where there are none."""
    found = [_port(value, f"{fields.at(name)}[{at}]") for at, value in enumerate(fields.plain_list(name))]
    return merged(found) if found else None


def merged(found: list[tuple[int, int] | str]) -> Ports:
    ranges: list[tuple[int, int]] = []
    for first, last in sorted(each for each in found if not isinstance(each, str)):
        if ranges and first <= ranges[-1][1] + 1:
            ranges[-1] = (ranges[-1][0], max(last, ranges[-1][1]))
        else:
            ranges.append((first, last))
    return Ports(tuple(ranges), frozenset(each for each in found if isinstance(each, str)))


def kubernetes_port(value: Any, last: int | None, path: str) -> tuple[int, int] | str:
    """`port` and `endPort` of a NetworkPolicy: a number, a range, or a name."""
    found = _port(value, path)
    if last is None:
        return found
    if isinstance(found, str) or found[0] != found[1] or last < found[0]:
        raise Refused(f"endPort {last} needs a port number that is not above it.", path=path)
    return found[0], last


def _port(value: Any, path: str) -> tuple[int, int] | str:
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
