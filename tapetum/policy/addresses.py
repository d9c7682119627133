"""Sets of addresses as intervals on one line: IPv4 and IPv6 side by side, with set arithmetic.

A rule's nets are such a set, and so is what a record tells of an address: one, a few, or all but some.
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
    summarize_address_range,
)

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Interval = tuple[int, int]
"""First and last, both inside."""

_SIX = 1 << 128
"""Where IPv6 begins on the line; IPv4 lies below."""
_MAPPED = 96


@dataclass(frozen=True, slots=True)
class Region:
    """Sorted, disjoint, not adjacent: equal sets are equal values."""

    intervals: tuple[Interval, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.intervals)

    def __or__(self, other: "Region") -> "Region":
        return _merged((*self.intervals, *other.intervals))

    def __and__(self, other: "Region") -> "Region":
        found: list[Interval] = []
        mine, theirs = 0, 0
        while mine < len(self.intervals) and theirs < len(other.intervals):
            (first, last), (begin, end) = self.intervals[mine], other.intervals[theirs]
            if max(first, begin) <= min(last, end):
                found.append((max(first, begin), min(last, end)))
            if last < end:
                mine += 1
            else:
                theirs += 1
        return Region(tuple(found))

    def __sub__(self, other: "Region") -> "Region":
        return self & other.complement

    def __le__(self, other: "Region") -> bool:
        return self & other == self

    def __contains__(self, address: Address) -> bool:
        point = _point(address)
        place = bisect_right(self.intervals, (point, EVERYWHERE.intervals[-1][1])) - 1
        return place >= 0 and self.intervals[place][1] >= point

    @property
    def complement(self) -> "Region":
        found: list[Interval] = []
        for begin, end in EVERYWHERE.intervals:
            at = begin
            for first, last in self.intervals:
                if last < begin or first > end:
                    continue
                if first > at:
                    found.append((at, first - 1))
                at = last + 1
            if at <= end:
                found.append((at, end))
        return Region(tuple(found))

    @property
    def version(self) -> int | None:
        """4 or 6 where all addresses are of one version."""
        if not self.intervals:
            return None
        if self.intervals[-1][1] < _SIX:
            return 4
        return 6 if self.intervals[0][0] >= _SIX else None

    def networks(self) -> list[Network]:
        """The fewest CIDRs that cover it exactly."""
        return [
            network
            for first, last in self.intervals
            for network in summarize_address_range(_address(first), _address(last))
        ]


EVERYWHERE = Region(((0, (1 << 32) - 1), (_SIX, _SIX + (1 << 128) - 1)))
NOWHERE = Region()
FOUR, SIX = Region(EVERYWHERE.intervals[:1]), Region(EVERYWHERE.intervals[1:])


def region(networks: Iterable[Network]) -> Region:
    return _merged(_interval(each) for each in networks)


def at(addresses: Iterable[Address]) -> Region:
    return _merged((point, point) for point in map(_point, addresses))


def parse_network(text: str) -> Network:
    """As Kubernetes and Calico read it: a bare address is one host, host bits are masked away."""
    return ip_network(text, strict=False)


def parse_address(text: str) -> Address:
    return ip_address(text)


def _point(address: Address) -> int:
    """An IPv4-mapped IPv6 address is its IPv4 address."""
    if isinstance(address, IPv4Address):
        return int(address)
    mapped = address.ipv4_mapped
    return int(mapped) if mapped is not None else _SIX + int(address)


def _interval(network: Network) -> Interval:
    first, last = network.network_address, network.broadcast_address
    if isinstance(first, IPv6Address) and network.prefixlen < _MAPPED:
        return _SIX + int(first), _SIX + int(last)
    return _point(first), _point(last)


def _address(point: int) -> Address:
    return IPv6Address(point - _SIX) if point >= _SIX else IPv4Address(point)


def _merged(intervals: Iterable[Interval]) -> Region:
    found: list[Interval] = []
    for first, last in sorted(intervals):
        # The two lines never touch: IPv4 ends far below _SIX.
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return Region(tuple(found))
