"""Which network an address belongs to.

Calico's `pvt` means RFC 1918 only; unique local, carrier-grade NAT, link-local and loopback
addresses show up as `pub` in its logs. Here they are private, and so are the user's own ranges.
"""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from tapetum.domain.errors import BadInputError

PUBLIC = "pub"
PRIVATE = "pvt"

PRIVATE_RANGES = (
    "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16",  # RFC 1918
    "100.64.0.0/10",  # carrier-grade NAT, RFC 6598
    "169.254.0.0/16", "fe80::/10",  # link-local
    "127.0.0.0/8", "::1/128",  # loopback
    "fc00::/7",  # unique local, RFC 4193
)  # fmt: skip


class Networks:
    """Classifies addresses as public or private, with the user's own private ranges added."""

    def __init__(self, private: Iterable[str] = ()) -> None:
        ranges = [_network(text) for text in (*PRIVATE_RANGES, *private)]
        self._four = [network for network in ranges if isinstance(network, IPv4Network)]
        self._six = [network for network in ranges if isinstance(network, IPv6Network)]

    def classify(self, address: str) -> str | None:
        """`pub` or `pvt`; None where the text is no address. IPv4-mapped IPv6 counts as its IPv4."""
        try:
            parsed: IPv4Address | IPv6Address = ip_address(address)
        except ValueError:
            return None
        if isinstance(parsed, IPv6Address):
            if parsed.ipv4_mapped is None:
                return PRIVATE if any(parsed in network for network in self._six) else PUBLIC
            parsed = parsed.ipv4_mapped
        return PRIVATE if any(parsed in network for network in self._four) else PUBLIC


def _network(text: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(text.strip())
    except ValueError as error:
        raise BadInputError(
            f"The private range {text[:60]!r} is not a CIDR ({error}); write it like 203.0.113.0/24."
        ) from None
