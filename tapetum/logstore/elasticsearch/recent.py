"""Answers that may be a moment old, kept so that the server is not asked again and again."""

import time
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

_MOST = 1000


class Recent(Generic[K, V]):
    """Safe from any thread. That there is nothing is not kept: it would hide what comes first."""

    def __init__(
        self, ask: Callable[[K], V | None], seconds: float = 1.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._ask = ask
        self._seconds = seconds
        self._clock = clock
        self._kept: dict[K, tuple[float, V]] = {}

    def __call__(self, key: K) -> V | None:
        now = self._clock()
        kept = self._kept.get(key)
        if kept is not None and now - kept[0] < self._seconds:
            return kept[1]
        found = self._ask(key)
        if found is not None:
            if len(self._kept) >= _MOST:
                self._kept = {}
            self._kept[key] = now, found
        return found
