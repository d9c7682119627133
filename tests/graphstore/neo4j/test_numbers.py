"""Numbers of alerts: without gaps, each alert has one and one owner, and they wait for no batch."""

from concurrent.futures import ThreadPoolExecutor
from random import Random

import pytest

from tapetum.graphstore.neo4j import Neo4jGraphStore
from tapetum.graphstore.neo4j.apply import ASK
from tests.graphstore.neo4j.conftest import Opens

pytestmark = pytest.mark.engine


def test_numbers_have_no_gaps_whoever_asks(opens: Opens) -> None:
    stores = [opens() for _ in range(3)]
    chance = Random(7)
    asked = [
        (store, [f"a{chance.randrange(40)}" for _ in range(8)], f"o{place}")
        for place, store in enumerate(chance.choices(stores, k=12))
    ]
    with ThreadPoolExecutor(6) as pool:
        given = list(pool.map(lambda one: one[0].number(one[1], one[2]), asked))
    held: dict[str, int] = {}
    for each in given:
        assert not held.keys() & each.keys(), "an alert has one owner"
        held |= each
    assert sorted(held.values()) == list(range(1, len(held) + 1))
    assert held.keys() == {alert for _, ids, _ in asked for alert in ids}
    for (store, ids, owner), each in zip(asked, given, strict=True):
        assert store.number(ids, owner) == each, "whoever asks again is told the same"


def test_a_transaction_that_fails_takes_no_number(opens: Opens) -> None:
    store, other = opens(), opens()
    assert store.number(["a"], "o") == {"a": 1}

    def fail() -> None:
        with store.transaction() as tx:
            assert store.number_unowned(tx, {"a": "known", "b": "told"}) == {"b": 2}
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert other.number(["b"], "p") == {"b": 2}


def test_numbers_wait_for_no_batch(opens: Opens) -> None:
    store, other = opens(), opens()
    with store.transaction() as tx:
        tx.run(ASK["take_turn"])
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(other.number, ["a"], "o").result(timeout=20) == {"a": 1}


def test_the_sequence_goes_on_where_the_graphs_was(opens: Opens) -> None:
    """Of a database that numbered alerts with its batches."""
    store = opens()
    run(store, "MERGE (s:Sequence {name: 'graph'}) SET s.alerts = 41")
    run(store, "MATCH (s:Sequence {name: 'alerts'}) DELETE s")
    run(store, "MATCH (m:Migration {store: 'graph', name: '0005_alert_numbers'}) DELETE m")
    assert store.migrate() == ["0005_alert_numbers"]
    assert store.number(["a"], "o") == {"a": 42}


def run(store: Neo4jGraphStore, statement: str) -> None:
    store.write(lambda tx: tx.run(statement))


def test_what_another_has_written_meanwhile_is_not_written_again(opens: Opens) -> None:
    """As it looks to who found it before the other's commit, and reads its words after it."""
    store = opens()
    with store.transaction() as tx:
        assert store.number_unowned(tx, {"a": "told", "b": "too"}) == {"a": 1, "b": 2}
    run(store, "MATCH (r:Raised {id: 'a'}) REMOVE r.told")
    assert store.unwritten() == [(2, "too")]
