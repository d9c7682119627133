"""Calico's query language, as its reference describes it, becomes filters that mean the same."""

import operator
from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tapetum.detect.globalalert.query import read_query
from tapetum.domain.errors import BadInputError
from tapetum.kql import catalogue, compile_predicate, parse
from tapetum.kql.parser import MAX_BYTES

FLOWS = catalogue("flows")
NAMES = ("source_name", "dest_namespace", "process_name")
VALUES = ("a", "ab", "abc", "and", "in", "NOT", "a b", 'q"q', "it's", "back\\slash", "x:(y)", "*", "a*", "ü")
PATTERNS = ("a*", "*b", "*", "a?", "?b*", "**b", "x:*", "*q*", 'q"?', "ab", "and")
NUMBERS = (0, 22, 80, 443)

Meaning = Callable[[dict[str, Any]], bool]
SIGNS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def quoted(text: str, quote: str) -> str:
    escaped = text.replace("\\", "\\\\").replace(quote, f"\\{quote}")
    return f"{quote}{escaped}{quote}"


def equal(name: str, value: Any) -> Meaning:
    return lambda record: record.get(name) == value


def met(name: str, pattern: str) -> Meaning:
    whole = pattern.replace("[", "[[]")
    return lambda record: record.get(name) is not None and fnmatchcase(record[name], whole)


@st.composite
def selectors(draw: st.DrawFn) -> tuple[str, Meaning]:
    name, quote = draw(st.sampled_from(NAMES)), draw(st.sampled_from("\"'"))
    key = draw(st.sampled_from((name, quoted(name, quote))))
    which = draw(st.integers(0, 3))
    if which == 0:
        value = draw(st.sampled_from(VALUES))
        meaning = equal(name, value)
        differs: Meaning = lambda record: not meaning(record)  # noqa: E731
        sign, says = draw(st.sampled_from((("=", meaning), ("!=", differs))))
        return f"{key} {sign}{quoted(value, quote)}", says
    if which == 1:
        sign, number = draw(st.sampled_from(tuple(SIGNS))), draw(st.sampled_from(NUMBERS))
        compare = SIGNS[sign]
        text = f"dest_port{sign}{number}"
        return (
            text,
            lambda record: record.get("dest_port") is not None and compare(record["dest_port"], number),
        )
    given_ = draw(st.lists(st.sampled_from(PATTERNS), min_size=1, max_size=3))
    among: Meaning = lambda record: any(met(name, each)(record) for each in given_)  # noqa: E731
    values = ", ".join(quoted(each, quote) for each in given_)
    if which == 2:
        return f"{key} IN {{{values}}}", among
    word = draw(st.sampled_from(("NOTIN", "NOT IN", "notin")))
    return f"{key} {word} {{{values}}}", lambda record: not among(record)


def negation(each: tuple[str, Meaning]) -> tuple[str, Meaning]:
    return f"NOT ({each[0]})", lambda record: not each[1](record)


def both(one: tuple[str, Meaning], other: tuple[str, Meaning], word: str) -> tuple[str, Meaning]:
    if word.lower() == "and":
        return f"({one[0]}) {word} ({other[0]})", lambda record: one[1](record) and other[1](record)
    return f"({one[0]}) {word} ({other[0]})", lambda record: one[1](record) or other[1](record)


QUERIES = st.recursive(
    selectors(),
    lambda inner: st.one_of(
        inner.map(negation),
        st.tuples(inner, inner, st.sampled_from(("AND", "OR", "and", "Or"))).map(lambda each: both(*each)),
    ),
    max_leaves=4,
)
RECORDS = st.fixed_dictionaries(
    {name: st.sampled_from((None, *VALUES, "b", "xb")) for name in NAMES}
    | {"dest_port": st.sampled_from((None, *NUMBERS))}
)


@settings(max_examples=60)
@given(QUERIES, st.lists(RECORDS, min_size=1, max_size=5))
def test_a_query_means_there_and_here_the_same(
    query: tuple[str, Meaning], records: list[dict[str, Any]]
) -> None:
    """Through the text of the filter, so that nothing a value holds gets out of its quotes."""
    text, meaning = query
    filter_ = str(read_query(text, {}, FLOWS))
    assume(len(filter_.encode()) <= MAX_BYTES)  # a few ? written out are more than a filter may have
    test = compile_predicate(parse(filter_), "flows", 0)
    for record in records:
        assert test(record) == meaning(record), (text, filter_, record)


@given(st.text(alphabet="ab =!<>(){},\"'\\$*?ANDORINT.-_1\n", max_size=40))
def test_any_text_is_read_or_refused_in_a_sentence(text: str) -> None:
    try:
        filter_ = str(read_query(text, {}, FLOWS))
    except BadInputError as error:
        told = (error.path, error.message[-1:])
    else:
        told = ("query", "." if str(parse(filter_)) == filter_ else filter_)
    assert told == ("query", ".")


@pytest.mark.parametrize(
    ("text", "filter_"),
    [
        ("", "*"),
        (" \n", "*"),
        ("action=deny", 'action:"deny"'),
        ("a = 1 or b = 2 and NOT c = 3", 'a:"1" or b:"2" and not c:"3"'),
        ('"objectRef.name" IN {"x", y}', 'objectRef.name:"x" or objectRef.name:"y"'),
        ("verb = in AND and_ = or", 'verb:"in" and and_:"or"'),
        ('source_name = "a*?"', 'source_name:"a*?"'),
        ("dest_port IN {80?}", " or ".join(f'dest_port:"80{digit}"' for digit in range(10))),
        ("qname NOTIN ${ours}", 'not (qname:*.local or qname:"x \\" or")'),
    ],
)
def test_what_is_read_as_what(text: str, filter_: str) -> None:
    assert str(read_query(text, {"ours": ["*.local", 'x " or']}, FLOWS)) == filter_


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a=1 AND", "Unexpected end at column 8 of the query; expected a name or value"),
        ("a ~ 1", 'Unexpected "~" at column 3'),
        ("a IN {}", 'Unexpected "}" at column 7'),
        ("a = 'b", "The quote at column 5 is never closed"),
        ("a IN ${nix}", 'no substitution "nix" (column 6); there is ours'),
        ("(" * 40 + "a=1" + ")" * 40, "nests deeper than 30 levels at column 31"),
        ("a=1 OR " * 2000 + "a=1", "longer than 8192 bytes"),
        ('process_name IN {"??"}', "more than one ?"),
        ('start_time IN {"2026-0?"}', "start_time is no text"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_column(text: str, says: str) -> None:
    with pytest.raises(BadInputError) as refused:
        read_query(text, {"ours": ["x"]}, FLOWS)
    assert says in refused.value.message


def test_one_character_is_written_out_as_any_that_can_be_printed() -> None:
    test = compile_predicate(parse(str(read_query('process_name IN {"python?"}', {}, FLOWS))), "flows", 0)
    assert all(test({"process_name": f"python{chr(code)}"}) for code in range(0x20, 0x7F))
    assert not any(test({"process_name": name}) for name in ("python", "python3.", "ython3", "pythonü"))
