"""Both stores as one: what a delivery brings is in both, once, wherever an attempt ends; upkeep agrees."""

import asyncio
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tapetum.bus.port import Delivery
from tapetum.domain.batches import Receipt, RecordKind
from tapetum.domain.errors import UnavailableError
from tapetum.domain.moments import TimeRange
from tapetum.domain.networks import Networks
from tapetum.domain.scope import EVERYTHING
from tapetum.ingest.context import Limits
from tapetum.logstore.port import LetterSearch, Order, Search
from tapetum.service.distributed.applying import Applier
from tapetum.service.distributed.composition import Distributed
from tapetum.service.distributed.preview import Preview
from tapetum.service.distributed.recount import differences
from tapetum.service.distributed.upkeep import Upkeep
from tests.contract.graphs import WORKLOADS, a_flow, query
from tests.support import distributed, raw_flows
from tests.support.factory import DAY, HOUR, MINUTE, NOW, SECOND, Bad, Flow, batch
from tests.support.names import plain
from tests.support.rules import body, draft
from tests.support.stores import Clock, store

pytestmark = pytest.mark.engine

LAST_DAY = TimeRange(NOW - DAY, NOW)
EVER = TimeRange(0, NOW + DAY)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def stores(clock: Clock) -> Generator[Distributed]:
    with distributed.stores(clock) as opened:
        yield opened


async def everything(found: Any) -> Any:
    """All that a reader can find, of either composition."""
    graph = await found.graph.service_graph(EVERYTHING, query(LAST_DAY), WORKLOADS)
    return plain(
        [
            await found.logs.search(EVERYTHING, Search(RecordKind.FLOWS, EVER), Order(), 500, None),
            await found.logs.dead_letters(EVERYTHING, LetterSearch(EVER), 500, None),
            await found.logs.alerts_after(EVERYTHING, 0, 500),
            await found.logs.census(EVERYTHING),
            replace(graph, as_of=0),
            await found.graph.namespaces(EVERYTHING, None, 50),
        ]
    )


def told(found: Distributed) -> Any:
    found.logs.refresh()
    return asyncio.run(everything(found))


def assert_agree(found: Distributed) -> None:
    found.logs.refresh()
    assert asyncio.run(differences(found.logs, found.graph.upkeep.hour_sums())) == []


