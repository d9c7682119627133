"""Rules of single values that no form's test reaches."""

import ipaddress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapetum.ingest import values
from tapetum.ingest.refusals import OddNumber, UnreadableError, shown

LATEST = 10**18


@given(st.ip_addresses() | st.from_regex(r"[0-9a-f:.%]{0,12}", fullmatch=True) | st.text(max_size=8))
def test_an_address_is_stored_in_its_canonical_text(found: Any) -> None:
    text = str(found)
    try:
        parsed = ipaddress.ip_address(text)
        expected: str | None = str(getattr(parsed, "ipv4_mapped", None) or parsed)
    except ValueError:
        expected = None
    if "%" in text:
        expected = None
    if text in ("-", ""):
        assert values.address(text, "ip") is None
    elif expected is None:
        with pytest.raises(UnreadableError, match="expected an IP address"):
            values.address(text, "ip")
    else:
        assert values.address(text, "ip") == expected


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("x" * 100, '"' + "x" * 56 + "..."),
        ("\x1b[31m\u202e\r\n\x00", r'"\u001b[31m\u202e\r\n\u0000"'),
        ({"a": 1}, "an object"),
        ([1], "a list"),
        (None, "null"),
        (OddNumber("1e400"), "1e400"),
    ],
)
def test_what_a_reason_shows_is_short_printable_ascii(value: Any, said: str) -> None:
    assert shown(value) == said
    assert said.isascii()
    assert said.isprintable()


@given(st.integers(1, 10**10))
def test_the_magnitude_tells_the_unit(number: int) -> None:
    assert values.scaled(number) == number * 10**6
    ms = number * 1000 + 10**11
    assert values.scaled(ms) == ms * 1000
    us = ms * 1000
    assert values.scaled(us) == us
    assert values.scaled(us * 1000 + 999) == us


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-23", "20261123T140000Z", "2026-W48-1T00:00Z", "14:00:00", "now", "2026-11-23T25:00:00Z",
        "2026-11-23T14:00:00 UTC", "2026-11-23T14:00:00Z ",
        "\uff12026-11-23T14:00:00Z", "2026-11-23T14:00:00z",
    ],
)  # fmt: skip
def test_times_are_iso_8601_to_the_letter(text: str) -> None:
    with pytest.raises(UnreadableError, match="or ISO 8601"):
        values.moment(text, "start_time", LATEST * 1000)
