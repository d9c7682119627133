"""Reading and printing of queries: Kibana's cases, sizes, and no crash on any text."""

import contextlib
import json
import os
import re
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from tapetum.kql import KqlError, parse
from tapetum.kql.parser import MAX_BYTES, MAX_DEPTH, MAX_TERMS
from tapetum.kql.syntax import (
    And,
    Exists,
    FieldRef,
    Is,
    MatchAll,
    Nested,
    Not,
    Operator,
    Or,
    Phrase,
    Query,
    Range,
    Term,
    Wildcard,
    all_of,
    any_of,
)

SAMPLES = Path(os.environ.get("SAMPLES", "../shared/samples"))
CASES = SAMPLES / "kql" / "opensearch_dashboards_kuery_cases.ndjson"


def cases(kind: str) -> list[dict[str, Any]]:
    if not CASES.exists():
        pytest.skip(f"The published query cases are not at {CASES}; set SAMPLES to the folder of samples.")
    return [case for case in map(json.loads, CASES.read_text().splitlines()) if case["kind"] == kind]


def field(name: str) -> FieldRef:
    return FieldRef(tuple(name.split("*")))


def value(text: Any, *, quoted: bool = False) -> Term | Phrase | Wildcard:
    written = str(text).lower() if isinstance(text, bool) else str(text)
    if quoted:
        return Phrase(written)
    return Wildcard(tuple(written.split("*"))) if "*" in written else Term(written)


def from_oracle(node: list[Any]) -> Query:
    """The published tree in our terms: flat conjunctions, exists and match all as nodes of their own."""
    match node:
        case ["is", "*", "*", False]:
            return MatchAll()
        case ["is", name, "*", False] if name:
            return Exists(field(name))
        case ["is", name, text, quoted]:
            return Is(field(name) if name else None, value(text, quoted=quoted))
        case ["range", name, bounds]:
            signs = {
                "gt": Operator.GREATER,
                "gte": Operator.AT_LEAST,
                "lt": Operator.LESS,
                "lte": Operator.AT_MOST,
            }
            ((sign, bound),) = bounds.items()
            return Range(field(name), signs[sign], Term(str(bound)))
        case ["nested", name, inner]:
            return Nested(field(name), from_oracle(inner))
        case ["not", inner]:
            return Not(from_oracle(inner))
        case ["and", *inner]:
            return all_of(map(from_oracle, inner))
        case ["or", *inner]:
            return any_of(map(from_oracle, inner))
        case _:
            raise AssertionError(node)


@pytest.mark.samples
def test_reads_the_published_trees() -> None:
    published = cases("ast")
    assert len(published) == 23
    for case in published:
        assert parse(case["query"]) == from_oracle(case["ast"]), case["name"]


@pytest.mark.samples
def test_reads_the_published_literals_and_keeps_numbers_as_written() -> None:
    published = cases("literal")
    assert len(published) == 33
    for case in published:
        expected = case.get("value")
        if "wildcard" in case:
            assert parse(case["text"]) == Is(None, Wildcard(tuple(case["wildcard"].split("*"))))
        elif isinstance(expected, str):
            read = parse(case["text"])
            assert isinstance(read, Is)
            assert isinstance(read.value, Term | Phrase)
            assert read.value.text == expected
        else:  # numbers and booleans: Kibana's text, OpenSearch's value
            assert parse(case["text"]) == Is(None, Term(case["text"]))
            assert json.loads(re.sub(r"^\.", "0.", case["text"])) == expected


@pytest.mark.samples
def test_refuses_the_published_errors_where_and_for_what_they_are() -> None:
    """Our column is that of the word found; whitespace is never worth asking for."""
    names = {"field name", "value", '"("', '"{"', "NOT", "AND", "OR", "end of input", "literal"}
    ours = {"NOT": "not", "AND": "and", "OR": "or", "end of input": "the end", "literal": "value"}
    published = cases("syntax_error")
    assert len(published) == 10
    for case in published:
        query: str = case["query"]
        with pytest.raises(KqlError) as caught:
            parse(query)
        if query == 'foo:"ba ':  # we name the quote that is never closed (docs/kql.md)
            assert caught.value.expected == ("closing quote",)
            assert caught.value.column == 5
            continue
        wanted, found = re.fullmatch(r"Expected (.*) but (.*) found\.", case["error_contains"]).groups()
        expected = {ours.get(name, name) for name in wanted.split(", ") if name in names}
        assert set(caught.value.expected) == expected, query
        if found == "end of input":
            assert caught.value.column == len(query) + 1  # where Kibana's arrow points
        else:
            assert query[caught.value.column - 1 :].startswith(json.loads(found)), query


