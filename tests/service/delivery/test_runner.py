"""Deliveries over a real catalog: in order, at least once, whatever fails or restarts in between."""

import asyncio
import random
from collections.abc import Generator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapetum.catalog.documents import Draft, Owned, Removal, to_save
from tapetum.catalog.duckdb import DuckDBCatalog
from tapetum.domain.alerts import Alert, NumberedAlert
from tapetum.domain.deliveries import (
    HELD_FOR,
    LONGEST_ASKED,
    LONGEST_WAIT,
    MOST_REFUSALS,
    Answer,
    DeliveryState,
    Outcome,
    wait_of,
)
from tapetum.domain.documents import Document, DocumentKind
from tapetum.domain.errors import UnavailableError
from tapetum.domain.moments import MINUTE, SECOND
from tapetum.domain.receivers import Receiver, ReceiverKind
from tapetum.domain.scope import EVERYTHING, Scope
from tapetum.embedded.duckdb import Engine
from tapetum.service.delivery.runner import Deliveries
from tapetum.service.delivery.tally import DeliveryTally
from tests.api.world import some_alert
from tests.support.stores import Clock

KIND = DocumentKind.DELIVERY_TARGET
OK = Answer(Outcome.DELIVERED, "ok.")
BAD = Answer(Outcome.REFUSED, "no such project.")
LATER = Answer(Outcome.PUT_OFF, "later.")
WEBHOOK = {"kind": "webhook", "url": "https://soc.example/hook"}


class Killed(BaseException):
    """What a process does not survive."""


@dataclass
class Raised:
    """Alerts by number; numbers may be missing, as those of alerts that are gone."""

    alerts: list[NumberedAlert] = field(default_factory=list[NumberedAlert])

    def add(self, *alerts: Alert, step: int = 1) -> None:
        for alert in alerts:
            number = (self.alerts[-1].number if self.alerts else 0) + step
            self.alerts.append(NumberedAlert(number, alert))

    async def alerts_after(self, scope: Scope, number: int, limit: int) -> list[NumberedAlert]:
        return [each for each in self.alerts if each.number > number][:limit]

    async def last_alert(self, scope: Scope) -> int:
        return self.alerts[-1].number if self.alerts else 0


@dataclass
class Memory:
    """As much of a catalog as deliveries ask; the contract holds the real ones to the same."""

    saved: dict[str, Document] = field(default_factory=dict[str, Document])
    states: dict[str, DeliveryState] = field(default_factory=dict[str, DeliveryState])

    async def save_document(self, scope: Scope, caller: str | None, draft: Draft) -> None:
        self.saved[draft.id] = to_save(draft, self.saved.get(draft.id), Owned(0, 0), scope, caller)

    async def documents(self, *_: object) -> list[Document]:
        return list(self.saved.values())

    async def delivery_states(self, scope: Scope) -> list[DeliveryState]:
        return list(self.states.values())

    async def keep_delivery(
        self, scope: Scope, version: int, before: DeliveryState | None, after: DeliveryState
    ) -> bool:
        kept = self.states.get(after.target)
        if (kept and kept.revision) != (before and before.revision):
            return False
        self.states[after.target] = after
        return True


@dataclass
class Bench:
    catalog: Any
    clock: Clock = field(default_factory=Clock)
    raised: Raised = field(default_factory=Raised)
    answers: dict[str, list[Answer]] = field(default_factory=dict[str, list[Answer]])
    sent: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    tally: DeliveryTally = field(default_factory=DeliveryTally)

    async def send(self, target: str, receiver: Receiver, alert: Alert) -> Answer:
        self.sent.append((target, alert.id))
        planned = self.answers.get(target)
        return planned.pop(0) if planned else OK

    def deliveries(self, holder: str = "one") -> Deliveries:
        return Deliveries(
            self.catalog, self.raised, self.send, self.clock, holder, chance=lambda: 0.0, tally=self.tally
        )

    async def save(self, target: str, version: int | None = None, **says: Any) -> None:
        body = {"format": 1, "title": target, "receiver": WEBHOOK, **says}
        text = msgspec.json.encode(body).decode()
        draft = Draft(target, KIND, target, "webhook", True, text, version, self.clock())
        await self.catalog.save_document(EVERYTHING, None, draft)

    async def state(self, target: str) -> DeliveryState:
        return next(each for each in await self.catalog.delivery_states(EVERYTHING) if each.target == target)

    def marks(self, target: str) -> list[str]:
        return [alert.removeprefix("alert-east-shop-") for to, alert in self.sent if to == target]


@pytest.fixture
def bench() -> Generator[Bench]:
    engine = Engine(None)
    yield Bench(DuckDBCatalog(engine))
    engine.close()


