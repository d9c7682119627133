"""Deliveries: every attempt at a batch, by whichever worker, arrives at the same set (decision 8)."""

import asyncio
import random
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pyarrow as pa
import pytest

from tapetum.domain.batches import Batch, Receipt, RecordKind
from tapetum.domain.errors import UnavailableError
from tapetum.domain.moments import TimeRange
from tapetum.domain.scope import EVERYTHING
from tapetum.logstore.elasticsearch import ElasticsearchLogStore
from tapetum.logstore.port import Appended, LetterSearch, Search
from tests.support import on_elasticsearch
from tests.support.factory import DAY, HOUR, NOW, Bad, Flow, batch
from tests.support.stores import Clock

pytestmark = pytest.mark.engine

EVER = TimeRange(0, NOW + DAY)


@pytest.fixture
def store() -> Generator[ElasticsearchLogStore]:
    with on_elasticsearch.log_store(Clock()) as opened:
        yield opened


def deliver(store: ElasticsearchLogStore, delivery: str, one: Batch, *, settle: bool = True) -> Appended:
    store.intent(one.id, delivery, one.received_at, None)
    with store.transaction(delivery) as attempt:
        appended = store.append(attempt, one)
    if settle:
        store.settle(delivery, one.id, appended.receipt)
    return appended


def stored(store: ElasticsearchLogStore) -> tuple[int, int]:
    """Records and dead letters."""
    store.refresh()

    async def count() -> tuple[int, int]:
        records = await store.count(EVERYTHING, Search(RecordKind.FLOWS, EVER))
        return records, await store.count_dead_letters(EVERYTHING, LetterSearch(EVER))

    return asyncio.run(count())


def new(appended: Appended) -> list[str]:
    return appended.fresh.column("id").to_pylist()


def test_each_attempt_at_a_delivery_finds_the_same_new_records(store: ElasticsearchLogStore) -> None:
    old = Flow(mark=9)
    deliver(store, "first", batch([old]))
    one = batch([Flow(mark=1), old, Bad(b"{"), Flow(mark=1), Flow(mark=2)])
    attempts = [deliver(store, "second", one, settle=False) for _ in range(3)]
    assert {tuple(new(attempt)) for attempt in attempts} == {(Flow(mark=1).id, Flow(mark=2).id)}
    assert {attempt.receipt for attempt in attempts} == {Receipt(5, 2, 2, 1)}
    assert not any(attempt.replayed for attempt in attempts)
    assert stored(store) == (3, 1)


