"""A measured figure beside its floor, and whether it reaches its target. Knows no measuring."""

import math
from dataclasses import dataclass
from enum import StrEnum

from bench.timing import Took


class Of(StrEnum):
    """What a target is about: the figure itself, or how it stands to its floor."""

    VALUE = "value"
    RATIO = "ratio"


@dataclass(frozen=True, slots=True)
class Target:
    """What DESIGN 5 asks for: at least or at most the limit."""

    limit: float
    at_least: bool
    of: Of = Of.RATIO
    unit: str = ""

    def met(self, value: float, ratio: float | None) -> bool:
        judged = value if self.of is Of.VALUE else ratio
        if judged is None or not math.isfinite(judged):
            return False
        return judged >= self.limit if self.at_least else judged <= self.limit

    def __str__(self) -> str:
        unit = "x" if self.of is Of.RATIO else self.unit
        return f"{'>=' if self.at_least else '<='} {self.limit:g} {unit}".rstrip()


@dataclass(frozen=True, slots=True)
class Figure:
    """`value` in `unit`. The ratio is of wall clocks, which count; that of CPU is what a busy machine
    does not blur. A figure without a target is there to be read beside the judged ones.
    """

    row: str
    what: str
    value: float
    unit: str
    floor: float | None = None
    peer: str = ""
    ratio: float | None = None
    cpu_ratio: float | None = None
    target: Target | None = None

    @property
    def met(self) -> bool | None:
        return None if self.target is None else self.target.met(self.value, self.ratio)


def rate(
    row: str, what: str, amount: int, ours: Took, floor: Took, peer: str, target: Target | None = None
) -> Figure:
    """Lines a second against the floor's; above 1 is faster than the floor."""
    return Figure(
        row,
        what,
        amount / ours.wall,
        "lines/s",
        amount / floor.wall,
        peer,
        floor.wall / ours.wall,
        floor.cpu / ours.cpu,
        target,
    )


def speed_up(row: str, what: str, ours: Took, peer: Took, name: str, target: Target | None = None) -> Figure:
    """How many times faster than the peer."""
    return _millis(row, what, ours, peer, name, target, peer.wall / ours.wall, peer.cpu / ours.cpu)


def cost(row: str, what: str, ours: Took, floor: Took, name: str, target: Target | None = None) -> Figure:
    """How many times as long as the floor."""
    return _millis(row, what, ours, floor, name, target, ours.wall / floor.wall, ours.cpu / floor.cpu)


def _millis(
    row: str, what: str, ours: Took, floor: Took, name: str, target: Target | None, *ratios: float
) -> Figure:
    return Figure(row, what, ours.wall * 1e3, "ms", floor.wall * 1e3, name, *ratios, target)