async def test_what_is_raised_after_a_target_was_made_is_sent_once_and_in_order(bench: Bench) -> None:
    bench.raised.add(some_alert(0), some_alert(1))
    await bench.save("t")
    await bench.deliveries().once()
    assert bench.sent == [], "history is not sent"
    bench.raised.add(some_alert(2), some_alert(3), step=5)
    one = bench.deliveries()
    await one.once()
    await one.once()
    assert bench.marks("t") == ["2", "3"]
    state = await bench.state("t")
    assert (state.number, state.delivered, state.delivered_at) == (12, 2, bench.clock())


async def test_only_what_a_target_wants_is_sent(bench: Bench) -> None:
    await bench.save("t", minimumSeverity=40, clusters=["east"], filter="title: *2 or title: *3")
    await bench.deliveries().once()
    bench.raised.add(
        some_alert(1), some_alert(2, severity=39), some_alert(2, cluster="west"), some_alert(2), some_alert(3)
    )
    bench.raised.add(some_alert(4))
    await bench.deliveries().once()
    assert bench.marks("t") == ["2", "3"]
    assert (await bench.state("t")).number == 6


async def test_a_receiver_that_is_away_is_asked_again_ever_less_often_and_loses_nothing(bench: Bench) -> None:
    await bench.save("t")
    await bench.save("other")
    one = bench.deliveries()
    await one.once()
    bench.raised.add(some_alert(1), some_alert(2))
    bench.answers["t"] = [LATER] * 3
    waits = []
    for _ in range(4):
        await one.once()
        state = await bench.state("t")
        waits.append(state.wait // SECOND)
        before = len(bench.sent)
        bench.clock.now += max(0, state.wait - 1)
        await one.once()
        assert len(bench.sent) == before, "not before it is due"
        bench.clock.now += 1
    assert waits == [2, 4, 8, 0]
    assert bench.marks("t") == ["1", "1", "1", "1", "2"]
    assert bench.marks("other") == ["1", "2"], "one does not keep back another's"


async def test_what_is_refused_for_good_is_set_down_and_the_rest_goes_on(bench: Bench) -> None:
    await bench.save("t")
    one = bench.deliveries()
    await one.once()
    bench.raised.add(some_alert(1), some_alert(2))
    bench.answers["t"] = [BAD] * MOST_REFUSALS
    for tries in range(1, MOST_REFUSALS):
        await one.once()
        state = await bench.state("t")
        assert (state.tries, state.problem, state.failed) == (tries, BAD.said, 0)
        bench.clock.now += state.wait
    await one.once()
    state = await bench.state("t")
    assert bench.marks("t") == ["1"] * MOST_REFUSALS + ["2"]
    assert (state.failed, state.delivered, state.problem) == (1, 1, None)
    (failure,) = state.failures
    assert (failure.alert, failure.number, failure.reason) == ("alert-east-shop-1", 1, BAD.said)


async def test_a_target_that_was_changed_is_tried_at_once(bench: Bench) -> None:
    await bench.save("t")
    one = bench.deliveries()
    await one.once()
    bench.raised.add(some_alert(1))
    bench.answers["t"] = [replace(LATER, after=5 * MINUTE)]
    await one.once()
    assert (await bench.state("t")).wait == 5 * MINUTE
    await bench.save("t", version=1, title="again")
    await one.once()
    assert bench.marks("t") == ["1", "1"]


async def test_a_target_that_is_switched_off_keeps_its_place(bench: Bench) -> None:
    await bench.save("t")
    one = bench.deliveries()
    await one.once()
    await bench.save("t", version=1, enabled=False)
    bench.raised.add(some_alert(1))
    await one.once()
    assert bench.sent == []
    await bench.save("t", version=2)
    await one.once()
    assert bench.marks("t") == ["1"]


async def test_one_process_at_a_time_has_a_target_and_another_takes_over(bench: Bench) -> None:
    await bench.save("t")
    one, other = bench.deliveries("one"), bench.deliveries("other")
    await one.once()
    bench.raised.add(some_alert(1))
    await other.once()
    assert bench.sent == []
    bench.clock.now += HELD_FOR
    await asyncio.gather(one.once(), other.once())
    assert bench.marks("t") == ["1"]


async def test_a_target_deleted_while_it_is_served_ends_quietly(bench: Bench) -> None:
    await bench.save("t")
    one = bench.deliveries()
    await one.once()
    bench.raised.add(some_alert(1), some_alert(2))
    send = bench.send

    async def deleting(target: str, receiver: Receiver, alert: Alert) -> Answer:
        await bench.catalog.remove_document(EVERYTHING, None, Removal("t", KIND, None))
        return await send(target, receiver, alert)

    one = Deliveries(bench.catalog, bench.raised, deleting, bench.clock, "one")
    await one.once()
    await one.once()
    assert bench.marks("t") == ["1"]
    assert await bench.catalog.delivery_states(EVERYTHING) == []


async def test_tries_are_counted(bench: Bench) -> None:
    await bench.save("t")
    await bench.deliveries().once()
    bench.raised.add(some_alert(1))
    bench.answers["t"] = [LATER]
    await bench.deliveries().once()
    (family,) = bench.tally.collect()
    counted = {tuple(one.labels.values()): one.value for one in family.samples if one.value}
    assert counted == {(ReceiverKind.WEBHOOK.value, Outcome.PUT_OFF.value): 1}


@given(st.integers(1, 10_000), st.none() | st.integers(0, 10**15), st.floats(0, 1))
def test_waits_are_bounded_and_never_shorter_than_was_asked(
    tries: int, asked: int | None, chance: float
) -> None:
    wait = wait_of(tries, asked, chance)
    assert SECOND <= wait <= max(LONGEST_WAIT, LONGEST_ASKED)
    assert asked is None or wait >= min(asked, LONGEST_ASKED)


@given(st.integers(0, 10**9), st.lists(st.integers(0, 8), min_size=1, max_size=12))
def test_every_alert_comes_in_order_through_failures_and_restarts(seed: int, bursts: list[int]) -> None:
    """Each alert is taken, or set down as failed; another time only if the word of it was lost."""
    asyncio.run(_through(Bench(Memory()), random.Random(seed), bursts))


@dataclass
class Unreliable:
    """A receiver, and a process that may be killed before it came and after, before that was known."""

    chance: random.Random
    taken: list[str] = field(default_factory=list[str])
    unknown: int = 0

    async def send(self, target: str, receiver: Receiver, alert: Alert) -> Answer:
        match self.chance.randrange(8):
            case 0:
                raise Killed
            case 1:
                self.taken.append(alert.id)
                self.unknown += 1
                raise Killed
            case 2:
                return replace(LATER, after=self.chance.choice([None, 3 * SECOND]))
            case 3:
                return BAD
        self.taken.append(alert.id)
        return OK


async def _through(bench: Bench, chance: random.Random, bursts: list[int]) -> None:
    receiver = Unreliable(chance)

    async def a_round(rest: int) -> None:
        holder = chance.choice(["one", "other"])
        with suppress(Killed):
            await Deliveries(
                bench.catalog, bench.raised, receiver.send, bench.clock, holder, chance=chance.random
            ).once()
        bench.clock.now += rest * SECOND

    await bench.save("t")
    await bench.deliveries().once()
    for burst in bursts:
        bench.raised.add(*(some_alert(len(bench.raised.alerts) + each) for each in range(burst)))
        await a_round(chance.randrange(40))
    for _ in range(2000):
        if (await bench.state("t")).number == len(bench.raised.alerts):
            break
        await a_round(40)
    state = await bench.state("t")
    raised = [each.alert.id for each in bench.raised.alerts]
    failed = [each.alert for each in state.failures]
    assert set(receiver.taken) | set(failed) == set(raised), "nothing is lost"
    places = [raised.index(each) for each in receiver.taken]
    assert places == sorted(places), "in order"
    assert len(places) - len(set(places)) <= receiver.unknown, "doubled only where the word was lost"
    assert (state.delivered, state.failed) == (len(raised) - len(failed), len(failed))


async def test_a_store_that_is_away_after_a_delivery_has_it_sent_again(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    await bench.save("t")
    await bench.deliveries().once()
    bench.raised.add(some_alert(1))

    async def away(*_: object) -> bool:
        raise UnavailableError("The store is away.")

    with monkeypatch.context() as patched:
        patched.setattr(bench.catalog, "keep_delivery", away)
        await bench.deliveries().once()
    await bench.deliveries().once()
    assert bench.marks("t") == ["1", "1"]


async def test_what_was_answered_is_kept_by_a_process_that_is_told_to_stop(bench: Bench) -> None:
    await bench.save("t")
    await bench.deliveries().once()
    bench.raised.add(some_alert(1), some_alert(2))
    keep, begun = bench.catalog.keep_delivery, asyncio.Event()

    async def slow(*asked: Any) -> bool:
        begun.set()
        await asyncio.sleep(0.05)
        return await keep(*asked)

    bench.catalog.keep_delivery = slow
    stopping = bench.deliveries()
    async with stopping.running():
        async with asyncio.timeout(30):
            while not bench.sent:
                begun.clear()
                await begun.wait()
    bench.catalog.keep_delivery = keep
    assert (await bench.state("t")).delivered == len(bench.sent)
    await bench.deliveries().once()
    assert bench.marks("t") == ["1", "2"]
