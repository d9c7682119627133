"""Work on threads ends before what it uses is closed, however its asker ends."""

import asyncio
import threading
from typing import Any, cast

import pytest

from tapetum.service.distributed import upkeep
from tapetum.service.distributed.aside import to_its_end
from tapetum.service.distributed.preparing import Preparing
from tapetum.service.distributed.upkeep import Upkeep


class Work:
    """Takes a moment, and tells whether it is under way."""

    def __init__(self) -> None:
        self.begun = threading.Event()
        self.ended = False

    def __call__(self, *_: object) -> None:
        self.begun.set()
        threading.Event().wait(0.2)
        self.ended = True


async def begun(work: Work) -> None:
    assert await asyncio.to_thread(work.begun.wait, 5)
    assert not work.ended


async def test_who_is_cancelled_is_so_once_the_work_has_ended() -> None:
    work = Work()
    task = asyncio.create_task(to_its_end(work))
    await begun(work)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert work.ended


async def test_what_the_work_says_is_said() -> None:
    assert await to_its_end(lambda: 4) == 4
    with pytest.raises(ZeroDivisionError):
        await to_its_end(lambda: 1 // 0)


async def test_preparing_that_is_stopped_ends_its_migration() -> None:
    work = Work()

    async def answer() -> None: ...

    async with Preparing(answer, work).running():
        await begun(work)
    assert work.ended


async def test_upkeep_that_is_stopped_ends_its_round(monkeypatch: pytest.MonkeyPatch) -> None:
    work = Work()
    monkeypatch.setattr(Upkeep, "once", lambda _, *, retain: work(retain))
    monkeypatch.setattr(upkeep, "_ROUND", 0)
    async with Upkeep(cast("Any", None), 30).running():
        await begun(work)
    assert work.ended
