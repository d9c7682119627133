"""Filters compiled to Cypher agree with the predicate and the SQL compiler; no value becomes Cypher (F22)."""

import random
from collections.abc import Callable
from operator import ge, gt, le, lt
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from tapetum.domain.batches import RecordKind
from tapetum.domain.flows import FLOW_KEY, RECORD
from tapetum.embedded.duckdb_kql import compile_sql
from tapetum.graphstore.neo4j import Neo4jGraphStore
from tapetum.graphstore.neo4j.filters import compile_cypher
from tapetum.kql import Query, all_of, any_of, catalogue, compile_predicate, fields_used, parse
from tapetum.kql.syntax import FieldRef, Is, Not, Operator, Phrase, Range, Wildcard
from tests.support.kql_cases import NASTY, NOW, Cases

pytestmark = pytest.mark.engine
KNOWN = catalogue("flows")
FIELDS = [KNOWN.fields[name] for name in FLOW_KEY if name in KNOWN.fields]
COLUMNS = [field.name for field in FIELDS]
NASTIER = [
    *NASTY,
    "\\E",
    "\\Q",
    "a\\Eb",
    "\\\\E",
    "(?i)",
    ".",
    ".*",
    "[",
    "^",
    "$",
    "|",
    "k.code",
    "`",
    "$v0",
    "\u2028",
]

Find = Callable[[Query], set[int]]


def some_query(chance: random.Random, depth: int = 3) -> Query:
    kind = chance.random()
    if depth == 0 or kind < 0.3:
        while True:
            leaf = Cases(RecordKind.FLOWS, chance).leaf(FIELDS)
            if fields_used(leaf, "flows") <= set(FLOW_KEY):
                return leaf
    if kind < 0.5:
        return Not(some_query(chance, depth - 1))
    parts = [some_query(chance, depth - 1) for _ in range(chance.choice([2, 2, 3]))]
    return all_of(parts) if kind < 0.75 else any_of(parts)


def loaded(store: Neo4jGraphStore, records: list[dict[str, Any]]) -> Find:
    """Flow keys numbered from 0, and which of them a query finds."""
    rows = [{**record, "code": number} for number, record in enumerate(records)]
    store.write(lambda tx: tx.run("MATCH (k:FlowKey) DELETE k"))
    store.write(lambda tx: tx.run("UNWIND $rows AS row CREATE (k:FlowKey) SET k = row", {"rows": rows}))

    def found(query: Query) -> set[int]:
        condition, values = compile_cypher(query, NOW)
        statement = f"MATCH (k:FlowKey) WHERE {condition} RETURN k.code"
        return {code for (code,) in store.write(lambda tx: tx.run(statement, values))}

    return found


@pytest.mark.parametrize("seed", range(4))
def test_agrees_with_the_predicate_and_with_sql(store: Neo4jGraphStore, seed: int) -> None:
    chance = random.Random(seed)
    cases = Cases(RecordKind.FLOWS, chance)
    drawn = [cases.record() for _ in range(40)]
    records = [{name: record[name] for name in COLUMNS if name in record} for record in drawn]
    found = loaded(store, records)
    flows = pa.Table.from_pylist(
        [{**record, "line_no": number} for number, record in enumerate(records)], schema=RECORD
    )
    selective = 0
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.register("flows", flows)
        for _ in range(60):
            query = some_query(chance)
            test = compile_predicate(query, "flows", NOW)
            expected = {number for number, record in enumerate(records) if test(record)}
            assert found(query) == expected, str(query)
            condition, values = compile_sql(query, "flows", NOW)
            rows = connection.execute(f"SELECT line_no FROM flows f WHERE {condition}", values).fetchall()
            assert {number for (number,) in rows} == expected, str(query)
            selective += 0 < len(expected) < len(records)
    assert selective > 20  # most must tell records apart, or agreement means little


def test_hostile_values_are_literals(store: Neo4jGraphStore) -> None:
    corpus = [*NASTIER, *(f"<{text}>" for text in NASTIER), "plain", "aXb", "aXXb"]
    found = loaded(store, [{"dest_name_aggr": held} for held in corpus])
    name = FieldRef(("dest_name_aggr",))

    def among(test: Callable[[str], bool]) -> set[int]:
        return {number for number, held in enumerate(corpus) if test(held)}

    for text in NASTIER:
        plain, _ = compile_cypher(Is(name, Wildcard(("<", "plain", ">"))), NOW)
        assert compile_cypher(Is(name, Wildcard(("<", text or "x", ">"))), NOW)[0] == plain
        if text != "-":  # which asks for what is missing
            assert found(Is(name, Phrase(text))) == among(lambda held, text=text: held == text)
        assert found(Is(name, Wildcard((text, "")))) == among(lambda held, text=text: held.startswith(text))
        assert found(Is(name, Wildcard(("", text)))) == among(lambda held, text=text: held.endswith(text))
        assert found(Is(name, Wildcard(("<", text or "x", ">")))) == among(
            lambda held, text=text: held[:1] == "<" and (text or "x") in held[1:-1] and held[-1:] == ">"
        )


def test_texts_are_ordered_by_code_point(store: Neo4jGraphStore) -> None:
    parts = ["", "a", "\ud7ff", "\ue000", "\ufb00", "\uffff", "\U00010000", "\U0001f600", "\U0010ffff"]
    corpus = [one + other for one in parts for other in parts] + NASTIER
    found = loaded(store, [{"dest_name_aggr": held} for held in corpus])
    for text in corpus:
        for sign, test in ((">", gt), (">=", ge), ("<", lt), ("<=", le)):
            query = Range(FieldRef(("dest_name_aggr",)), Operator(sign), Phrase(text))
            assert found(query) == {number for number, held in enumerate(corpus) if test(held, text)}, text


def test_parts_of_a_pattern_never_share_a_character(store: Neo4jGraphStore) -> None:
    found = loaded(store, [{"dest_name_aggr": held} for held in ("aba", "ab", "abab", "abba", "ababab")])
    assert found(parse("dest_name_aggr: ab*ab")) == {2, 4}
    assert found(parse("dest_name_aggr: ab*b*ab")) == {4}
    assert found(parse("dest_name_aggr: a*b*a")) == {0, 3}


def test_the_largest_query_runs(store: Neo4jGraphStore) -> None:
    found = loaded(store, [{"dest_name_aggr": "v7"}, {"dest_name_aggr": "w"}])
    many = any_of([Is(FieldRef(("dest_name_aggr",)), Phrase(f"v{number}")) for number in range(500)])
    assert found(many) == {0}
