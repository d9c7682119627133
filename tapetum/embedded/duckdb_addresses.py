"""SQL for addresses, which are stored as text in canonical form (kql/addresses.py).

No extension is needed, and text of the other family, or no address at all, is never in an interval.
"""

from ipaddress import IPv4Address, IPv6Address
from typing import Any

Fragment = tuple[str, list[Any]]
_IPV4 = 4
_OCTETS = 4
_FULL_OCTET = 255
_GROUP = 0xFFFF


def address_between(
    operand: str, low: IPv4Address | IPv6Address, high: IPv4Address | IPv6Address
) -> Fragment:
    """The operand is an address of this family in the closed interval."""
    if low == high:
        return f"{operand} = ?", [str(low)]
    if low.version == _IPV4:
        return _four(operand, low.packed, high.packed)
    return _six(operand, int(low), int(high))


def _four(operand: str, low: bytes, high: bytes) -> Fragment:
    same = next(i for i in range(_OCTETS) if low[i] != high[i])
    rest_is_free = not any(low[same + 1 :]) and all(octet == _FULL_OCTET for octet in high[same + 1 :])
    if not rest_is_free:
        octets = (f"{_octet(operand, place)} * {256 ** (_OCTETS - place)}" for place in range(1, _OCTETS + 1))
        return f"{' + '.join(octets)} BETWEEN ? AND ?", [int.from_bytes(low), int.from_bytes(high)]
    prefix = "".join(f"{octet}." for octet in low[:same])
    if prefix and (low[same], high[same]) == (0, _FULL_OCTET):
        return f"starts_with({operand}, ?)", [prefix]
    within: list[Any] = [low[same], high[same]]
    one = f"{_octet(operand, same + 1)} BETWEEN ? AND ?"
    return (f"(starts_with({operand}, ?) AND {one})", [prefix, *within]) if prefix else (one, within)


def _octet(operand: str, place: int) -> str:
    return f"TRY_CAST(split_part({operand}, '.', {place}) AS BIGINT)"


def _six(operand: str, low: int, high: int) -> Fragment:
    prefix = _literal_prefix(low, high)
    if prefix:
        return f"starts_with({operand}, ?)", [prefix]
    digits = f"rpad({_padded(operand, 1)}, (32 - length({_padded(operand, 2)}))::INTEGER, '0') || {_padded(operand, 2)}"
    return (
        f"(contains({operand}, ':') AND {digits} BETWEEN ? AND ?)",
        [f"{low:032x}", f"{high:032x}"],
    )


def _padded(operand: str, side: int) -> str:
    """The digits of the groups on one side of `::`, four to a group."""
    groups = f"string_split(split_part({operand}, '::', {side}), ':')"
    return f"array_to_string(list_transform({groups}, lambda g: CASE g WHEN '' THEN g ELSE lpad(g, 4, '0') END), '')"


def _literal_prefix(low: int, high: int) -> str | None:
    """What the text of every address of a network begins with, where that is all there is to test.

    So it is for whole groups none of which is zero: a zero group may hide in `::`.
    """
    fixed = 128 - (low ^ high).bit_length()
    free = 128 - fixed
    network = low >> free << free == low and low | ((1 << free) - 1) == high
    groups = [(low >> shift) & _GROUP for shift in range(112, free - 1, -16)]
    if not network or fixed % 16 or not groups or not all(groups):
        return None
    return "".join(f"{group:x}:" for group in groups)
