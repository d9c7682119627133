"""The embedded composition: a batch is in every store or in none, once, and is told of in order."""

import asyncio
import os
import threading
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tapetum.bus.port import AlertsRaised, Subscription
from tapetum.domain.batches import Receipt, RecordKind
from tapetum.domain.errors import BadInputError, DamagedStoreError, UnavailableError
from tapetum.domain.moments import TimeRange
from tapetum.domain.scope import EVERYTHING, Scope
from tapetum.domain.service_graph import Shape
from tapetum.kql import parse
from tapetum.logstore.port import LetterSearch, Order, Search
from tapetum.service.embedded import Embedded
from tapetum.service.ledger import Totals
from tests.contract.graphs import WORKLOADS, assert_graph, edges, query, some_flows, some_ranges, some_scopes
from tests.support import oracle
from tests.support.factory import DAY, HOUR, MINUTE, NOW, SECOND, Bad, Flow, Hit, batch, net, wep
from tests.support.stores import store

LAST_DAY = TimeRange(NOW - DAY, NOW)
STOPPED = Hit(0, "sec", "log", "pass"), Hit(1, "app", "stop", "deny", namespace="shop")
DENIED = Flow(action="deny", hits=STOPPED)


@pytest.fixture
def embedded(tmp_path: Path) -> Generator[Embedded]:
    with store(tmp_path) as opened:
        yield opened


async def everything(embedded: Embedded) -> Any:
    graph = await embedded.graph.service_graph(EVERYTHING, query(LAST_DAY), WORKLOADS)
    return (
        await embedded.logs.search(EVERYTHING, Search(RecordKind.FLOWS, LAST_DAY), Order(), 500, None),
        await embedded.logs.dead_letters(EVERYTHING, LetterSearch(TimeRange(0, NOW + DAY)), 500, None),
        await embedded.logs.alerts_after(EVERYTHING, 0, 500),
        await embedded.logs.census(EVERYTHING),
        edges(graph),
        await embedded.graph.namespaces(EVERYTHING, None, 50),
        embedded.engine.read_now(embedded.differences),
        embedded.ledger.totals,
    )


async def test_a_batch_is_in_every_store_once(embedded: Embedded) -> None:
    lines = [Flow(mark=1), Bad(b"{"), Flow(mark=2), DENIED, Flow(mark=1)]
    assert embedded.commit(batch(lines)) == Receipt(lines=5, accepted=3, duplicates=1, rejected=1)
    before = await everything(embedded)
    assert embedded.commit(batch(lines)) == Receipt(lines=5, accepted=0, duplicates=5, rejected=0)
    assert embedded.commit(batch(lines[:1])) == Receipt(lines=1, accepted=0, duplicates=1, rejected=0)
    after = await everything(embedded)
    assert after[:-1] == before[:-1]
    assert before[-1] == Totals(batches=1, accepted=3, rejected=1)
    assert after[-1] == Totals(batches=2, accepted=3, rejected=1)
    (census,) = before[3]
    assert (census.records, census.rejected) == (3, 1)
    assert embedded.newest("east") == NOW - 10 * MINUTE
    assert embedded.newest("west") is None