def lines_of(seed: int, count: int) -> list[Flow | Bad]:
    chance = Random(seed)
    lines: list[Flow | Bad] = [a_flow(Random(f"{seed}/{place}"), 3) for place in range(count)]
    lines += chance.sample(lines, len(lines) // 4)
    return [*lines, Bad(b"{")] if seed % 2 else lines


@settings(max_examples=6, phases=[Phase.generate])
@given(seeds=st.lists(st.integers(0, 2**32), min_size=1, max_size=4), chance=st.integers(0, 2**32))
def test_both_compositions_make_the_same_of_the_same_batches(seeds: list[int], chance: int) -> None:
    """Also when attempts fail at random steps, and are made again, by this worker or another."""
    steps = Random(chance)
    with (
        TemporaryDirectory() as folder,
        distributed.stores() as ours,
        store(Path(folder)) as embedded,
    ):
        for each in (ours, embedded):
            asyncio.run(each.catalog.save_document(EVERYTHING, None, draft("r", body(RULE))))
        for place, seed in enumerate([*seeds, seeds[0]]):
            one = batch(lines_of(seed, 12))
            delivery = f"delivery-{place}"
            receipt = attempted(ours, one, delivery, steps)
            assert receipt == embedded.commit(one)
            assert attempted(ours, one, delivery, steps) == receipt, "the same delivery, the same receipt"
        assert_agree(ours)
        assert told(ours) == asyncio.run(everything(embedded))


RULE = "action:deny or dest_port:80"
STEPS = (
    "graph.add",
    "graph.number",
    "logs.append_numbered",
    "logs.settle",
    "logs.append",
    "after the graph",
)


def attempted(ours: Distributed, one: Any, delivery: str, steps: Random) -> Receipt:
    for step in steps.choices(STEPS, k=steps.randrange(3)):
        with pytest.MonkeyPatch.context() as patch:
            fail_at(patch, ours, step)
            with suppress(UnavailableError):  # a step that is not reached does not fail
                ours.commit(one, delivery)
    return ours.commit(one, delivery)


def fail_at(patch: pytest.MonkeyPatch, ours: Distributed, step: str) -> None:
    def fail(*_: Any, **__: Any) -> Any:
        raise UnavailableError("This step fails.")

    if step == "after the graph":
        whole = ours.graph.write

        def write(work: Any) -> Any:
            whole(work)
            return fail()

        patch.setattr(type(ours.graph), "write", lambda _, work: write(work))
        return
    place, _, name = step.partition(".")
    patch.setattr(type(getattr(ours, place)), name, fail)


def delivered(name: str, *lines: bytes) -> Delivery:
    return Delivery(name, "east", "calico", "test", NOW, b"\n".join(lines) + b"\n")


def applier(found: Distributed) -> Applier:
    return Applier(found.logs, found, Networks([]), Limits(retention=30 * DAY))


@settings(max_examples=4, phases=[Phase.generate])
@given(seed=st.integers(0, 2**32))
def test_deliveries_applied_at_once_are_each_applied_once(seed: int) -> None:
    """They share lines, some are the same body, and steps fail at random in each."""
    chance = Random(seed)
    start = (NOW - HOUR) // SECOND
    lines = [
        raw_flows.line(start + place, host=str(place), action=chance.choice(("allow", "deny")))
        for place in range(60)
    ]
    bodies = [chance.sample(lines, 20) for _ in range(6)]
    sent = [delivered(f"d{place}", *chance.choice(bodies), b"{") for place in range(10)]
    with distributed.stores() as ours, pytest.MonkeyPatch.context() as patch:
        asyncio.run(ours.catalog.save_document(EVERYTHING, None, draft("r", body("action:deny"))))
        for step in STEPS[:-1]:
            fail_now_and_then(patch, ours, step, Random(f"{seed} {step}"))
        applies = applier(ours)

        def until_applied(delivery: Delivery) -> Receipt:
            while True:
                with suppress(UnavailableError):
                    return applies.apply(delivery)

        with ThreadPoolExecutor(5) as pool:
            receipts = list(pool.map(until_applied, sent))
        assert [until_applied(each) for each in sent] == receipts, "the same delivery, the same receipt"
        used = {line for each in sent for line in each.body.splitlines()} - {b"{"}
        assert sum(receipt.accepted for receipt in receipts) == len(used)
        assert {receipt.lines for receipt in receipts} == {21}
        assert sum(receipt.rejected for receipt in receipts) == len({each.body for each in sent})
        assert_agree(ours)
        assert asyncio.run(ours.logs.count(EVERYTHING, Search(RecordKind.FLOWS, EVER))) == len(used)
        raised = asyncio.run(ours.logs.alerts_after(EVERYTHING, 0, 500))
        denied = any(b'"action":"deny"' in line for line in used)
        assert [one.number for one in raised] == ([1, 2] if denied else [])


def fail_now_and_then(patch: pytest.MonkeyPatch, ours: Distributed, step: str, chance: Random) -> None:
    place, _, name = step.partition(".")
    kind = type(getattr(ours, place))
    whole = getattr(kind, name)

    def perhaps(*given: Any, **named: Any) -> Any:
        if chance.random() < 0.15:
            raise UnavailableError("This step fails now.")
        found = whole(*given, **named)
        if chance.random() < 0.15:
            raise UnavailableError("This step was done, and nobody heard of it.")
        return found

    patch.setattr(kind, name, perhaps)


def test_what_a_store_refuses_becomes_dead_letters_with_the_reason(stores: Distributed) -> None:
    start = (NOW - HOUR) // SECOND
    huge = [raw_flows.line(start, host=str(place), bytes_in=2**53 - 1) for place in range(600)]
    fine = raw_flows.line(start, host="fine")
    applies = applier(stores)
    assert applies.apply(delivered("one", fine)) == Receipt(1, 1, 0, 0)
    receipt = applies.apply(delivered("two", *huge, b"no json"))
    assert receipt == Receipt(601, 0, 0, 601)
    assert applies.apply(delivered("two", *huge, b"no json")) == receipt
    assert applies.apply(delivered("three", *huge, b"no json")) == Receipt(601, 0, 601, 0)
    stores.logs.refresh()
    letters, more = asyncio.run(stores.logs.dead_letters(EVERYTHING, LetterSearch(EVER), 500, None))
    assert more
    reasons = {letter.reason for letter in letters if letter.line.startswith("{")}
    assert len(reasons) == 1
    assert "more than can be counted" in reasons.pop()
    assert_agree(stores)
    assert asyncio.run(stores.logs.count(EVERYTHING, Search(RecordKind.FLOWS, EVER))) == 1


@pytest.mark.parametrize("after_graph", [False, True])
def test_what_is_given_up_is_not_there_in_two_classes(
    stores: Distributed, monkeypatch: pytest.MonkeyPatch, *, after_graph: bool
) -> None:
    one = delivered("one", raw_flows.line((NOW - HOUR) // SECOND), b"no json")
    applies = applier(stores)
    with monkeypatch.context() as patch:
        fail_at(patch, stores, "logs.append_numbered" if after_graph else "graph.add")
        with pytest.raises(UnavailableError):
            applies.apply(one)
    if after_graph:
        with pytest.raises(UnavailableError, match="must be finished"):
            applies.give_up(one, "could not be applied")
        assert applies.apply(one) == Receipt(2, 1, 0, 1)
    else:
        assert applies.give_up(one, "could not be applied") == Receipt(2, 0, 0, 2)
    assert_agree(stores)


def test_judging_needs_no_engine() -> None:
    line = raw_flows.line((NOW - HOUR) // SECOND)
    nothing: Any = None
    applies = Applier(nothing, nothing, Networks([]), Limits())
    preview = Preview(lambda: applies.read(delivered("x", line, line, b"{", b" ")), nothing)
    assert preview.receipt() == Receipt(lines=3, accepted=1, duplicates=1, rejected=1)


@pytest.mark.parametrize("reached_the_graph", [False, True])
def test_an_import_that_was_cut_off_is_ended_by_upkeep(
    stores: Distributed, clock: Clock, *, reached_the_graph: bool
) -> None:
    stores.commit(batch([Flow(mark=1)]))
    before = told(stores)
    cut_off = batch([Flow(mark=2), Bad(b"{")], received_at=clock.now)
    attempt = stores.logs.transaction()
    appended = stores.logs.append(attempt.__enter__(), cut_off)  # never left: the process is gone
    if reached_the_graph:
        stores.graph.write(lambda tx: stores.graph.apply(tx, cut_off.id, appended.fresh, cut_off.traces))
    upkeep = Upkeep(stores, 30)
    upkeep.once(retain=False)
    assert told(stores) != before, "it may still be at it"
    clock.now += 16 * MINUTE
    upkeep.once(retain=True)
    assert_agree(stores)
    assert (told(stores)[0] == before[0]) is not reached_the_graph
    assert stores.commit(cut_off).accepted == (0 if reached_the_graph else 1)
    assert_agree(stores)


def test_retention_takes_whole_days_from_both(stores: Distributed, clock: Clock) -> None:
    clock.now = NOW - 50 * DAY
    flows = [Flow(at=clock.now - days * DAY - HOUR, mark=days) for days in range(0, 40, 3)]
    for flow in flows:
        stores.commit(batch([flow], received_at=clock.now))
    clock.now = NOW
    stores.commit(batch([Flow()], received_at=clock.now))
    upkeep = Upkeep(stores, 10)
    upkeep.once(retain=True)
    assert_agree(stores)
    assert asyncio.run(stores.logs.count(EVERYTHING, Search(RecordKind.FLOWS, EVER))) == 1
    (namespace,) = {edge.cluster for edge in asyncio.run(stores.graph.namespaces(EVERYTHING, None, 9))}
    assert namespace == "east"
    upkeep.once(retain=True)
    assert_agree(stores)
