from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from tapetum.detect.feeds.index import Index
from tapetum.detect.feeds.probe import Probe
from tapetum.domain.feeds import Indicators

_FOURS = st.integers(0, 300).map(lambda low: str(ip_address(0xCB007100 + low)))
_SIXES = st.integers(0, 300).map(lambda low: str(ip_address((0x20010DB8 << 96) + (low << 60) + low)))
_MAPPED = _FOURS.map(lambda text: f"::ffff:{text}")
_NAMES = st.lists(st.sampled_from(["a", "b", "bad"]), min_size=2, max_size=4).map(".".join)
_OTHER = st.sampled_from(
    ["", ".", "1.2", "1.2.3.4.5", "999.1.1.1", "a:b", ":::", "-", "*", "ü.bad", "\x00:", "BAD.A."]
)
_NETWORKS = st.one_of(st.tuples(_FOURS, st.integers(8, 32)), st.tuples(_SIXES, st.integers(16, 128))).map(
    lambda pair: ip_network(f"{pair[0]}/{pair[1]}", strict=False)
)
Network = IPv4Network | IPv6Network


def _told(network: Network) -> str:
    single = network.prefixlen == network.max_prefixlen
    return str(network.network_address) if single else str(network)


def _naive(text: str, networks: list[Network], names: list[str]) -> str | None:
    """The narrowest network or the longest name, one by one."""
    try:
        address = ip_address(text)
    except ValueError:
        lower = text.rstrip(".").lower()
        found = [name for name in names if lower == name or lower.endswith(f".{name}")]
        return max(found, key=len, default=None)
    address = getattr(address, "ipv4_mapped", None) or address
    holding = [each for each in networks if each.version == address.version and address in each]
    return _told(max(holding, key=lambda each: each.prefixlen)) if holding else None


@given(
    st.lists(_NETWORKS, max_size=12, unique=True),
    st.lists(_NAMES, max_size=6, unique=True),
    st.lists(st.one_of(_FOURS, _SIXES, _MAPPED, _NAMES, _OTHER), max_size=30),
)
def test_columns_match_as_one_by_one(networks: list[Network], names: list[str], texts: list[str]) -> None:
    index = Index.of(Indicators(tuple(sorted(map(_told, networks))), tuple(sorted(names))))
    found = index.find(Probe.of(pa.array(texts, pa.string())))
    told = [None if which < 0 else index.listed[which] for which in found.tolist()]
    assert told == [_naive(text, networks, names) for text in texts]


def test_addresses_that_end_in_zeros_match() -> None:
    """The bytes of IPv6 addresses are compared as numpy's texts, which do not tell zeros at their ends."""
    listed = ("2001:db8::", "2001:db8:1::/48")
    texts = [
        "2001:db8::",
        "2001:db8::1",
        "2001:db8:1::",
        "2001:db8:1:ffff:ffff:ffff:ffff:ffff",
        "2001:db8:2::",
    ]
    found = Index.of(Indicators(listed)).find(Probe.of(pa.array(texts)))
    assert found.tolist() == [0, -1, 1, 1, -1]


def test_nothing_matches_nothing() -> None:
    index = Index.of(Indicators())
    assert index.find(Probe.of(pa.array([], pa.string()))).tolist() == []
    assert index.find(Probe.of(pa.array(["203.0.113.7", "2001:db8::", "a.b"]))).tolist() == [-1, -1, -1]
