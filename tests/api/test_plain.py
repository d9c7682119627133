"""F23: text from outside becomes one harmless line."""

from hypothesis import given
from hypothesis import strategies as st

from tapetum.api.plain import one_line


@given(st.text(st.characters(codec=None), max_size=300), st.integers(0, 400))
def test_any_text_becomes_one_printable_line_of_bounded_length(text: str, limit: int) -> None:
    line = one_line(text, limit)
    assert len(line) <= limit + 1
    assert line.isprintable()
    line.encode()


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=100))
def test_plain_text_stays_as_it_is(text: str) -> None:
    assert one_line(text, 100) == text


def test_what_could_forge_a_line_is_escaped() -> None:
    assert (
        one_line("a\nb\r\x1b[0m\u202e\ud800\U000e0041", 100)
        == "a\\x0ab\\x0d\\x1b[0m\\u202e\\ud800\\U000e0041"
    )