def nested_as_published(node: list[Any]) -> Query:
    """As from_oracle, but with alternatives as deep as they were published."""
    match node:
        case ["or", *inner]:
            return Or(tuple(map(nested_as_published, inner)))
        case ["and", *inner]:
            return And(tuple(map(nested_as_published, inner)))
        case ["not", inner]:
            return Not(nested_as_published(inner))
        case ["nested", name, inner]:
            return Nested(field(name), nested_as_published(inner))
        case _:
            return from_oracle(node)


@pytest.mark.samples
def test_exactly_the_documented_differences_are_there() -> None:
    """docs/kql.md lists four, beside the cases in Elasticsearch's own form."""
    page = (Path(__file__).parents[2] / "docs" / "kql.md").read_text(encoding="utf-8")
    section = page.partition("## Where this differs from the published cases")[2].partition(
        "Choices of our own"
    )[0]
    rows = [row.split(" | ")[0].removeprefix("| ") for row in section.splitlines() if row.startswith("| ")]
    assert rows[1:] == ["`443`, `true`", "`a or b and c or d`", '`foo:"ba `', "any error"]
    trees = [case for case in cases("ast") if parse(case["query"]) != nested_as_published(case["ast"])]
    assert [case["query"] for case in trees] == ["foo or bar and baz or qux"]
    retyped = [case for case in cases("literal") if "value" in case and not isinstance(case["value"], str)]
    assert len(retyped) == 15  # the numbers and booleans
    assert "The ten `dsl` cases" in section
    assert len(cases("dsl")) == 10


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("", MatchAll()),
        (" \t\n\u00a0", MatchAll()),
        ("*", MatchAll()),
        ("*:*", MatchAll()),
        ("a AND b oR nOt c", Or((And((Is(None, Term("a")), Is(None, Term("b")))), Not(Is(None, Term("c")))))),
        ("state:OR", Is(field("state"), Term("OR"))),
        (r"\and \or b\not", Is(None, Term("and or bnot"))),
        (r"a\nothing", Is(None, Term("a\nothing"))),
        ("knot band order", Is(None, Term("knot band order"))),
        ("not(a)and(b)", And((Not(Is(None, Term("a"))), Is(None, Term("b"))))),
        (r"f\:o:\u0041\*", Is(FieldRef(("f:o",)), Term("A*"))),
        (r'"\ud83d\ude00"', Is(None, Phrase("😀"))),
        ("f:a**b*", Is(field("f"), Wildcard(("a", "b", "")))),
        ("f:(* and not a)", And((Exists(field("f")), Not(Is(field("f"), Term("a")))))),
        ('f>="1 2"', Range(field("f"), Operator.AT_LEAST, Phrase("1 2"))),
        ('"a f":b', Is(FieldRef(("a f",)), Term("b"))),
        ("*:a", Is(FieldRef(("", "")), Term("a"))),
    ],
)  # fmt: skip
def test_reads(query: str, tree: Query) -> None:
    assert parse(query) == tree


def test_texts_are_plain_strings_that_any_driver_takes() -> None:
    read = parse("f:a")
    assert isinstance(read, Is)
    assert isinstance(read.value, Term)
    assert read.field
    assert type(read.value.text) is type(read.field.parts[0]) is str


@pytest.mark.parametrize(
    ("query", "column", "part"),
    [
        ("foo and", 8, "ends too early at column 8"),
        ("foo and  ", 10, "ends too early at column 10"),
        ("foo\n> ", 7, "ends too early at column 7; expected a value"),
        ("foo not bar", 5, 'Unexpected "not" at column 5; expected and, or or the end.'),
        ("a } b", 3, "expected and, or or the end"),
        ("x:(a", 5, 'expected ")", and or or'),
        ("ip:2001:db8::1", 8, "in quotes"),
        (r"a\b", 2, r"a backslash itself is written \\"),
        ("f > 4*", 5, "takes no wildcard"),
        (r"f:\ud83d", 3, "surrogate"),
        ("f:\ud83d", 3, "surrogate"),
    ],
)
def test_says_where_and_what(query: str, column: int, part: str) -> None:
    with pytest.raises(KqlError) as caught:
        parse(query)
    assert part in str(caught.value)
    assert f"column {column}" in str(caught.value)
    assert caught.value.column == column


