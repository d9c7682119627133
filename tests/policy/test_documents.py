"""Manifests as text: what is read, what is refused, and that nothing costs more than it should."""

import json
import re
import time
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tapetum.policy.documents import LARGEST, Reading, read

TEXT = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=12).filter(
    lambda each: not re.fullmatch(r"[-+.]?[0-9][0-9.]*[eE].*", each)  # PyYAML writes 1e3 without quotes
)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=12,
)
OBJECTS = st.dictionaries(TEXT, VALUES, min_size=1, max_size=4).filter(
    lambda each: not str(each.get("kind", "")).endswith("List")
)


def values(reading: Reading) -> list[dict[str, Any]]:
    assert reading.problems == ()
    return [each.value for each in reading.documents]


@given(st.lists(OBJECTS, max_size=3))
def test_what_is_written_as_yaml_or_json_is_read_back(objects: list[dict[str, Any]]) -> None:
    assert values(read(yaml.safe_dump_all(objects, allow_unicode=True, explicit_start=True), "a")) == objects
    assert values(read("\n".join(map(json.dumps, objects)), "a")) == objects


def test_scalars_mean_what_kubernetes_reads() -> None:
    (value,) = values(
        read(
            "ports: [6000:6010, 80:90, 8000:8059]\nwhen: 2024-01-02\nyes: 1\nn: 0x1F\nf: 1.5\nnone: ~\n"
            "s: '1'\nempty:\noctal: 010",
            "a",
        )
    )
    assert value == {
        "ports": ["6000:6010", "80:90", "8000:8059"],
        "when": "2024-01-02",
        "yes": 1,
        "n": 31,
        "f": 1.5,
        "none": None,
        "s": "1",
        "empty": None,
        "octal": 8,
    }


def test_lists_are_taken_apart_and_know_their_places() -> None:
    text = """# a comment
---
apiVersion: v1
kind: List
items:
- {kind: A, apiVersion: v1}
- kind: B
  apiVersion: v1
---
apiVersion: x/v1
kind: PodList
items: [{metadata: {name: p}}]
---
"""
    reading = read(text.encode(), "f.yaml")
    assert values(reading) == [
        {"kind": "A", "apiVersion": "v1"},
        {"kind": "B", "apiVersion": "v1"},
        {"kind": "Pod", "apiVersion": "x/v1", "metadata": {"name": "p"}},
    ]
    assert [str(each.place) for each in reading.documents] == [
        "f.yaml, line 3, item 1",
        "f.yaml, line 3, item 2",
        "f.yaml, line 10, item 1",
    ]


def test_lists_in_lists_are_taken_apart_too() -> None:
    inner = "{kind: List, apiVersion: v1, items: [{kind: B, apiVersion: v1}, {kind: C, apiVersion: v1}]}"
    reading = read(f"kind: List\napiVersion: v1\nitems: [{{kind: A, apiVersion: v1}}, {inner}]", "f")
    assert [each["kind"] for each in values(reading)] == ["A", "B", "C"]
    assert [each.place.item for each in reading.documents] == [1, 2, 2]


def test_whole_surrogate_pairs_are_characters() -> None:
    assert values(read('{"a": "\\ud83d\\ude00"}', "f")) == [{"a": "😀"}]


def test_anchors_and_merges_are_expanded_within_bounds() -> None:
    (value,) = values(read("a: &x {b: 1, c: 2}\nd: {<<: *x, c: 3}\ne: *x", "a"))
    assert value == {"a": {"b": 1, "c": 2}, "d": {"b": 1, "c": 3}, "e": {"b": 1, "c": 2}}


BOMB = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(98 + at)}: &{chr(98 + at)} [{','.join(['*' + chr(97 + at)] * 10)}]\n" for at in range(9)
)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (BOMB, 5, "repeat more than 100,000 values"),
        ("a: &a [*a]", 1, "stands for nothing"),
        ("a: 1\nb: 2\na: 3", 3, '"a" is there twice'),
        ('{"a": 1, "a": 2}', 1, '"a" is there twice'),
        ("a: !!python/object/apply:os.system [id]", 1, "has no meaning here"),
        ("a: !custom x", 1, "has no meaning here"),
        ("a: [1, 2", 2, "not YAML"),
        ("a:\n\t- b", 2, "not YAML"),
        ("? {a: b}\n: c", 1, "a key is not a text"),
        ("[" * 5000 + "]" * 5000, 1, "nested deeper"),
        ("a: " + "[" * 100_000, 1, "nested deeper"),
        ('{"a":' * 100_000, 1, "nested deeper"),
        ("- a\n- b", 1, "bare list"),
        ("hello", 1, "not an object"),
        ("kind: List\nitems: {a: b}", 1, "items is not a list"),
        ("kind: List\nitems: [1]", 1, "item 1 of the List"),
        ('{"a": NaN}', 1, "NaN"),
        ("a: b\x00c", 1, "not YAML"),
        ('{"a": "\\ud800"}', 1, "half of a surrogate pair"),
        ("\n\na: \ud800", 3, "half of one"),
        (b"a: \xff\xfe", 1, "not UTF-8"),
        (b"a" * (LARGEST + 1), None, "split it"),
    ],
)
def test_hostile_texts_get_one_sentence_at_once(text: str | bytes, line: int | None, said: str) -> None:
    began = time.process_time()
    reading = read(text, "f.yaml")
    assert time.process_time() - began < 5
    assert reading.documents == ()
    (problem,) = reading.problems
    assert said in problem.message
    assert problem.place.line == line
    assert str(problem).startswith("f.yaml")


def test_one_broken_document_does_not_hide_the_others() -> None:
    reading = read("kind: A\n---\nkind: [\n---\nkind: C\nkind: D\n---\nkind: E\n", "f")
    assert [each.value["kind"] for each in reading.documents] == ["A", "E"]
    assert [problem.place.line for problem in reading.problems] == [4, 6]


@given(st.binary(max_size=60) | st.text("{}[]:,-&*!'\"\n\t abc0", max_size=60).map(str.encode))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    reading = read(data, "f")
    assert all(problem.message for problem in reading.problems)
