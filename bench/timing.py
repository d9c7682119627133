"""Timing ours and the floor alternately, so that a busy machine slows both alike."""

import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds; CPU is that of all threads of this process, and of servers where a clock counts them."""

    wall: float
    cpu: float


def took(work: Callable[[], Any], cpu: Callable[[], float] = time.process_time) -> Took:
    busy, wall = cpu(), time.perf_counter()
    work()
    return Took(time.perf_counter() - wall, cpu() - busy)


def alternately(rounds: int, *works: Callable[[], Any]) -> list[Took]:
    """The median of each work over rounds of A B A B."""
    seen: list[list[Took]] = [[] for _ in works]
    for _ in range(rounds):
        for place, work in enumerate(works):
            seen[place].append(took(work))
    return [middle(each) for each in seen]


async def waited(work: Callable[[], Awaitable[Any]], cpu: Callable[[], float] = time.process_time) -> Took:
    """As took, inside a running loop, as a server is: starting one for each call would be measured too."""
    busy, wall = cpu(), time.perf_counter()
    await work()
    return Took(time.perf_counter() - wall, cpu() - busy)


def middle(seen: Sequence[Took]) -> Took:
    """The median of each clock."""
    return Took(median(each.wall for each in seen), median(each.cpu for each in seen))


def percentile(values: Iterable[float], share: float) -> float:
    """The nearest-rank percentile, `share` from 0 to 1."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
