"""Work on threads ends before what it uses is closed, however its asker ends."""

import asyncio
import threading
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, cast

import pytest

from tapetum.domain.errors import UnavailableError
from tapetum.service.distributed import upkeep
from tapetum.service.distributed.aside import held, to_its_end
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


@contextmanager
def turn(seen: list[int], *, refused: bool = False) -> Generator[None]:
    seen.append(threading.get_ident())
    if refused:
        raise UnavailableError("Somebody else is at it.")
    yield
    seen.append(threading.get_ident())


async def test_a_turn_is_entered_and_left_on_one_thread_of_its_own() -> None:
    seen: list[int] = []
    async with held(turn(seen)):
        assert len(seen) == 1
    assert len(seen) == 2
    assert set(seen) == {seen[0]} != {threading.get_ident()}


async def test_a_turn_ends_with_whoever_had_it() -> None:
    seen: list[int] = []
    with pytest.raises(ValueError, match="ours"):
        async with held(turn(seen)):
            raise ValueError("ours")
    assert len(seen) == 2


async def test_why_there_is_no_turn_is_told() -> None:
    seen: list[int] = []
    with pytest.raises(UnavailableError, match="at it"):
        async with held(turn(seen, refused=True)):
            pytest.fail("it was not our turn")
    assert len(seen) == 1
