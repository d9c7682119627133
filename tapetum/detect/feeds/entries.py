"""One entry of a feed in canonical form, or why it is no indicator.

Knows nothing of the file that it stands in.
"""

import re
from bisect import bisect_right
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network, summarize_address_range
from socket import AF_INET, inet_ntop, inet_pton
from typing import NamedTuple

import idna

from tapetum.detect.feeds.breadth import too_broad
from tapetum.domain.networks import PRIVATE_RANGES

WIDEST = {4: 8, 6: 16}
"""Shortest prefixes: what is wider says nothing about who was talked to."""
LONGEST = 400
_MOST_IN_RANGE = 64
_PATTERN = re.compile(r"[\\^$*+?()|{}\[\]]")
_NAME = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?")
_MOST_NAME = 253
_FOUR = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+")
_ADDRESSES = re.compile(r"[0-9.]+(?:/[0-9]+)?|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*:[0-9a-fA-F:.]*(?:/[0-9]+)?")
_NOBODY = ("0.0.0.0/8", "224.0.0.0/4", "240.0.0.0/4", "::/128", "ff00::/8")
_NO_HOST = "addresses of no single host (unspecified, multicast or reserved)"
_PRIVATE = 'private addresses, which only a feed with "private": true may list'
_RANGE = re.compile(r"([0-9a-fA-F:.]+)-([0-9a-fA-F:.]+)")
_WITH_PORT = re.compile(r"[0-9.]+:[0-9]+|\[[0-9a-fA-F:.]+\]:[0-9]+")

Network = IPv4Network | IPv6Network


class UnusableError(ValueError):
    """Its text is the reason."""


class PassedOverError(UnusableError):
    """Right in itself, but of a kind that is not read: it says nothing against the body that it stands in."""


class LapsedError(PassedOverError):
    """No longer in force, by the feed's own word: a feed of nothing else lists nothing."""


class Entry(NamedTuple):
    networks: tuple[str, ...] = ()
    domain: str | None = None


def entry(text: str, *, private: bool = False) -> Entry:
    """What the text lists; raises UnusableError.

    With `private`, private addresses, names inside of clusters and public suffixes are listed too.
    """
    if len(text) > LONGEST:
        raise UnusableError(f"longer than {LONGEST} characters")
    text = text.replace("[.]", ".")
    if _FOUR.fullmatch(text):  # most lines of most feeds
        return Entry(networks=(_one(text, private=private),))
    if _ADDRESSES.fullmatch(text):
        return Entry(networks=(_network(text, private=private),))
    if found := _RANGE.fullmatch(text):
        return Entry(networks=_range(*found.groups(), private=private))
    if _WITH_PORT.fullmatch(text):
        raise UnusableError("an address with a port; list the address alone")
    name = _domain(text)
    if not private and (reason := too_broad(name)):
        raise UnusableError(reason)
    return Entry(domain=name)


def _one(text: str, *, private: bool) -> str:
    try:
        packed = inet_pton(AF_INET, text)
    except OSError:
        raise UnusableError("no address") from None
    at = int.from_bytes(packed)
    if not private:
        _hold_public(4, at, at)
    return inet_ntop(AF_INET, packed)


def _network(text: str, *, private: bool) -> str:
    try:
        network = ip_network(text, strict=False)
    except ValueError:
        raise UnusableError("no address") from None
    return _told(_held(network, private=private))


def _told(network: Network) -> str:
    """One address is told as such."""
    address = network.network_address
    return str(address) if network.prefixlen == network.max_prefixlen else f"{address}/{network.prefixlen}"


def _range(first: str, last: str, *, private: bool) -> tuple[str, ...]:
    try:
        networks = list(summarize_address_range(ip_address(first), ip_address(last)))  # pyright: ignore[reportArgumentType, reportCallIssue] - of one version, or it raises
    except (ValueError, TypeError):
        raise UnusableError("no range of addresses") from None
    if len(networks) > _MOST_IN_RANGE:
        raise UnusableError(f"a range of more than {_MOST_IN_RANGE} networks; list networks")
    return tuple(_told(_held(network, private=private)) for network in networks)


def _held(network: Network, *, private: bool) -> Network:
    if isinstance(network, IPv6Network) and (mapped := network.network_address.ipv4_mapped) is not None:
        network = IPv4Network((mapped, network.prefixlen - 96))
    if network.prefixlen < WIDEST[network.version]:
        raise UnusableError(f"wider than a /{WIDEST[network.version]}, which would match nearly anything")
    if not private:
        _hold_public(network.version, int(network.network_address), int(network.broadcast_address))
    return network


def _hold_public(version: int, first: int, last: int) -> None:
    """Raises UnusableError where any of it is not."""
    starts, ends, reasons = _RANGES[version]
    place = bisect_right(starts, last) - 1
    if place >= 0 and ends[place] >= first:
        raise UnusableError(reasons[place])


def _ranges(version: int) -> tuple[list[int], list[int], list[str]]:
    told = [(ip_network(each), _PRIVATE) for each in PRIVATE_RANGES]
    told += [(ip_network(each), _NO_HOST) for each in _NOBODY]
    found = sorted(
        (int(each.network_address), int(each.broadcast_address), reason)
        for each, reason in told
        if each.version == version
    )
    return [each[0] for each in found], [each[1] for each in found], [each[2] for each in found]


_RANGES = {version: _ranges(version) for version in WIDEST}


def _domain(text: str) -> str:
    if "://" in text or "/" in text:
        raise UnusableError("a URL or path; list the name of its host if all of it is bad")
    name = text.removeprefix("*.").removeprefix(".").removesuffix(".").lower()
    if _PATTERN.search(name):
        raise UnusableError("a pattern; list names, which stand for whatever is below them too")
    if not name.isascii():
        try:
            name = idna.encode(name, uts46=True).decode()
        except (idna.IDNAError, UnicodeError):
            raise UnusableError("no name that could be in DNS") from None
    if len(name) > _MOST_NAME or not _NAME.fullmatch(name):
        if name and "." not in name and name.isalnum():
            raise UnusableError("one label, which names a whole top-level domain or nothing")
        raise UnusableError("neither an address nor a name")
    return name
