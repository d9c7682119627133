"""Reasons for what is no JSON object, and nothing but reasons whatever the bytes."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapetum.ingest.refusals import Cause, UnreadableError
from tapetum.ingest.strict_json import parse_object, refuse_repeats
from tests.ingest.calico_lines import anything


@pytest.mark.parametrize(
    ("line", "cause", "reason"),
    [
        (b'{"a":1', Cause.JSON, "not JSON: cut off at character 7"),
        (b'{"a":"x', Cause.JSON, 'not JSON: unterminated string starting at character 6, near "\\"x"'),
        (b'{"a":1}{"b":2}', Cause.JSON, "more than one JSON value: a second begins at character 8"),
        (b'{"a":1} x', Cause.JSON, 'more than one JSON value: a second begins at character 9, near "x"'),
        (b"null", Cause.JSON, "not a JSON object but null"),
        (b"[1]", Cause.JSON, "not a JSON object but a list"),
        (b'{"a":NaN}', Cause.JSON, "NaN is not a JSON number"),
        (b'{"a":-Infinity}', Cause.JSON, "-Infinity is not a JSON number"),
        (b"\xef\xbb\xbf{}", Cause.ENCODING, "the line begins with a byte order mark"),
        (b'{"a":"\xff"}', Cause.ENCODING, "not UTF-8: byte 0xff at position 6"),
        (b'{"a":"\\ud800"}', Cause.ENCODING, "a text holds half of a surrogate pair (\\ud800)"),
        (b'{"\\udc00":1}', Cause.ENCODING, "a text holds half of a surrogate pair (\\udc00)"),
        (b'{"a":"\x00"}', Cause.JSON, "not JSON: invalid control character at character 7"),
        (b"\x1b[2J", Cause.JSON, 'not JSON: expecting value at character 1, near "\\u001b[2J"'),
        (b'{"a":' + b"[" * 64 + b"]" * 64 + b"}", Cause.SIZE, "nested deeper than 64 levels"),
        (b'{"a":' * 9999, Cause.SIZE, "nested deeper than 64 levels"),
        (b"[" * 9999, Cause.SIZE, "nested deeper than 64 levels"),
    ],
)
def test_reasons(line: bytes, cause: Cause, reason: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        parse_object(line)
    assert caught.value.cause is cause
    assert caught.value.reason.startswith(reason)
    assert caught.value.reason.isascii()


@pytest.mark.parametrize(
    "line",
    [b'{"a":' + b"[" * 63 + b"]" * 63 + b"}", b'{"a":"' + b"[" * 999 + b'"}', b'{"a":' + b"9" * 9999 + b"}"],
)
def test_what_only_looks_bad(line: bytes) -> None:
    assert parse_object(line)


@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), anything))
def test_any_object_is_read_as_json_reads_it(found: dict[str, Any]) -> None:
    text = json.dumps(found)
    assert json.dumps(parse_object(text.encode()), default=lambda odd: float(odd.text)) == text


@given(st.binary(max_size=40) | st.text(alphabet='{}[]",:0-9.eE\\u"ad \x00', max_size=40).map(str.encode))
def test_any_bytes_are_an_object_or_a_reason(line: bytes) -> None:
    reason = ""
    try:
        found = parse_object(line)
    except UnreadableError as error:
        reason = error.reason
    else:
        assert json.loads(line) == json.loads(json.dumps(found, default=lambda odd: float(odd.text)))
    assert reason.isascii()
    assert reason.isprintable()


def test_only_known_keys_may_not_be_repeated() -> None:
    found = parse_object(b'{"a":1,"b":1,"b":2}')
    refuse_repeats(found, frozenset(["a"]))
    with pytest.raises(UnreadableError, match="b is given more than once"):
        refuse_repeats(found, frozenset(["a", "b"]))
    many = b"{" + b",".join(b'"%d":1' % (number % 50_000) for number in range(100_000)) + b"}"
    assert len(parse_object(many)) == 50_000
