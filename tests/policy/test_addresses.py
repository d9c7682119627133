"""Regions against sets of addresses, on a small net of each version."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from hypothesis import given
from hypothesis import strategies as st

from tapetum.policy.addresses import EVERYWHERE, NOWHERE, Region, at, region

SMALL = [*ip_network("10.0.0.0/28"), *ip_network("fd00::/124")]
NETS = st.builds(
    lambda base, bits: ip_network(f"{base}/{bits + (96 if base.version == 6 else 0)}", strict=False),
    st.sampled_from(SMALL),
    st.integers(27, 32),
)
REGIONS = st.lists(NETS, max_size=4)


def members(found: Region) -> set[IPv4Address | IPv6Address]:
    return {each for each in SMALL if each in found}


@given(REGIONS, REGIONS)
def test_arithmetic_is_that_of_sets(left: list, right: list) -> None:
    one, two = region(left), region(right)
    these, those = members(one), members(two)
    assert these == {each for each in SMALL if any(each in net for net in left)}
    assert members(one | two) == these | those
    assert members(one & two) == these & those
    assert members(one - two) == these - those
    assert members(one.complement) == set(SMALL) - these
    assert one.complement.complement == one
    assert one & two <= one <= one | two
    assert bool(one & two) == bool(these & those) or not these & those
    assert region(one.networks()) == one


def test_versions_do_not_mix() -> None:
    assert region([ip_network("0.0.0.0/0"), ip_network("::/0")]) == EVERYWHERE
    assert EVERYWHERE.complement == NOWHERE
    assert region([ip_network("0.0.0.0/0")]).version == 4
    assert region([ip_network("::/0")]).version == 6
    assert EVERYWHERE.version is None
    assert ip_address("::ffff:10.0.0.1") in region([ip_network("10.0.0.0/8")])
    assert at([ip_address("10.0.0.1"), ip_address("10.0.0.2")]).intervals == ((0x0A000001, 0x0A000002),)
