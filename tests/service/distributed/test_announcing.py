"""Alerts ahead of the stores: each is raised once, whoever comes first, and says what it would say."""

import asyncio
from collections.abc import Generator
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from tapetum.domain.alerts import NumberedAlert
from tapetum.domain.batches import Batch
from tapetum.domain.errors import UnavailableError
from tapetum.domain.scope import EVERYTHING
from tapetum.service.distributed.announcing import Announcer
from tapetum.service.distributed.composition import Distributed
from tests.contract.graphs import a_flow
from tests.support import distributed
from tests.support.factory import DAY, NOW, Flow, batch, wep
from tests.support.rules import body, draft
from tests.support.stores import Clock

pytestmark = pytest.mark.engine

RULE = "action: deny or dest_port: 80"
DENIED = Flow(source=wep("shop", "web"), action="deny", port=81)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def stores(clock: Clock) -> Generator[Distributed]:
    with distributed.stores(clock) as opened:
        asyncio.run(opened.catalog.save_document(EVERYTHING, None, draft("r", body(RULE))))
        yield opened


def announce(stores: Distributed, one: Batch) -> None:
    asyncio.run(Announcer(stores, 30 * DAY).announce(one))


def raised(stores: Distributed) -> list[NumberedAlert]:
    return asyncio.run(stores.logs.alerts_after(EVERYTHING, 0, 500))


def told(found: list[NumberedAlert]) -> dict[str, Any]:
    return {each.alert.id: each.alert for each in found}


def test_what_was_announced_is_not_raised_again(stores: Distributed) -> None:
    one = batch([DENIED, Flow()])
    announce(stores, one)
    ahead = raised(stores)
    assert sorted(each.alert.rule for each in ahead) == ["A rule", "A rule", "first-denied"]
    announce(stores, one)
    stores.commit(one, "d")
    assert raised(stores) == ahead


def test_it_says_what_storing_says() -> None:
    one = batch([DENIED, Flow(), replace(DENIED, mark=1, at=DENIED.at + 5)])
    found = []
    for first in (announce, lambda stores, one: stores.commit(one, "d")):
        with distributed.stores(Clock()) as stores:
            asyncio.run(stores.catalog.save_document(EVERYTHING, None, draft("r", body(RULE))))
            first(stores, one)
            found.append(raised(stores))
    assert found[0] == found[1]


def test_what_is_stored_is_not_announced(stores: Distributed, clock: Clock) -> None:
    """Also by another batch, and before there was a rule for it."""
    asyncio.run(stores.catalog.save_document(EVERYTHING, None, draft("r", body("dest_port: 1"), 1)))
    stores.commit(batch([DENIED, Flow()]), "d")
    before = raised(stores)
    asyncio.run(stores.catalog.save_document(EVERYTHING, None, draft("r", body(RULE), 2)))
    clock.now += DAY
    announce(stores, batch([DENIED, Flow(), Flow(mark=7, port=443)]))
    assert raised(stores) == before


def test_what_retention_will_refuse_is_not_announced(stores: Distributed) -> None:
    stores.commit(batch([Flow(port=443, at=NOW - 60)]), "d")
    stores.logs.refresh()
    announce(stores, batch([replace(DENIED, at=NOW - 31 * DAY)]))
    assert raised(stores) == []


def test_what_was_numbered_and_not_written_is_written_by_anybody(
    stores: Distributed, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = batch([DENIED])

    def fail(*_: Any) -> None:
        raise UnavailableError("Elasticsearch is away.")

    with monkeypatch.context() as patch:
        patch.setattr(stores.logs, "append_numbered", fail)
        with pytest.raises(UnavailableError):
            announce(stores, one)
    assert raised(stores) == []
    stores.write_alerts()
    written = raised(stores)
    assert len(written) == 2
    stores.commit(one, "d")
    assert raised(stores) == written


@pytest.mark.parametrize("seed", range(2))
def test_in_any_order_each_alert_is_raised_once(stores: Distributed, seed: int) -> None:
    """Of batches that share pairs and records, some of which come twice."""
    chance = Random(seed)
    pool = [a_flow(Random(f"{seed}/{place}"), 3) for place in range(30)]
    batches = [batch(chance.sample(pool, 10), id=f"b{place}") for place in range(4)]
    steps = [(step, one) for one in batches for step in ("announce", "commit")]
    chance.shuffle(steps)
    for step, one in [*steps, *chance.sample(steps, 3)]:
        if step == "announce":
            announce(stores, one)
        else:
            stores.commit(one, f"d-{one.id}")
        stores.logs.refresh()
    found = raised(stores)
    assert [each.number for each in found] == list(range(1, len(found) + 1))
    with distributed.stores(Clock()) as plain:
        asyncio.run(plain.catalog.save_document(EVERYTHING, None, draft("r", body(RULE))))
        for one in batches:
            plain.commit(one, f"d-{one.id}")
        assert told(found).keys() == told(raised(plain)).keys()
