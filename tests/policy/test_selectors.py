"""Calico's selector language, held to the published cases and to its own canonical form."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapetum.policy.labels import Labels
from tapetum.policy.selectors import (
    ALL,
    And,
    Contains,
    EndsWith,
    Equals,
    Global,
    Has,
    In,
    Not,
    NotEquals,
    NotIn,
    Or,
    Selector,
    SelectorError,
    StartsWith,
    in_namespaces,
    label_selector,
    of_service_accounts,
    parse,
)

LABEL = st.text("abAB09_./-", min_size=1, max_size=4)
VALUE = st.text("ab'x ", max_size=4) | st.text('ab"x ', max_size=4)
TERMS = st.one_of(
    st.just(ALL),
    st.just(Global()),
    st.builds(Has, LABEL),
    *(st.builds(each, LABEL, VALUE) for each in (Equals, NotEquals, Contains, StartsWith, EndsWith)),
    *(st.builds(each, LABEL, st.frozensets(VALUE, max_size=3)) for each in (In, NotIn)),
)


def _grown(inner: st.SearchStrategy[Selector]) -> st.SearchStrategy[Selector]:
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return st.one_of(
        inner.filter(lambda each: not isinstance(each, Not)).map(Not), several.map(And), several.map(Or)
    )


SELECTORS = st.recursive(TERMS, _grown, max_leaves=8)
LABELS = st.dictionaries(LABEL, VALUE, max_size=4)


def published(samples: Path) -> list[dict[str, Any]]:
    lines = (samples / "policies/calico_selectors.ndjson").read_text().splitlines()
    return [json.loads(line) for line in lines]


@pytest.mark.samples
def test_every_published_selector(samples: Path) -> None:
    cases = published(samples)
    assert len(cases) == 101
    for case in cases:
        if not case["valid"]:
            with pytest.raises(SelectorError):
                parse(case["selector"])
            continue
        selector = parse(case["selector"])
        assert str(selector) == case.get("canonical", case.get("expected_canonical")), case
        for labels in case.get("matches", ()):
            assert selector.holds(Labels(labels)) is True, (case, labels)
        for labels in case.get("non_matches", ()):
            # The published matcher tests of global() list the same labels on both sides.
            if labels not in case["matches"] and not isinstance(selector, Global):
                assert selector.holds(Labels(labels)) is False, (case, labels)


@given(SELECTORS, LABELS)
def test_the_canonical_text_reads_back_as_the_same_matcher(
    selector: Selector, labels: dict[str, str]
) -> None:
    again = parse(str(selector))
    assert str(again) == str(selector)
    assert again.holds(Labels(labels)) == selector.holds(Labels(labels))


@given(SELECTORS, LABELS, LABELS)
def test_what_holds_of_some_labels_holds_whatever_else_is_there(
    selector: Selector, known: dict[str, str], others: dict[str, str]
) -> None:
    told = selector.holds(Labels(known, complete=False))
    if told is not None:
        assert selector.holds(Labels({**others, **known})) == told


@given(st.text("ab'\"(){}=!&|,in \t\n%", max_size=30))
def test_any_text_is_read_or_refused_with_a_column(text: str) -> None:
    refused: SelectorError | None = None
    try:
        parse(text)
    except SelectorError as error:
        refused = error
    assert refused is None or (
        1 <= refused.column <= len(text) + 1 and f"column {refused.column}" in refused.message
    )


@pytest.mark.parametrize(
    ("text", "column", "said"),
    [
        ("b == b", 6, "a text in quotes"),
        ("a b", 3, "=="),
        ("foo in {'x' 'y'}", 13, "closing }"),
        ("a == 'x", 6, "not closed"),
        ("a == 'b' && %", 13, "'%'"),
        ("has(a) has(b)", 8, "&&"),
        ("(" * 70 + "all()" + ")" * 70, 66, "nested"),
        (f"has({'a' * 513})", 1, "512"),
        ("a\n== 'b'", 2, "begins nothing"),
    ],
)
def test_what_is_wrong_is_said_with_its_column(text: str, column: int, said: str) -> None:
    with pytest.raises(SelectorError, match=r"column \d+") as caught:
        parse(text)
    assert caught.value.column == column
    assert said in caught.value.message


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("a notin{'x',}", 'a not in {"x"}'),
        ("a in {}", "a in {}"),
        ("in in {'in'}", 'in in {"in"}'),
        ("(a=='1'&&b=='2')&&c=='3'", '((a == "1" && b == "2") && c == "3")'),
        ("has == 'x' || all == 'y'", '(has == "x" || all == "y")'),
    ],
)
def test_spellings(text: str, canonical: str) -> None:
    assert str(parse(text)) == canonical


def test_namespaces_and_service_accounts_are_labels_of_what_lives_in_them() -> None:
    assert str(in_namespaces(parse("all()"))) == "has(projectcalico.org/namespace)"
    assert str(in_namespaces(parse("global()"))) == "!has(projectcalico.org/namespace)"
    assert str(in_namespaces(parse("a == 'b' && !has(c)"))) == '(pcns.a == "b" && !has(pcns.c))'
    assert str(of_service_accounts(parse("all()"))) == "has(projectcalico.org/serviceaccount)"
    assert str(of_service_accounts(parse("r in {'x'} || s != 'y'"))) == '(pcsa.r in {"x"} || pcsa.s != "y")'


def test_kubernetes_label_selectors() -> None:
    assert label_selector({}) == ALL
    expressions = [
        ("a", "In", ["2", "1"]),
        ("b", "NotIn", ["3"]),
        ("c", "Exists", ()),
        ("d", "DoesNotExist", ()),
    ]
    selector = label_selector({"z": "1", "y": "2"}, expressions)
    assert str(selector) == (
        '(y == "2" && z == "1" && a in {"1", "2"} && b not in {"3"} && has(c) && !has(d))'
    )
