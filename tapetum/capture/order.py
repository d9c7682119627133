"""What a packet capture is asked to take: of whom, which packets, and from when until when."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tapetum.domain.errors import BadInputError
from tapetum.domain.moments import DAY, HOUR, MINUTE, Micros
from tapetum.policy.recommend.selections import Selection

USUAL = 10 * MINUTE
_LONGEST = 24 * HOUR
_LATEST_START = 30 * DAY
_MOST_FILTERS, _MOST_PORTS = 10, 20
_WITH_PORTS = ("TCP", "UDP", "SCTP", "UDPLite")
PROTOCOLS = (*_WITH_PORTS, "ICMP", "ICMPv6")
_BY_NAME = {each.lower(): each for each in PROTOCOLS}
_BY_NUMBER = {1: "ICMP", 6: "TCP", 17: "UDP", 58: "ICMPv6", 132: "SCTP", 136: "UDPLite"}
_LAST_PORT, _LAST_PROTOCOL = 65_535, 255
_PORTS = re.compile(r"(\d{1,5})(?:[:-](\d{1,5}))?\Z", re.ASCII)
_NAME = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\Z")

Ports = tuple[int, int]
"""First and last."""


@dataclass(frozen=True, slots=True)
class PacketFilter:
    """Packets of the protocol (None: of any) on one of the ports (none: on any)."""

    protocol: str | int | None = None
    ports: tuple[Ports, ...] = ()


@dataclass(frozen=True, slots=True)
class CaptureOrder:
    """`filters` are joined with or; none take all. `selection` holds for those pods of the namespace that are
    meant. It always ends: what runs on for ever fills the disks of nodes.
    """

    namespace: str
    name: str
    selection: Selection
    filters: tuple[PacketFilter, ...]
    start: Micros
    end: Micros


def packet_filter(protocol: str | None, ports: Sequence[str], path: str) -> PacketFilter:
    """As people write it: a protocol's name or number, ports as `80` or `8080:8090`."""
    known = _protocol(protocol, path)
    if len(ports) > _MOST_PORTS:
        raise BadInputError(f"A filter has at most {_MOST_PORTS} ports; write a range.", path=f"{path}.ports")
    if ports and known is not None and known not in _WITH_PORTS:
        raise BadInputError(f"{known} has no ports; leave them out.", path=f"{path}.ports")
    return PacketFilter(known, tuple(_range(each, f"{path}.ports") for each in ports))


def hold_few(filters: Sequence[object]) -> None:
    if len(filters) > _MOST_FILTERS:
        raise BadInputError(f"A capture has at most {_MOST_FILTERS} filters; join some.", path="filters")


def span(start: Micros | None, end: Micros | None, now: Micros) -> tuple[Micros, Micros]:
    """When it begins and ends: from now on, for ten minutes, where that is left open."""
    begin = max(now, now if start is None else start)
    until = begin + USUAL if end is None else end
    if begin > now + _LATEST_START:
        raise BadInputError("The capture begins in more than 30 days; let it begin earlier.", path="start")
    if until <= begin:
        raise BadInputError("The capture ends before it begins; let it end later.", path="end")
    if until - begin > _LONGEST:
        raise BadInputError("The capture takes longer than 24 hours; let it end earlier.", path="end")
    return begin, until


def capture_name(given: str | None, of: str) -> str:
    """A name that Kubernetes takes: the given one, else one made of what is captured."""
    if given is None:
        plain = re.sub(r"[^a-z0-9]+", "-", of.lower()).strip("-")[:50].strip("-")
        return f"capture-{plain}" if plain else "capture"
    if not _NAME.match(given):
        raise BadInputError(
            f"{given[:60]!r} is no name for a capture; use up to 63 small letters, digits and dashes.",
            path="name",
        )
    return given


def _protocol(text: str | None, path: str) -> str | int | None:
    if text is None or not text.strip():
        return None
    plain = text.strip().lower()
    if plain in _BY_NAME:
        return _BY_NAME[plain]
    if plain.isascii() and plain.isdecimal() and len(plain) <= 3 and 0 < int(plain) <= _LAST_PROTOCOL:  # noqa: PLR2004 - digits
        return _BY_NUMBER.get(int(plain), int(plain))
    raise BadInputError(
        f"{text[:40]!r} is no protocol; use {', '.join(PROTOCOLS)}, or a number from 1 to 255.",
        path=f"{path}.protocol",
    )


def _range(text: str, path: str) -> Ports:
    found = _PORTS.match(text.strip())
    first, last = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
    if not 0 < first <= last <= _LAST_PORT:
        raise BadInputError(f"{text[:40]!r} is no port; write 80, or 8080:8090.", path=path)
    return first, last
