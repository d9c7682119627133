"""Rules for single values: what a field may hold and how it is stored.

Each rule takes a decoded JSON value and the field's name for the reason; it returns the stored
value, None for an absent one (`-` in a log), or raises UnreadableError. Nothing is coerced.
"""

import re
import socket
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from ipaddress import IPv6Address
from typing import Any, TypeAlias

from tapetum.domain.endpoints import EndpointKind
from tapetum.domain.flows import Reporter
from tapetum.domain.moments import SECOND, Micros, iso, to_micros
from tapetum.ingest.refusals import Cause, UnreadableError, missing, wrong

Rule: TypeAlias = Callable[[Any, str], Any]

LARGEST = 2**53 - 1  # nine petabytes in one window; a thousand such lines still add up in 64 bits
LARGEST_PORT = 65535
EARLIEST: Micros = 365 * 86_400 * SECOND  # 1971-01-01: what lies before is a counter gone wrong

ABSENT = ("-", "")
_PROTOCOLS = {"1": "icmp", "6": "tcp", "17": "udp", "58": "icmpv6", "132": "sctp"}
_TYPES = frozenset(EndpointKind)
_REPORTERS = frozenset(Reporter)
# Magnitudes that tell seconds, milliseconds, microseconds and nanoseconds apart until the year 5138.
SECONDS_BELOW, MILLIS_BELOW, MICROS_BELOW = 10**11, 10**14, 10**17
_ISO = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,9})?)?"
    r"(?:Z|[+-][0-9]{2}:?[0-9]{2})?\Z"
)


def text(value: Any, field: str) -> str | None:
    if value is None or isinstance(value, str):
        return None if value in ABSENT else value
    raise wrong(field, value, "text")


def whole(value: Any, field: str, largest: int = LARGEST) -> int | None:
    if value is None:
        return None
    if type(value) is not int or not 0 <= value <= largest:
        raise wrong(field, value, f"a whole number from 0 to {largest}")
    return value


def port(value: Any, field: str) -> int | None:
    return whole(value, field, LARGEST_PORT)


def address(value: Any, field: str) -> str | None:
    """Canonical text; an IPv4-mapped IPv6 address is the IPv4 address that it maps."""
    found = text(value, field)
    if found is None:
        return None
    canonical = _canonical(found)
    if canonical is None:
        raise wrong(field, value, "an IP address")
    return canonical


def action(value: Any, field: str) -> str:
    if value in ("allow", "deny"):
        return value
    if value is None or value in ABSENT:
        raise missing(field, "allow or deny")
    raise wrong(field, value, "allow or deny")


def reporter(value: Any, field: str) -> str:
    """One reporter, or several as a list or joined by commas: the first counts."""
    names = value.split(",") if isinstance(value, str) else value
    if names is None or value in ABSENT:
        raise missing(field, "src, dst or fwd")
    if not isinstance(names, list) or not names:
        raise wrong(field, value, "src, dst or fwd")
    cleaned = [name.strip(" ") if isinstance(name, str) else name for name in names]
    for name in cleaned:
        if not isinstance(name, str) or name not in _REPORTERS:
            raise wrong(field, name if isinstance(value, list) else value, "src, dst or fwd")
    return cleaned[0]


def protocol(value: Any, field: str) -> str | None:
    """Lower case; a number becomes its name where it has a usual one."""
    name = text(value, field)
    return None if name is None else _PROTOCOLS.get(name, name.lower())


def protocol_number(value: Any, field: str) -> str | None:
    number = whole(value, field, 255)
    return None if number is None else _PROTOCOLS.get(str(number), str(number))


def endpoint_type(value: Any, field: str) -> str | None:
    name = text(value, field)
    if name is None or name in _TYPES:
        return name
    raise wrong(field, name, "wep, hep, ns or net")


def texts(value: Any, field: str) -> list[str] | None:
    """A list of texts; none, and one that only says `-`, are absent."""
    if value is None or value in ABSENT:
        return None
    if not isinstance(value, list):
        raise wrong(field, value, "a list of texts")
    for place, item in enumerate(value):
        if not isinstance(item, str):
            raise wrong(f"{field}[{place}]", item, "text")
    return None if not value or (len(value) == 1 and value[0] in ABSENT) else value


def addresses(value: Any, field: str) -> list[str] | None:
    found = texts(value, field)
    if found is None:
        return None
    canonical = [address(item, f"{field}[{place}]") for place, item in enumerate(found)]
    for place, item in enumerate(canonical):
        if item is None:
            raise wrong(f"{field}[{place}]", found[place], "an IP address")
    return [item for item in canonical if item is not None]


def ports(value: Any, field: str) -> list[int] | None:
    if value is None or value in ABSENT:
        return None
    if not isinstance(value, list):
        raise wrong(field, value, "a list of ports")
    found = [port(item, f"{field}[{place}]") for place, item in enumerate(value)]
    for place, item in enumerate(found):
        if item is None:
            raise wrong(f"{field}[{place}]", None, "a port")
    return [item for item in found if item is not None] or None


def labels(value: Any, field: str) -> list[str] | None:
    """Labels as `{"labels": [...]}`, as a bare list, or `-`."""
    if isinstance(value, dict):
        return texts(value.get("labels"), f"{field}.labels")
    return texts(value, field)


def moment(value: Any, field: str, latest: Micros) -> Micros | None:
    """A time as epoch seconds, ms, us or ns by magnitude, or as ISO 8601."""
    if value is None or value in ABSENT:
        return None
    if isinstance(value, str):
        micros = _iso(value, field)
    elif type(value) is int:
        micros = scaled(value)
    else:
        raise wrong(field, value, "epoch time as a whole number, or ISO 8601", Cause.TIME)
    return possible(micros, value, field, latest)


def possible(micros: Micros, value: Any, field: str, latest: Micros) -> Micros:
    """The time that a value stands for, unless no record can be from then."""
    if micros < EARLIEST:
        raise wrong(field, value, "a time after 1970", Cause.TIME)
    if micros > latest:
        raise UnreadableError(
            Cause.TIME, f"{field} is {_when(micros)}, too far in the future; is the source's clock right?"
        )
    return micros


def scaled(number: int) -> Micros:
    """Epoch time of an unknown unit in microseconds."""
    if number < SECONDS_BELOW:
        return number * SECOND
    if number < MILLIS_BELOW:
        return number * 1000
    return number if number < MICROS_BELOW else number // 1000


def _iso(value: str, field: str) -> Micros:
    try:
        return _read_iso(value)
    except (ValueError, OverflowError):
        raise wrong(field, value, "epoch time as a whole number, or ISO 8601", Cause.TIME) from None


# The records of a window share its times.
@lru_cache(maxsize=1024)
def _read_iso(value: str) -> Micros:
    if not _ISO.match(value):
        raise ValueError
    found = datetime.fromisoformat(value)
    return to_micros(found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC))


def _when(micros: Micros) -> str:
    try:
        return iso(micros)
    except (ValueError, OverflowError, OSError):
        return "beyond the year 9999"


def _canonical(found: str) -> str | None:
    try:
        socket.inet_pton(socket.AF_INET, found)
    except (OSError, ValueError):
        pass  # then it is IPv6 or nothing
    else:
        return found
    if "%" in found:  # a zone means something on its own host only
        return None
    try:
        parsed = IPv6Address(found)
    except ValueError:
        return None
    return str(parsed.ipv4_mapped or parsed)