@pytest.mark.parametrize("place", ["graph", "alerts", "between"])
async def test_a_batch_that_fails_anywhere_leaves_nothing(
    embedded: Embedded, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    embedded.commit(batch([Flow(source=wep("pay", "api"))]))
    before = await everything(embedded)

    def fail(*_: Any) -> Any:
        raise ZeroDivisionError

    path = {
        "graph": "tapetum.graphstore.duckdb.DuckDBGraphStore.apply",
        "alerts": "tapetum.logstore.duckdb.DuckDBLogStore.append_alerts",
        "between": "tapetum.detect.first_denied.alerts_of",
    }[place]
    async with embedded.bus.subscribe(RecordKind.FLOWS) as heard:
        with monkeypatch.context() as patch:
            patch.setattr(path, fail)
            with pytest.raises(ZeroDivisionError):
                embedded.commit(batch([DENIED, Bad(b"x")]))
        told = asyncio.create_task(first_of(heard))
        assert not (await asyncio.wait([told], timeout=0.05))[0], "told of a batch that is not there"
        told.cancel()
    assert await everything(embedded) == before
    assert embedded.commit(batch([DENIED, Bad(b"x")])) == Receipt(2, 1, 0, 1)
    assert (await embedded.logs.alerts_after(EVERYTHING, 0, 9))[0].number == 1


async def first_of(heard: Subscription) -> Any:
    async for event in heard:
        return event
    raise AssertionError("a subscription does not end")


def test_traffic_is_counted_when_it_is_committed_and_once(embedded: Embedded) -> None:
    given = batch([Flow(connections=3), Bad(b"x")])
    embedded.commit(given)
    embedded.commit(given)
    embedded.commit(batch([Flow(connections=3), Flow(connections=4, mark=1)]))
    (connections, *_) = embedded.traffic.collect()
    assert [sample.value for sample in connections.samples] == [7]


async def test_a_first_denial_is_told_once_with_who_decided(embedded: Embedded) -> None:
    async with embedded.bus.subscribe(RecordKind.ALERTS) as heard:
        embedded.commit(batch([Flow(mark=3), DENIED]))
        embedded.commit(batch([Flow(action="deny", port=81, dest=DENIED.dest)]))
        embedded.commit(batch([Flow(action="deny", dest=net("pub"), domain="evil.example", reporter="src")]))
        told = []
        async with asyncio.timeout(5):
            async for event in heard:
                told += event.alerts if isinstance(event, AlertsRaised) else []
                if len(told) == 2:
                    break
    first, second = told
    assert (first.number, second.number) == (1, 2)
    assert first.alert.evidence == (DENIED.id,)
    assert "denied at the source by app/stop" in first.alert.description
    assert second.alert.target.name == "evil.example"
    assert await embedded.logs.alerts_after(EVERYTHING, 0, 9) == told


async def test_alerts_of_many_writers_are_heard_in_the_order_of_their_numbers(embedded: Embedded) -> None:
    def write(writer: int) -> None:
        for step in range(8):
            embedded.commit(batch([Flow(source=wep("shop", f"w{writer}-{step}"), action="deny")]))

    async with embedded.bus.subscribe(RecordKind.ALERTS, capacity=1000) as heard:
        writers = [threading.Thread(target=write, args=(writer,)) for writer in range(4)]
        for writer in writers:
            writer.start()
        numbers: list[int] = []
        async with asyncio.timeout(30):
            async for event in heard:
                numbers += [one.number for one in cast("AlertsRaised", event).alerts]
                if len(numbers) == 32:
                    break
        for writer in writers:
            writer.join()
    assert numbers == list(range(1, 33))


async def test_readers_see_whole_batches_while_others_are_written(embedded: Embedded) -> None:
    """I3: however caches are filled, followed and dropped, an answer holds each batch whole or not at all."""
    size, batches = 40, 15
    ended = threading.Event()

    def write() -> None:
        for number in range(batches):
            flows = [
                Flow(source=wep("shop", f"w{number}-{place}"), at=NOW - MINUTE * (1 + place), bytes_in=1)
                for place in range(size // 2)
            ]
            flows += [
                Flow(at=NOW - MINUTE * (1 + place), bytes_in=1, mark=number) for place in range(size // 2)
            ]
            embedded.commit(batch(flows))
        ended.set()

    seen: list[int] = []

    async def read() -> None:
        while not ended.is_set():
            embedded.graph.forget()
            for _ in range(3):
                graph = await embedded.graph.service_graph(EVERYTHING, query(LAST_DAY), WORKLOADS)
                seen.append(int(graph.allowed.counts[:, 0].sum()))

    writer = threading.Thread(target=write)
    writer.start()
    await asyncio.gather(*(read() for _ in range(3)))
    writer.join()
    assert {count % size for count in seen} == {0}
    graph = await embedded.graph.service_graph(EVERYTHING, query(LAST_DAY), WORKLOADS)
    assert int(graph.allowed.counts[:, 0].sum()) == size * batches


# Filters on what roll-ups do not keep

FILTERS = {
    "process_name: curl": lambda flow: ("process_name", "curl") in flow.fields,
    "policy_hits:{name: stop and action: deny}": lambda flow: bool(flow.hits),
    "bytes_in > 0 and not reporter: dst": lambda flow: (flow.bytes_in or 0) > 0 and flow.reporter != "dst",
    "*": lambda _: True,
}


@settings(max_examples=10)
@given(
    flows=some_flows(30).map(oracle.distinct),
    within=some_ranges(),
    scope=some_scopes(),
    text=st.sampled_from(sorted(FILTERS)),
    cut=st.integers(0, 30),
)
def test_a_graph_of_raw_records_is_the_sum_of_its_flows(
    tmp_path_factory: pytest.TempPathFactory,
    flows: list[Flow],
    within: TimeRange,
    scope: Scope,
    text: str,
    cut: int,
) -> None:
    told = [
        replace(flow, fields=(("process_name", "curl"),), hits=STOPPED) if place % 3 == 0 else flow
        for place, flow in enumerate(flows)
    ]

    async def ask(embedded: Embedded) -> None:
        sums = await embedded.logs.sums(scope, Search(RecordKind.FLOWS, within, filter=parse(text)))
        for shape in (Shape(), WORKLOADS):
            graph = await embedded.graph.fold(scope, within, sums, shape)
            assert_graph(graph, oracle.chosen(told, within.start, within.end, scope, FILTERS[text]), shape)

    with store(tmp_path_factory.mktemp("raw")) as embedded:
        for part in (told[:cut], told[cut:], told[cut // 2 : cut]):
            embedded.commit(batch(part))
        asyncio.run(ask(embedded))
        assert embedded.engine.read_now(embedded.differences) == []


# Opening


async def test_answers_are_the_same_after_a_restart(tmp_path: Path) -> None:
    flows = [Flow(at=NOW - step * 17 * MINUTE, mark=step, port=step % 3) for step in range(60)]
    with store(tmp_path) as embedded:
        embedded.commit(batch([*flows, DENIED, Bad(b"x")]))
        before = await everything(embedded)
    for _ in range(2):
        with store(tmp_path) as embedded:
            assert await everything(embedded) == before
            assert embedded.commit(batch([*flows, DENIED, Bad(b"x")])).accepted == 0
            assert embedded.commit(batch(flows, id="other")).accepted == 0
        before = (*before[:-1], Totals(2, before[-1].accepted, before[-1].rejected))


def test_a_store_that_was_refused_can_be_restored_and_opened(tmp_path: Path) -> None:
    with store(tmp_path) as embedded:
        embedded.commit(batch([Flow(mark=mark) for mark in range(5)]))
    whole = (tmp_path / "tapetum.duckdb").read_bytes()
    for left in (None, whole[: len(whole) // 2], b"", b"nonsense"):
        file = tmp_path / "tapetum.duckdb"
        file.unlink()
        if left is not None:
            file.write_bytes(left)
        with pytest.raises(DamagedStoreError), store(tmp_path):
            pass
        file.write_bytes(whole)
        (tmp_path / "tapetum.duckdb.wal").unlink(missing_ok=True)
        with store(tmp_path) as embedded:
            assert embedded.ledger.totals.accepted == 5


def test_a_note_that_fails_is_made_up_for_before_the_batch_is_acknowledged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    lines = [Flow(mark=mark) for mark in range(7)]
    ledger = tmp_path / "acknowledged.ledger"
    with store(tmp_path) as embedded:
        embedded.commit(batch([Flow(at=NOW - SECOND)]))
        with monkeypatch.context() as patch:
            patch.setattr(os, "fdatasync", full)
            with pytest.raises(UnavailableError, match="No space left"):
                embedded.commit(batch(lines))
            with pytest.raises(UnavailableError, match="No space left"):
                embedded.commit(batch(lines))
        noted = ledger.read_bytes()
        assert embedded.commit(batch(lines)) == Receipt(7, 0, 7, 0)
        assert len(ledger.read_bytes()) > len(noted)
        assert ledger.read_bytes().split()[-4:-1] == [b"2", b"8", b"0"]
        assert embedded.commit(batch(lines)).duplicates == 7
        assert ledger.read_bytes().split()[-4:-1] == [b"2", b"8", b"0"]


def test_old_and_future_records_are_taken_as_they_are(embedded: Embedded) -> None:
    flows = [Flow(at=at) for at in (NOW - 400 * DAY, NOW + HOUR, 366 * DAY)]
    assert embedded.commit(batch(flows)).accepted == 3
    assert embedded.engine.read_now(embedded.differences) == []
    assert embedded.newest("east") == NOW + HOUR


@pytest.mark.parametrize("count", [2, 600])
async def test_counters_beyond_counting_are_refused_with_the_batch(tmp_path: Path, count: int) -> None:
    """They would overflow in the roll-ups, and a store whose roll-ups differ does not open."""
    flows = [Flow(bytes_in=(2**63 - 1) // (count // 2), mark=mark) for mark in range(count)]
    with store(tmp_path) as embedded:
        embedded.commit(batch([Flow(at=NOW - HOUR)]))
        before = await everything(embedded)
        with pytest.raises(BadInputError, match=r"bytes_in of this batch add up to 1\.84e\+19"):
            embedded.commit(batch(flows))
        assert await everything(embedded) == before
        embedded.commit(batch([Flow(bytes_in=2**61)]))
    with store(tmp_path) as embedded:
        assert embedded.ledger.totals.accepted == 2
