"""Names of protocols, as logs and as rules write them."""

import pytest

from tapetum.policy.rules import logged_protocol, protocol_name


@pytest.mark.parametrize(
    ("logged", "ruled"),
    [
        ("icmp6", "ICMPv6"),
        ("ICMPv6", 58),
        ("58", "icmpv6"),
        ("ipip", 4),
        ("4", 4),
        ("esp", "50"),
        ("136", "UDPLite"),
        ("vrrp", 112),
        ("tcp", "TCP"),
        ("47", 47),
    ],
)
def test_a_log_and_a_rule_mean_the_same(logged: str, ruled: str | int) -> None:
    assert logged_protocol(logged) == protocol_name(ruled)


def test_a_name_that_no_rule_has_stays() -> None:
    assert logged_protocol("Quic") == "quic"
