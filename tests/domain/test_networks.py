"""Public or private: by integer comparison here, by ipaddress there."""

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapetum.domain.errors import BadInputError
from tapetum.domain.networks import PRIVATE, PUBLIC, Networks

# First address and number of host bits.
FOUR = [
    (0x0A000000, 24), (0xAC100000, 20), (0xC0A80000, 16), (0x64400000, 22), (0xA9FE0000, 16),
    (0x7F000000, 24),
]  # fmt: skip
SIX = [(0xFC << 120, 121), (0xFE80 << 112, 118), (1, 0)]


def inside(address: int, ranges: list[tuple[int, int]]) -> bool:
    return any(first >> bits == address >> bits for first, bits in ranges)


def near(ranges: list[tuple[int, int]], width: int) -> st.SearchStrategy[int]:
    """Addresses anywhere, and around the edges of the ranges."""
    edges = [edge for first, bits in ranges for edge in (first, first + (1 << bits))]
    around = st.builds(
        lambda edge, step: (edge + step) % (1 << width), st.sampled_from(edges), st.integers(-2, 2)
    )
    return around | st.integers(0, (1 << width) - 1)


@given(near(FOUR, 32))
def test_ipv4(address: int) -> None:
    expected = PRIVATE if inside(address, FOUR) else PUBLIC
    assert Networks().classify(str(IPv4Address(address))) == expected
    assert Networks().classify(f"::ffff:{IPv4Address(address)}") == expected


@given(near(SIX, 128).filter(lambda address: address >> 32 != 0xFFFF))
def test_ipv6(address: int) -> None:
    assert Networks().classify(str(IPv6Address(address))) == (PRIVATE if inside(address, SIX) else PUBLIC)


@given(st.integers(0, 2**32 - 1), st.integers(0, 32), st.integers(0, 2**32 - 1))
def test_own_ranges(first: int, bits: int, address: int) -> None:
    own = f"{IPv4Address(first >> bits << bits)}/{32 - bits}"
    expected = PRIVATE if inside(address, [*FOUR, (first, bits)]) else PUBLIC
    assert Networks([own, "2001:db8::/32"]).classify(str(IPv4Address(address))) == expected
    assert Networks([own, "2001:db8::/32"]).classify("2001:db8::1") == PRIVATE


@pytest.mark.parametrize("text", ["", "-", "pub", "10.0.0", "10.0.0.256", "10.0.0.1 ", "::g", "10.0.0.1/8"])
def test_what_is_no_address_has_no_network(text: str) -> None:
    assert Networks().classify(text) is None


@pytest.mark.parametrize("text", ["10.0.0.1/8", "private", "300.0.0.0/8", "10.0.0.0/33"])
def test_a_range_that_is_none_is_refused_by_name(text: str) -> None:
    with pytest.raises(BadInputError, match="is not a CIDR"):
        Networks([text])
