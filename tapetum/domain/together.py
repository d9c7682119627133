"""Work of several threads done in one go: what comes while one is under way waits, and goes with the next.

Knows nothing of what is done.
"""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Generic, TypeVar

from tapetum.domain.errors import UnavailableError

A = TypeVar("A")
B = TypeVar("B")


@dataclass(frozen=True, slots=True)
class _Asked(Generic[A, B]):
    given: A
    told: "Future[B]"


class Together(Generic[A, B]):
    """`work` does some at once, at most so many, and tells what came of each; or raises, and did nothing."""

    def __init__(self, work: Callable[[Sequence[A]], Sequence[B]], most: int = 16) -> None:
        self._work = work
        self._most = most
        self._turn = threading.Lock()
        self._lock = threading.Lock()
        self._waiting: list[_Asked[A, B]] = []

    def do(self, one: A) -> B:
        asked: _Asked[A, B] = _Asked(one, Future())
        with self._lock:
            self._waiting.append(asked)
        with self._turn:
            while not asked.told.done():
                with self._lock:
                    some, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
                self._go(some)
        return asked.told.result()

    def _go(self, some: list[_Asked[A, B]]) -> None:
        try:
            found = self._work([each.given for each in some])
        except BaseException as error:  # noqa: BLE001 - it is raised where it was asked for
            if len(some) > 1 and not isinstance(error, UnavailableError):
                for each in some:  # one of them is at fault, and the others are not
                    self._go([each])
                return
            for each in some:
                each.told.set_exception(error)
        else:
            for each, told in zip(some, found, strict=True):
                each.told.set_result(told)
