"""Sets of connections as boxes: a product of small sets, one for each dimension, each an integer's bits."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

MOST_PIECES = 200
"""Beyond it, what is left of a box is no longer followed."""


class Box(NamedTuple):
    subject: int
    peer: int
    protocol: int
    port: int
    source_port: int
    version: int


class Known(NamedTuple):
    """A set of which only bounds are known: `least` is in it for sure, and nothing beyond `most`."""

    least: int
    most: int

    def __and__(self, other: "Known") -> "Known":
        return Known(self.least & other.least, self.most & other.most)

    def __or__(self, other: "Known") -> "Known":
        return Known(self.least | other.least, self.most | other.most)

    def without(self, other: "Known") -> "Known":
        return Known(self.least & ~other.most, self.most & ~other.least)


def meets(one: Box, other: Box) -> bool:
    return all(a & b for a, b in zip(one, other, strict=True))


def within(one: Box, other: Box) -> bool:
    return not any(a & ~b for a, b in zip(one, other, strict=True))


def without(pieces: Sequence[Box], taken: Box) -> list[Box]:
    """What is left of disjoint boxes, again as disjoint boxes."""
    return [left for piece in pieces for left in _split(piece, taken)]


def _split(piece: Box, taken: Box) -> Iterable[Box]:
    if not meets(piece, taken):
        yield piece
        return
    rest = list(piece)
    for place, bits in enumerate(taken):
        outside = rest[place] & ~bits
        if outside:
            yield Box._make((*rest[:place], outside, *rest[place + 1 :]))
        rest[place] &= bits
