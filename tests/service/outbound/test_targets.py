"""Which addresses a user may have us reach."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapetum.domain.errors import BadInputError
from tapetum.domain.networks import PRIVATE_RANGES
from tapetum.service.outbound.targets import Targets

_INSIDE = [
    "127.0.0.1", "127.255.0.9", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
    "100.64.0.1", "169.254.169.254", "192.0.0.8", "192.0.2.1", "198.18.0.1", "192.88.99.1", "224.0.0.1",
    "239.1.1.1", "240.0.0.1", "255.255.255.255", "::", "::1", "fe80::1", "fe80::1%eth0", "fec0::1", "fc00::1",
    "fd00:ec2::254", "ff02::1", "2001:db8::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1",
    "::169.254.169.254", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2002:7f00:1::1",
    "2002:a00:1::", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "100::1",
    "168.63.129.16", "::ffff:168.63.129.16", "::ffff:0:127.0.0.1", "::ffff:0:a9fe:a9fe",
    "", "localhost", "1.2.3", "0177.0.0.1",
]  # fmt: skip
_OUTSIDE = ["1.1.1.1", "93.184.215.14", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101", "172.32.0.1"]


@pytest.mark.parametrize("address", _INSIDE)
def test_what_is_not_of_the_internet_is_closed(address: str) -> None:
    assert not Targets().allows(address)


@pytest.mark.parametrize("address", _OUTSIDE)
def test_the_internet_is_open(address: str) -> None:
    assert Targets().allows(address)


@given(st.ip_addresses())
def test_all_can_be_allowed(address: object) -> None:
    assert Targets(["0.0.0.0/0", "::/0"]).allows(str(address))


@pytest.mark.parametrize("text", PRIVATE_RANGES)
def test_ranges_that_count_as_private_are_closed_and_can_be_allowed(text: str) -> None:
    inside = text.partition("/")[0]
    assert not Targets().allows(inside)
    assert Targets([text]).allows(inside)
    assert Targets([text]).allows("9.9.9.9")


def test_an_allowed_range_opens_what_stands_for_its_addresses() -> None:
    targets = Targets(["10.1.0.0/16"])
    assert targets.allows("10.1.2.3")
    assert targets.allows("::ffff:10.1.2.3")
    assert not targets.allows("10.2.0.1")
    assert not targets.allows("127.0.0.1")


def test_a_range_that_is_none_is_told() -> None:
    with pytest.raises(BadInputError, match=r"10\.1\.0\.1/16.*not a CIDR"):
        Targets(["10.1.0.1/16"])
