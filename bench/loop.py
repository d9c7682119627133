"""One event loop for the whole run, as a server has: starting one for each call would be measured too."""

import asyncio
from collections.abc import Coroutine
from functools import cache
from typing import Any, TypeVar

T = TypeVar("T")


def settled(work: Coroutine[Any, Any, T]) -> T:
    return _runner().run(work)


@cache
def _runner() -> asyncio.Runner:
    return asyncio.Runner()
