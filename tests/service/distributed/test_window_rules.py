"""Window rules on the engines: an alarm is told once, by whichever worker, and is never lost between them."""

from collections.abc import Generator

import pytest

from tapetum.domain.alerts import NumberedAlert
from tapetum.domain.errors import UnavailableError
from tapetum.domain.scope import EVERYTHING
from tapetum.service.distributed.composition import Distributed
from tapetum.service.window_rules import WindowRules
from tests.support import distributed
from tests.support.factory import HOUR, MINUTE, NOW, SECOND, Flow, batch
from tests.support.rules import body, draft
from tests.support.stores import Clock

pytestmark = pytest.mark.engine

START = NOW // HOUR * HOUR


@pytest.fixture
def clock() -> Clock:
    return Clock(START)


@pytest.fixture
def stores(clock: Clock) -> Generator[Distributed]:
    with distributed.stores(clock) as opened:
        yield opened


def flows(at: int, many: int) -> list[Flow]:
    return [Flow(at=at + mark, mark=mark, action="deny") for mark in range(many)]


async def alarms(stores: Distributed) -> list[NumberedAlert]:
    return [
        one for one in await stores.logs.alerts_after(EVERYTHING, 0, 99) if one.alert.kind == "alert_rule"
    ]


async def commit(stores: Distributed, clock: Clock, some: list[Flow], delivery: str) -> None:
    stores.commit(batch(some), delivery)
    stores.logs.refresh()
    clock.now += MINUTE


async def test_an_alarm_is_told_once_and_not_lost(
    stores: Distributed, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    says = {"lookback": 120, "period": 60, "threshold": 3, "groupBy": ["dest_port"]}
    await stores.catalog.save_document(EVERYTHING, None, draft("w", body("action:deny", window=says)))
    await commit(stores, clock, flows(START, 5), "first")
    with monkeypatch.context() as patch:
        patch.setattr(type(stores.logs), "append_numbered", _fail)
        await WindowRules(stores).once()
    assert await alarms(stores) == []
    for runner in (WindowRules(stores), WindowRules(stores)):
        await runner.once()
    (told,) = await alarms(stores)
    assert told.number == 2, "behind that of the first denial"
    assert len(told.alert.evidence) == 5
    assert told.alert.port == 80
    await commit(stores, clock, flows(START + MINUTE, 4), "second")
    await WindowRules(stores).once()
    assert await alarms(stores) == [told]


async def test_who_judged_from_what_has_changed_raises_nothing(stores: Distributed) -> None:
    stores.stand("w", "east", None, (START, "[]"), [])
    stores.stand("w", "east", None, (START + SECOND, "[]"), [])
    assert stores.standing("w", "east") == (START, "[]")
    stores.stand("w", "east", (START, "[]"), (START + SECOND, "[]"), [])
    assert stores.standing("w", "east") == (START + SECOND, "[]")


def _fail(*_: object) -> None:
    raise UnavailableError("This step fails.")
