"""Which addresses may be reached on behalf of users: those of the internet, and what the settings allow.

Whatever else there is (this machine, its network, a cloud's metadata) is nobody's to ask through us.
"""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from tapetum.domain.errors import BadInputError

Address = IPv4Address | IPv6Address

_NAT64 = ip_network("64:ff9b::/96")
_SIIT = ip_network("::ffff:0:0:0/96")  # translated without state, RFC 2765
_COMPATIBLE = ip_network("::/96")
_CLOSED = tuple(
    map(
        ip_network,
        (
            "192.0.0.0/24",  # protocol assignments, which later versions of Python call global in part
            "192.88.99.0/24",  # relays of 6to4
            "168.63.129.16/32",  # what Azure's machines are managed by
            "fec0::/10",  # site-local, as before RFC 3879
            "64:ff9b:1::/48",  # translation within a network, RFC 8215
            "100::/64",
            "2001::/23",
        ),
    )
)


class Targets:
    """`allowed` are CIDRs that may be reached whatever they are."""

    def __init__(self, allowed: Iterable[str] = ()) -> None:
        self._allowed = [_network(text) for text in allowed]

    def allows(self, text: str) -> bool:
        """Of an address in text; where an IPv6 address stands for an IPv4 one, that one counts."""
        try:
            address = ip_address(text.partition("%")[0])
        except ValueError:
            return False
        meant = _meant(address)
        if any(each in network for each in {address, meant} for network in self._allowed):
            return True
        return meant.is_global and not meant.is_multicast and not any(meant in closed for closed in _CLOSED)


def _meant(address: Address) -> Address:
    """The IPv4 address that an IPv6 one is translated or tunnelled to; else the address itself."""
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address in _NAT64 or address in _SIIT or (address in _COMPATIBLE and int(address) > 1):
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address


def _network(text: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(text.strip())
    except ValueError as error:
        raise BadInputError(
            f"The range {text[:60]!r} is not a CIDR ({error}); write it like 10.1.0.0/16."
        ) from None
