"""A STIX 2.1 bundle, or what a TAXII server answers: the values that its indicators' patterns compare with.

Read are `ipv4-addr:value`, `ipv6-addr:value`, `domain-name:value` and `url:value` by `=`, `IN` or
`ISSUBSET`, joined by OR; what a pattern says beyond that would be lost in a list, so such a pattern is passed
over, with the reason. Of a URL the host is listed where it names nothing more: the rest of it may be good.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec

from tapetum.detect.feeds.entries import LapsedError, PassedOverError, UnusableError
from tapetum.detect.feeds.plain import Candidate
from tapetum.domain.errors import BadInputError
from tapetum.domain.moments import SECOND, Micros

_LONGEST = 1 << 20
_TOKEN = re.compile(r"\s+|('(?:[^'\\]|\\.)*'|!=|<=|>=|[\[\](),=<>]|[^\s'\[\](),=<>!]+|.)", re.DOTALL)
_URL = "url:value"
_READ = frozenset({"ipv4-addr:value", "ipv6-addr:value", "domain-name:value", _URL})
_WHOLE_HOST = re.compile(r"https?://(?:\[([0-9a-f:.]+)\]|([^/?#@:\[\]\s]+))/?", re.IGNORECASE)
_OR = "OR"
_CLOSES = {"]": "[", ")": "("}


class _Object(msgspec.Struct):
    """Of any type: what is not right about it is said of it alone."""

    type: Any = None
    pattern: Any = None
    pattern_type: Any = "stix"
    revoked: Any = False
    valid_until: Any = None


class _Bundle(msgspec.Struct):
    objects: list[_Object]
    type: str = "bundle"
    more: Any = False


def candidates(body: bytes, now: Micros) -> Iterator[Candidate | tuple[int, UnusableError]]:
    """Values, and the indicators that cannot be read. Raises BadInputError where it is no bundle."""
    try:
        bundle = msgspec.json.decode(body, type=_Bundle)
    except RecursionError:
        raise BadInputError("The feed is no STIX bundle: its JSON is nested too deeply.") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadInputError(f"The feed is no STIX bundle ({str(error)[:120]}).") from None
    if bundle.type != "bundle":
        raise BadInputError(f"The feed is no STIX bundle: its type is {bundle.type[:60]!r}.")
    if bundle.more is True:
        raise BadInputError("The feed is one page of several (`more`); bring all of its objects in as one.")
    for place, each in enumerate(bundle.objects, 1):
        if each.type != "indicator":
            continue
        try:
            for value in _values(each, now):
                yield place, value
        except UnusableError as error:
            yield place, error


def _values(indicator: _Object, now: Micros) -> list[str]:
    if indicator.revoked is True:
        raise LapsedError("revoked")
    if _is_past(indicator.valid_until, now):
        raise LapsedError("no longer valid")
    if not isinstance(indicator.pattern, str):
        raise UnusableError("without a pattern in text")
    if indicator.pattern_type != "stix":
        raise PassedOverError("a pattern that is not in STIX's language")
    if len(indicator.pattern) > _LONGEST:
        raise UnusableError(f"a pattern longer than {_LONGEST} characters")
    return values(indicator.pattern)


def _is_past(until: object, now: Micros) -> bool:
    try:
        return isinstance(until, str) and datetime.fromisoformat(until).timestamp() * SECOND < now
    except (ValueError, OverflowError, OSError):
        return False


def values(pattern: str) -> list[str]:
    """What a pattern lists, if it lists anything; raises UnusableError."""
    tokens = [found for found in _TOKEN.findall(pattern) if found]
    found: list[str] = []
    opened: list[str] = []
    at = 0
    wanted = True  # a comparison, not what joins two
    while at < len(tokens):
        token = tokens[at]
        if wanted and token in _CLOSES.values():
            opened.append(token)
            at += 1
        elif wanted:
            if "[" not in opened:
                raise UnusableError("a pattern that cannot be read")
            at = _comparison(tokens, at, found)
            wanted = False
        elif token in _CLOSES:
            if not opened or opened.pop() != _CLOSES[token]:
                raise UnusableError("a pattern that cannot be read")
            at += 1
        elif token == _OR:
            wanted = True
            at += 1
        else:
            raise PassedOverError(f"a pattern with {token[:20]}, which a list cannot say")
    if opened or wanted:
        raise UnusableError("a pattern that cannot be read")
    return found


def _comparison(tokens: list[str], at: int, found: list[str]) -> int:
    """Adds the values of the comparison at a place; where the next token is."""
    path = tokens[at]
    operator = tokens[at + 1] if at + 1 < len(tokens) else ""
    if path not in _READ:
        if ":" not in path:
            raise UnusableError("a pattern that cannot be read")
        raise PassedOverError(f"a pattern about {path[:40]}")
    read = _host if path == _URL else str
    if operator in ("=", "ISSUBSET"):
        found.append(read(_literal(tokens, at + 2)))
        return at + 3
    if operator != "IN" or tokens[at + 2 : at + 3] != ["("]:
        if not operator:
            raise UnusableError("a pattern with no operator")
        raise PassedOverError(f"a pattern with {operator[:20]}, which a list cannot say")
    at += 3
    while True:
        found.append(read(_literal(tokens, at)))
        follows = tokens[at + 1 : at + 2]
        at += 2
        if follows == [")"]:
            return at
        if follows != [","]:
            raise UnusableError("a pattern that cannot be read")


def _literal(tokens: list[str], at: int) -> str:
    token = tokens[at] if at < len(tokens) else ""
    if len(token) < 2 or not token.startswith("'"):  # noqa: PLR2004 - its quotes
        raise UnusableError("a pattern that cannot be read")
    return re.sub(r"\\(.)", r"\1", token[1:-1])


def _host(url: str) -> str:
    """Of a URL that names a host and nothing on it; raises PassedOverError."""
    found = _WHOLE_HOST.fullmatch(url)
    if found is None:
        raise PassedOverError("a URL with more than a host, which may be good elsewhere")
    return found[1] or found[2]
