"""Addresses and networks as queries write them, and the one text form that records hold.

Canonical is Python's own form with IPv4-mapped IPv6 written as IPv4, so that equality of texts is
equality of addresses.
"""

from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

Address = IPv4Address | IPv6Address

_MAPPED_BITS = 96


def read_address(text: str) -> Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return _unmapped(address)


def read_network(text: str) -> tuple[Address, Address] | None:
    """First and last address of a CIDR (host bits are dropped); None where the text is none."""
    if "/" not in text:
        return None
    try:
        network = ip_network(text, strict=False)
    except ValueError:
        return None
    if isinstance(network.network_address, IPv6Address) and network.prefixlen < _MAPPED_BITS:
        return network.network_address, network.broadcast_address
    low, high = _unmapped(network.network_address), _unmapped(network.broadcast_address)
    return (low, high) if low is not None and high is not None else None


def bounds(address: Address) -> tuple[Address, Address]:
    """First and last address of the family."""
    kind = type(address)
    return kind(0), kind((1 << address.max_prefixlen) - 1)


@lru_cache(maxsize=65_536)
def stored_address(text: str) -> Address | None:
    """The address of a record's text; records repeat theirs, so it is read once."""
    return read_address(text)


def _unmapped(address: Address) -> Address | None:
    if isinstance(address, IPv6Address):
        if address.scope_id is not None:
            return None
        return address.ipv4_mapped or address
    return address
