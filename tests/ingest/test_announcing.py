"""What waits to be applied is announced; nothing that goes wrong with it is anybody's trouble."""

import asyncio

import pytest
from structlog.testing import capture_logs

from tapetum.bus.port import Delivery
from tapetum.domain.batches import Receipt
from tapetum.domain.errors import UnavailableError
from tapetum.ingest.announcing import Announcing
from tests.ingest.previews import Previews
from tests.ingest.waiting import until

RECEIPT = Receipt(1, 1, 0, 0)
Applied = asyncio.Future[Receipt | None]


def delivery(name: str, size: int = 1) -> Delivery:
    return Delivery(name, "c", "calico", "s", 0, b"x" * size)


def pending() -> Applied:
    return asyncio.get_running_loop().create_future()


async def announced(
    announcing: Announcing,
    previews: Previews,
    *names: str,
    applied: Applied | None = None,
    patience: float = 0,
) -> list[str]:
    for name in names:
        one = delivery(name)
        announcing.later(one, previews.of(one), applied or pending(), patience)
    await until(lambda: not announcing._tasks)
    return previews.announced


async def test_what_is_applied_soon_is_not_announced() -> None:
    waiting = {"late", "soon"}
    previews = Previews(RECEIPT)
    announcing = Announcing(waiting.__contains__)
    applied = pending()
    waiting.discard("soon")
    applied.set_result(RECEIPT)
    assert await announced(announcing, previews, "soon", applied=applied, patience=60) == []
    assert await announced(announcing, previews, "late", patience=0.05) == ["late"]


@pytest.mark.parametrize(
    ("error", "said"),
    [(UnavailableError("Away."), "alerts wait for their records"), (ValueError("ours"), "announcing_failed")],
)
async def test_what_goes_wrong_stops_nothing_and_is_said(error: Exception, said: str) -> None:
    """An outage once."""

    def fail() -> None:
        raise error

    previews = Previews(RECEIPT, meanwhile=fail)
    with capture_logs() as logged:
        await announced(Announcing(lambda _: True), previews, "a", "b")
    assert previews.announced == ["a", "b"]
    assert [each["event"] for each in logged] == [said] * (1 if isinstance(error, UnavailableError) else 2)


async def test_a_flood_is_not_held_and_others_follow_when_there_is_room() -> None:
    previews = Previews(RECEIPT)
    announcing = Announcing(lambda _: True)

    def later(name: str, size: int) -> None:
        one = delivery(name, size)
        announcing.later(one, previews.of(one), pending(), 0.05)

    later("larger than all", 80 << 20)
    later("beside it", 1)
    await until(lambda: not announcing._tasks)
    later("half", 40 << 20)
    later("too much", 40 << 20)
    later("fits", 1)
    await until(lambda: not announcing._tasks)
    assert previews.announced == ["larger than all", "half", "fits"]


async def test_the_end_waits_for_nothing() -> None:
    previews = Previews(RECEIPT)
    announcing = Announcing(lambda _: True)
    one = delivery("a")
    announcing.later(one, previews.of(one), pending(), 60)
    async with asyncio.timeout(5):
        await announcing.end()
    assert previews.announced == []
