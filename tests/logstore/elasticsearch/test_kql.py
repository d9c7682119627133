"""Queries compiled to Query DSL, run by the engine: values stay values, and the largest queries run.

That they find what the predicate does is tests/contract/test_query_language.py.
"""

import json
import random
from collections.abc import Generator
from typing import Any

import pytest

from tapetum.domain.batches import RecordKind
from tapetum.domain.errors import BadInputError
from tapetum.kql import KqlError, Query, all_of, any_of, catalogue, parse
from tapetum.kql.budget import MAX_CONDITIONS
from tapetum.kql.parser import MAX_TERMS
from tapetum.kql.syntax import FieldRef, Is, Not, Phrase, Wildcard
from tapetum.logstore.elasticsearch.bulk import Fate, Sender
from tapetum.logstore.elasticsearch.documents import written
from tapetum.logstore.elasticsearch.kql import compile_dsl
from tapetum.logstore.elasticsearch.names import Family, Names
from tapetum.logstore.elasticsearch.server import Server
from tests.support import on_elasticsearch
from tests.support.kql_batches import batch_of, identified
from tests.support.kql_cases import HOSTILE, NOW, Records
from tests.support.stores import Clock

pytestmark = pytest.mark.engine


class Engine:
    """Records in one index, numbered from 0, and the numbers that a query finds."""

    def __init__(self, server: Server, index: str) -> None:
        self._server = server
        self._index = index

    def load(self, records: Records) -> "Engine":
        batch = batch_of(RecordKind.FLOWS, identified(records, "kql"), "kql")
        for lines in written(batch, batch.records, NOW, lambda _cluster, _day: self._index):
            fates = Sender(self._server, 30).create(lines, refresh=True)
            assert (fates == Fate.NEW).all()
        return self

    def found(self, query: Query) -> set[int]:
        body = {"query": compile_dsl(query, "flows", NOW), "size": 10_000, "_source": ["line_no"]}
        hits = self._server.search_now([self._index], body)["hits"]["hits"]
        return {hit["_source"]["line_no"] for hit in hits}


@pytest.fixture
def engine() -> Generator[Engine]:
    with on_elasticsearch.log_store(Clock()) as store:
        names: Names = store._names
        yield Engine(store._server, names.of_day(Family.FLOWS, "kql", 0))


@pytest.mark.parametrize("text", HOSTILE)
def test_values_change_no_structure(text: str) -> None:
    field = FieldRef(("source_name",))
    for plain, hostile in (
        (Is(field, Phrase("plain")), Is(field, Phrase(text))),
        (Is(field, Wildcard(("<", "plain", ">"))), Is(field, Wildcard(("<", text, ">")))),
    ):
        assert _shape(compile_dsl(plain, "flows", NOW)) == _shape(compile_dsl(hostile, "flows", NOW))


def _shape(dsl: Any) -> Any:
    if isinstance(dsl, dict):
        return {name: _shape(inner) for name, inner in dsl.items()}
    return [_shape(inner) for inner in dsl] if isinstance(dsl, list) else "value"


def test_not_includes_what_is_missing(engine: Engine) -> None:
    engine.load([{"source_name": "a"}, {"source_name": "b"}, {}])
    for text, expected in (
        ("not source_name:a", {1, 2}),
        ("not (source_name:a and dest_port > 1)", {0, 1, 2}),
        ("not not_a*:x", {0, 1, 2}),
        ("source_name:-", {2}),
        ("not policy_hits:{action:deny}", {0, 1, 2}),
    ):
        assert engine.found(parse(text)) == expected, text


def test_the_documented_query_on_policies(engine: Engine) -> None:
    def logged(*strings: str) -> dict[str, Any]:
        return {"policies": {"all_policies": list(strings)}}

    denied = "1|default|default.tenant-01-restrict|deny|0"
    passed, other = "0|default|default.tenant-01-restrict|pass|0", "1|default|default.other|deny|0"
    engine.load([logged(denied), logged(passed, other), logged()])
    braces = parse("policies:{all_policies: deny and all_policies: tenant-01-restrict}")
    loose = parse("policies.all_policies: deny and policies.all_policies: tenant-01-restrict")
    assert engine.found(braces) == {0}
    assert engine.found(loose) == {0, 1}


def test_the_largest_and_the_deepest_query_run(engine: Engine) -> None:
    engine.load([{"source_name": "v7"}, {"source_name": "w"}])
    everywhere = MAX_CONDITIONS // len(catalogue("flows").default)
    assert engine.found(parse(" or ".join(f"v{number}" for number in range(everywhere)))) == {0}
    pairs = " or ".join(f"(v{number} and not w{number})" for number in range(everywhere // 2))
    assert engine.found(parse(pairs)) == {0}
    named = " or ".join(f"v{number}" for number in range(MAX_TERMS))
    assert engine.found(parse(f"source_name: ({named})")) == {0}
    deep: Query = parse("source_name: v7")
    for level in range(60):  # twice what the grammar lets through, as each level alternates
        other = parse(f"source_name: x{level}")
        deep = any_of([deep, other]) if level % 2 else all_of([Not(other), deep])
    assert engine.found(deep) == {0}


def test_a_pattern_beyond_the_engine_is_refused_in_one_sentence(engine: Engine) -> None:
    engine.load([{"source_name": "ab"}])
    pattern = Wildcard(("", *(random.Random(1).choice("ab") for _ in range(800)), ""))
    with pytest.raises(BadInputError, match="asterisks"):
        engine.found(Is(FieldRef(("source_name",)), pattern))


def test_half_a_character_is_refused_in_one_sentence(engine: Engine) -> None:
    with pytest.raises(BadInputError, match="surrogate"):
        engine.found(Is(FieldRef(("source_name",)), Phrase("\ud800")))


def test_what_does_not_fit_is_refused_before_the_engine_sees_it() -> None:
    with pytest.raises(KqlError):
        compile_dsl(parse("dest_port:x"), "flows", NOW)


def test_a_query_is_json_of_our_own_names() -> None:
    told = json.dumps(compile_dsl(parse('source_name: "}{" and dest_port > 1'), "flows", NOW))
    assert json.loads(told) == {
        "bool": {"filter": [{"term": {"source_name": "}{"}}, {"range": {"dest_port": {"gte": 2}}}]}
    }
