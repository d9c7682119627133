"""Deliveries over the engines: two processes at once, of which one sends and the other takes over."""

import asyncio

import msgspec
import pytest

from tapetum.catalog.documents import Draft
from tapetum.domain.alerts import Alert
from tapetum.domain.deliveries import HELD_FOR, Answer, Outcome
from tapetum.domain.documents import DocumentKind
from tapetum.domain.receivers import Receiver
from tapetum.domain.scope import EVERYTHING
from tapetum.service.delivery.runner import Deliveries
from tapetum.service.distributed.composition import Distributed
from tests.api.world import some_alert
from tests.support import distributed
from tests.support.factory import NOW
from tests.support.stores import Clock

pytestmark = pytest.mark.engine

BODY = {"format": 1, "title": "SOC", "receiver": {"kind": "webhook", "url": "https://soc.example/x"}}


def test_each_alert_is_sent_once_and_in_order_by_whoever_is_at_it() -> None:
    clock = Clock()
    with distributed.stores(clock) as stores:
        asyncio.run(_delivered(stores, clock))


async def _delivered(stores: Distributed, clock: Clock) -> None:
    sent: list[tuple[str, str]] = []

    def process(name: str) -> Deliveries:
        async def send(target: str, receiver: Receiver, alert: Alert) -> Answer:
            await asyncio.sleep(0)
            sent.append((name, alert.id))
            return Answer(Outcome.DELIVERED, "ok.")

        return Deliveries(stores.catalog, stores.logs, send, clock, name)

    def raise_some(*marks: int) -> list[str]:
        alerts = [some_alert(mark) for mark in marks]
        for alert in alerts:
            stores.raise_alerts(alert.id, [alert])
        return [alert.id for alert in alerts]

    one, other = process("one"), process("other")
    body = msgspec.json.encode(BODY).decode()
    draft = Draft("t", DocumentKind.DELIVERY_TARGET, "SOC", "webhook", True, body, None, NOW)
    await stores.catalog.save_document(EVERYTHING, None, draft)
    await asyncio.gather(one.once(), other.once())
    first = await asyncio.to_thread(raise_some, 1, 2, 3)
    async with asyncio.timeout(120):
        while len(sent) < len(first):
            await asyncio.gather(one.once(), other.once())
    assert [alert for _, alert in sent] == first
    ((holder, *_),) = {(name,) for name, _ in sent}
    rest = other if holder == "one" else one
    second = await asyncio.to_thread(raise_some, 4, 5)
    await rest.once()
    assert len(sent) == len(first), "it is another's"
    clock.now += HELD_FOR
    async with asyncio.timeout(120):
        while len(sent) < len(first) + len(second):
            await rest.once()
    assert [alert for _, alert in sent] == first + second
    assert {name for name, _ in sent[len(first) :]} == {"one", "other"} - {holder}