def test_an_attempt_asks_the_journal_once(
    store: ElasticsearchLogStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    server = store._server
    ask = server.do

    def noting(method: str, path: str, *told: Any, **options: Any) -> tuple[int, Any]:
        asked.append(f"{method} {path.partition('/_doc')[0].rpartition('-')[2]}")
        return ask(method, path, *told, **options)

    monkeypatch.setattr(server, "do", noting)
    one = batch([Flow(mark=1)])
    deliver(store, "d", one, settle=False)
    assert asked.count("PUT journal") == 1
    assert "GET journal" not in asked
    assert new(deliver(store, "d", one)) == [Flow(mark=1).id]
    assert deliver(store, "another", one).replayed


@pytest.mark.parametrize("fault_at", range(6))
def test_what_an_attempt_left_counts_at_the_next(store: ElasticsearchLogStore, fault_at: int) -> None:
    """Some of the documents are there already, as after kill -9 amid a bulk request."""
    chance = random.Random(fault_at)
    lines = [Flow(mark=mark, at=NOW - mark * HOUR) for mark in range(40)] + [Bad(b"x")]
    one = batch(lines)
    store.intent(one.id, "d", NOW, None)
    some = pa.array([chance.random() < fault_at / 5 for _ in range(40)])
    part = Batch(
        one.id, one.cluster, one.kind, one.source, NOW, one.lines, one.records.filter(some), one.traces, ()
    )
    with store.transaction("d") as attempt:
        store.append(attempt, part)
    appended = deliver(store, "d", one)
    assert appended.receipt == Receipt(41, 40, 0, 1)
    assert new(appended) == [line.id for line in lines if isinstance(line, Flow)]
    assert stored(store) == (40, 1)


def test_a_settled_delivery_gets_its_own_receipt_and_another_only_duplicates(
    store: ElasticsearchLogStore,
) -> None:
    one = batch([Flow(mark=1), Bad(b"{")])
    assert store.receipt("a") is None
    deliver(store, "a", one)
    again, other = deliver(store, "a", one), deliver(store, "b", one)
    assert (again.replayed, again.receipt, again.fresh.num_rows) == (True, Receipt(2, 1, 0, 1), 0)
    assert (other.replayed, other.receipt, other.fresh.num_rows) == (True, Receipt(2, 0, 2, 0), 0)
    assert store.receipt("a") == Receipt(2, 1, 0, 1)
    told = store.receipts(["a", "none", "b"])
    assert told == {"a": Receipt(2, 1, 0, 1), "b": Receipt(2, 0, 2, 0)}
    store.settle("a", one.id, Receipt(2, 0, 2, 0))
    assert store.receipt("a") == Receipt(2, 1, 0, 1)
    assert store.receipts([]) == {}


def test_the_first_attempt_fixes_what_a_batch_is_decoded_with(store: ElasticsearchLogStore) -> None:
    first = store.intent("batch", "a", NOW, NOW - HOUR)
    later = store.intent("batch", "b", NOW + 5, None)
    assert first.created
    assert not later.created
    assert (later.delivery, later.received_at, later.newest) == ("a", NOW, NOW - HOUR)


def test_many_workers_at_one_delivery_agree(store: ElasticsearchLogStore) -> None:
    lines = [Flow(mark=mark) for mark in range(300)] + [Bad(b"x")]
    with ThreadPoolExecutor(6) as pool:
        attempts = list(pool.map(lambda _: deliver(store, "d", batch(lines)), range(6)))
    told = [one for one in attempts if not one.replayed]
    assert told
    assert {one.receipt for one in attempts} == {Receipt(301, 300, 0, 1)}
    assert all(one.fresh.num_rows == 300 for one in told)
    assert stored(store) == (300, 1)


def test_the_same_lines_in_many_batches_at_once_are_stored_once(store: ElasticsearchLogStore) -> None:
    flows = [Flow(mark=mark) for mark in range(200)]

    def send(place: int) -> Receipt:
        shuffled = random.Random(place).sample(flows, len(flows))
        return deliver(store, f"d{place}", batch(shuffled, id=f"b{place}")).receipt

    with ThreadPoolExecutor(5) as pool:
        receipts = list(pool.map(send, range(5)))
    assert sum(receipt.accepted for receipt in receipts) == 200
    assert sum(receipt.duplicates for receipt in receipts) == 800
    assert stored(store) == (200, 0)


def test_a_delivery_continues_a_direct_write_that_was_cut_off(store: ElasticsearchLogStore) -> None:
    one = batch([Flow(mark=1), Flow(mark=2)])
    attempt = store.transaction()
    store.append(attempt.__enter__(), one)  # and the process ends
    appended = deliver(store, "d", one)
    assert (appended.replayed, appended.receipt) == (False, Receipt(2, 2, 0, 0))
    assert stored(store) == (2, 0)


def test_a_failing_step_of_a_delivery_keeps_what_is_there(store: ElasticsearchLogStore) -> None:
    one = batch([Flow(mark=1)])

    def fail() -> None:
        with store.transaction("d") as attempt:
            store.append(attempt, one)
            raise UnavailableError("the graph is away")

    with pytest.raises(UnavailableError):
        fail()
    assert stored(store) == (1, 0)
    assert store.receipt("d") is None
    assert new(deliver(store, "d", one)) == [Flow(mark=1).id]


def test_undo_leaves_nothing_of_a_batch_and_all_of_others(store: ElasticsearchLogStore) -> None:
    kept, gone = Flow(mark=1), Flow(mark=2)
    deliver(store, "a", batch([kept, Bad(b"k")]))
    one = batch([kept, gone, Bad(b"g")])
    deliver(store, "b", one, settle=False)
    store.undo(one.id)
    assert stored(store) == (1, 1)
    bad = batch([Bad(kept.line), Bad(gone.line), Bad(b"g")], id=one.id)
    assert deliver(store, "b", bad).receipt == Receipt(3, 0, 0, 3)
    assert stored(store) == (1, 4)


def test_bytes_that_are_no_text_are_kept_beside_the_text(store: ElasticsearchLogStore) -> None:
    deliver(store, "a", batch([Bad(b"\xff\x00"), Bad(b"plain")]))
    store.refresh()
    body: Any = {"query": {"match_all": {}}, "sort": ["id"]}
    hits = store._server.search_now([f"{store._names.prefix}-letters"], body)["hits"]["hits"]
    assert [hit["_source"].get("bytes") for hit in hits] == ["/wA=", None]
