"""Work done in one go: everybody gets what is theirs, and nobody another's failure."""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from tapetum.domain.errors import BadInputError, UnavailableError
from tapetum.domain.together import Together


class Work:
    """The first go begins alone, and ends when all others wait."""

    def __init__(self, others: int, wrong: frozenset[int] = frozenset(), *, away: bool = False) -> None:
        self.goes: list[list[int]] = []
        self._others, self._wrong, self._away = others, wrong, away
        self.together = Together[int, str](self._go, most=5)

    def _go(self, some: Sequence[int]) -> list[str]:
        if not self.goes:
            until = time.monotonic() + 10
            while len(self.together._waiting) < self._others:
                assert time.monotonic() < until
                time.sleep(0.001)
        self.goes.append(list(some))
        if self._away:
            raise UnavailableError("It is away; try again.")
        if wrong := self._wrong.intersection(some):
            raise BadInputError(f"{min(wrong)} is wrong.")
        return [f"done {one}" for one in some]


def told(work: Work, count: int) -> list[str]:
    """What each of so many threads heard."""

    def ask(one: int) -> str:
        try:
            return work.together.do(one)
        except (BadInputError, UnavailableError) as error:
            return error.message

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(ask, range(count)))


def test_those_who_wait_go_together_and_each_hears_what_is_theirs() -> None:
    work = Work(others=11)
    assert told(work, 12) == [f"done {one}" for one in range(12)]
    assert [len(go) for go in work.goes] == [1, 5, 5, 1]
    assert sorted(one for go in work.goes for one in go) == list(range(12))


def test_one_that_is_refused_takes_no_other_with_it() -> None:
    wrong = frozenset({2, 7})
    work = Work(others=9, wrong=wrong)
    assert told(work, 10) == [f"{one} is wrong." if one in wrong else f"done {one}" for one in range(10)]


def test_nothing_is_asked_one_by_one_of_what_is_away() -> None:
    work = Work(others=4, away=True)
    assert told(work, 5) == ["It is away; try again."] * 5
    assert [len(go) for go in work.goes] == [1, 4]


def test_one_alone_waits_for_nobody() -> None:
    work = Together[int, int](lambda some: [2 * one for one in some])
    assert work.do(4) == 8
    with pytest.raises(ZeroDivisionError):
        Together[int, int](lambda some: [1 // one for one in some]).do(0)