def test_sizes_at_and_over_the_limits() -> None:
    parse("(" * MAX_DEPTH + "a" + ")" * MAX_DEPTH)
    parse(" or ".join(["a:b"] * MAX_TERMS))
    parse("f:(" + " or ".join(["a"] * MAX_TERMS) + ")")
    parse("ä" * (MAX_BYTES // 2))
    for query, part in (
        ("(" * (MAX_DEPTH + 1), f"deeper than {MAX_DEPTH}"),
        ("a:{" * (MAX_DEPTH + 1), f"deeper than {MAX_DEPTH}"),
        (" or ".join(["a"] * (MAX_TERMS + 1)), f"more than {MAX_TERMS} terms"),
        ("f:(" + " or ".join(["a"] * (MAX_TERMS + 1)) + ")", f"more than {MAX_TERMS} terms"),
        ("ä" * (MAX_BYTES // 2) + "a", f"longer than {MAX_BYTES} bytes"),
    ):
        with pytest.raises(KqlError, match=part):
            parse(query)


@pytest.mark.parametrize(
    "query",
    ["(" * 8000, "not " * 2000, "not (" * 1600, "a or " * 1600, "a:{" * 2700, '"' * 8192, "x " * 4000 + ":",
     "*" * 8192, "\\" * 8191, "a*" * 4000, '\\"' * 4000, "a\\" * 4000, "not" * 2700],
)  # fmt: skip
def test_hostile_text_is_answered_at_once(query: str) -> None:
    started = time.process_time()
    with contextlib.suppress(KqlError):
        parse(query)
    assert time.process_time() - started < 1  # a linear read takes a hundredth of that; a blow-up minutes


letters = st.text(
    alphabet=st.sampled_from('ab \t\u00a0\ufeff\\"*():<>{}-%_😀\x00\n') | st.characters(codec="utf-8"),
    max_size=6,
)
words = st.sampled_from(["or", "AND", "not", "a or b", "not a", " or", "nothing", "-", "443", "\\n"])
texts = letters | words
phrases = st.builds(Phrase, texts)
terms = st.builds(Term, texts.filter(bool))
wildcards = st.lists(texts, min_size=2, max_size=4).map(
    lambda parts: Wildcard((parts[0], *filter(None, parts[1:-1]), parts[-1]))
)
named = wildcards.filter(lambda pattern: not pattern.alone)
refs = st.builds(FieldRef, st.tuples(texts) | wildcards.map(lambda pattern: pattern.parts))
leaves = (
    st.just(MatchAll())
    | st.builds(Is, refs | st.none(), terms | phrases | named)
    | st.builds(Exists, refs.filter(lambda ref: ref.parts != ("", "")))
    | st.builds(Range, refs, st.sampled_from(Operator), terms | phrases)
)
trees = st.recursive(
    leaves,
    lambda inner: (
        st.builds(Not, inner)
        | st.builds(Nested, refs, inner)
        | st.lists(inner, min_size=2, max_size=3).map(all_of)
        | st.lists(inner, min_size=2, max_size=3).map(any_of)
    ),
    max_leaves=8,
)


@settings(deadline=None)
@given(trees)
def test_a_printed_tree_reads_back_as_itself(tree: Query) -> None:
    assume(len(str(tree).encode()) <= MAX_BYTES)
    assert parse(str(tree)) == tree


tokens = st.sampled_from(
    ["a", "and", "or", "not", "NOT", "(", ")", "{", "}", ":", "<", ">=", '"', "*", "\\", "\\u00", "\\ud800",
     " ", "\n", "f:", "policies:{", '"x y"', "-1", "\ufeff", "\ud800"]
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(tokens, max_size=25).map("".join) | st.text(max_size=40))
@example("\\" * 100)
def test_any_text_is_read_or_refused_in_a_sentence(text: str) -> None:
    try:
        tree = parse(text)
    except KqlError as raised:
        error = raised
    else:
        assert parse(str(tree)) == tree
        return
    assert 1 <= error.column <= len(text) + 1
    assert str(error).endswith(".")
    assert "\n" not in str(error)
