"""Waiting for engines that are away, that cannot be brought to this version yet, and that are there."""

import asyncio
from collections.abc import Iterator

import pytest

from tapetum.domain.errors import UnavailableError
from tapetum.service.distributed.preparing import Preparing

AWAY = UnavailableError("Neo4j at bolt://n:7687 cannot be reached; start it.")
OLD = UnavailableError("Another process has been at the schema for 120 s; try again later.")


class Engines:
    """Each call of either meets the next of what comes in its way, then nothing."""

    def __init__(self, answers: list[Exception], migrations: list[Exception]) -> None:
        self._answers: Iterator[Exception] = iter(answers)
        self._migrations: Iterator[Exception] = iter(migrations)
        self.migrated = 0

    async def answer(self) -> None:
        for error in self._answers:
            raise error

    def migrate(self) -> None:
        for error in self._migrations:
            raise error
        self.migrated += 1

    def lost(self) -> None:
        self._answers = iter([AWAY])


async def said(preparing: Preparing) -> str | None:
    try:
        await preparing.ready()
    except UnavailableError as error:
        return error.message
    return None


@pytest.mark.parametrize(
    ("answers", "migrations", "told"),
    [
        ([AWAY] * 3, [], {AWAY.message}),
        ([AWAY], [OLD, OLD], {AWAY.message, OLD.message}),
        ([], [ZeroDivisionError()], {"could not be brought to this version"}),
        ([], [], set[str]()),
    ],
)
async def test_what_is_missing_is_told_until_it_is_there(
    monkeypatch: pytest.MonkeyPatch, answers: list[Exception], migrations: list[Exception], told: set[str]
) -> None:
    engines = Engines(answers, migrations)
    preparing = Preparing(engines.answer, engines.migrate, jitter=lambda: 0.0)
    heard: list[str | None] = [await said(preparing)]

    async def sleep(_: float) -> None:
        heard.append(await said(preparing))

    monkeypatch.setattr(asyncio, "sleep", sleep)
    await preparing.run()
    assert heard[0] == "The engines were not asked yet; ask again in a moment."
    assert len(heard) == 1 + len(answers) + len(migrations)
    for sentence in told:
        assert any(sentence in (each or "") for each in heard[1:])
    assert await said(preparing) is None
    assert engines.migrated == 1
    engines.lost()
    assert await said(preparing) == AWAY.message, "and from then on, what is away"
