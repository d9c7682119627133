"""No text, however hostile, does more than be refused in a sentence: in no target, of no kind, and soon."""

import json
import random
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from functools import partial

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tapetum.domain.batches import RecordKind
from tapetum.embedded.duckdb_kql import compile_sql
from tapetum.kql import KqlError, Query, compile_predicate, parse
from tapetum.kql.parser import MAX_BYTES
from tapetum.logstore.duckdb_tables import create
from tapetum.logstore.elasticsearch.kql import compile_dsl
from tests.support.kql_cases import KINDS, NOW, Cases
from tests.support.kql_features import KQL_FEATURES

TARGETS: list[Callable[[Query, str, int], object]] = [compile_predicate, compile_sql, compile_dsl]
SOON = 1.0
"""Seconds of the processor; idle machines take a tenth of that at most, the quicker of a few tries: one may
hold a collection of all that the tests before it have left."""


@pytest.fixture(scope="module")
def tables() -> Generator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"threads": 1}) as opened:
        create(opened)
        yield opened


def written() -> st.SearchStrategy[str]:
    """Queries that mean something: our examples, and random ones."""
    examples = st.sampled_from([text for told in KQL_FEATURES.values() for text in told.queries])
    drawn = st.builds(
        lambda kind, seed: str(Cases(kind, random.Random(seed)).query()),
        st.sampled_from(KINDS),
        st.integers(0, 999),
    )
    return examples | drawn


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A query with pieces left out, doubled, put elsewhere or replaced."""
    text = draw(written())
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(len(text), start + 12)))
        piece = draw(
            st.sampled_from(
                ["", text[start:end] * 2, *'(){}:"*\\<>', " and ", " or ", "not ", "now-1d/d", "10.0.0.0/8"]
            )
            | st.text(max_size=3)
        )
        text = text[:start] + piece + text[end:]
    return text


@settings(max_examples=300)
@given(mutated() | st.text(max_size=60), st.sampled_from(KINDS))
def test_whatever_is_read_compiles_and_runs_or_is_refused_in_a_sentence(
    tables: duckdb.DuckDBPyConnection, text: str, kind: RecordKind
) -> None:
    try:
        query = parse(text)
        test = compile_predicate(query, kind.value, NOW)
        sql, values = compile_sql(query, kind.value, NOW)
    except KqlError as raised:
        error = raised
    else:
        assert test({}) in (True, False)
        tables.execute(f"SELECT count(*) FROM {kind.value} AS f WHERE {sql}", values).fetchall()
        json.dumps(compile_dsl(query, kind.value, NOW))
        return
    assert 1 <= error.column <= len(text) + 1
    assert str(error).endswith((".", "?"))
    assert "\n" not in str(error)


def hostile() -> Iterator[str]:
    """The most that 8 KiB can ask for, each in its way; cut to size where they are larger."""
    for form in (
        "v{0}",
        "*v{0}*",
        "*:{0}",
        "*:*a{0}*",
        "(*:{0} and not *:b)",
        "(v{0} and not w{0})",
        "*:20{0:02}",
        "* > {0}",
        "*:10.{0}.0.3/27",
        "*a*b*c*d*:{0}",
        "policies:{{*:v{0}* and not *:*w}}",
        "policy_hits:{{*:*a{0}* and not *:w}}",
        "rrsets:{{*:*a{0}* and not *:w}}",
        "objectRef.name: *a{0}*b*",
        "(not (a{0}))",
    ):
        for word in (" or ", " and "):
            terms = [form.format(number) for number in range(500)]
            while len(text := word.join(terms)) > MAX_BYTES or (terms and _terms(text) > 500):
                terms.pop()
            yield text
    yield from ("a*" * 4096, "*a" * 2000 + ":x", "a" * 8190 + ":x", "dest_" * 1600 + ":x", "a " * 4096)
    yield from ("not (" * 30 + "a" + ")" * 30, "start_time:now" + "+1d" * 2700, "f:" + "\\*" * 4000)
    yield from (f'source_name: "{"a" * 8100}"', "a:b " * 2000 + "{", "(a or " * 29 + ")", '"' * 8192)


def _terms(text: str) -> int:
    return text.count(" or ") + text.count(" and ") + 1


def test_the_largest_queries_are_read_and_compiled_or_refused_soon() -> None:
    """For the kinds with the most fields, with lists of objects in the record, and with dotted names."""
    parse("a")  # the grammar is read once
    for text in hostile():
        assert soon(lambda text=text: parse(text)), text[:60]
        try:
            query = parse(text)
        except KqlError:
            continue
        for kind in (RecordKind.FLOWS, RecordKind.DNS, RecordKind.AUDIT):
            for compile_to in TARGETS:
                assert soon(partial(compile_to, query, kind.value, NOW)), (compile_to.__name__, text[:60])


def soon(work: Callable[[], object]) -> bool:
    for _ in range(4):
        started = time.process_time()
        with suppress(KqlError):
            work()
        if time.process_time() - started < SOON:
            return True
    return False
