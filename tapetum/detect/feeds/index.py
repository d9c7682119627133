"""Indicators made ready to be looked up: networks as sorted intervals, names by their suffixes.

Where several match, the narrowest network and the longest name do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from socket import AF_INET, AF_INET6, inet_pton
from typing import Any

import numpy as np
import numpy.typing as npt

from tapetum.detect.feeds.probe import FOUR, SIX, Probe
from tapetum.domain.feeds import Indicators

NONE = -1
Found = npt.NDArray[np.int32]
Span = tuple[int, int, int]
"""First and last address, and which indicator."""


@dataclass(frozen=True, slots=True)
class Intervals:
    """Disjoint, sorted."""

    starts: npt.NDArray[Any]
    ends: npt.NDArray[Any]
    which: Found

    def find(self, addresses: npt.NDArray[Any]) -> Found:
        if not len(self.starts) or not len(addresses):
            return np.full(len(addresses), NONE, np.int32)
        places = np.searchsorted(self.starts, addresses, side="right") - 1
        inside = (places >= 0) & (addresses <= self.ends[places])
        return np.where(inside, self.which[places], np.int32(NONE))


@dataclass(frozen=True, slots=True)
class Index:
    listed: Sequence[str]
    fours: Intervals
    sixes: Intervals
    names: dict[str, int]

    @classmethod
    def of(cls, indicators: Indicators) -> "Index":
        spans: dict[int, list[Span]] = {AF_INET: [], AF_INET6: []}
        for which, text in enumerate(indicators.networks):
            family, first, last = _span(text)
            spans[family].append((first, last, which))
        names = {name: which for which, name in enumerate(indicators.domains, len(indicators.networks))}
        return cls(
            (*indicators.networks, *indicators.domains),
            _intervals(spans[AF_INET], FOUR),
            _intervals(spans[AF_INET6], SIX),
            names,
        )

    def find(self, probe: Probe) -> Found:
        """For each text of the probe the place of its indicator in `listed`, or NONE."""
        found = np.full(probe.size, NONE, np.int32)
        found[probe.four_places] = self.fours.find(probe.fours)
        found[probe.six_places] = self.sixes.find(probe.sixes)
        if self.names:
            found[probe.name_places] = [self._name(name) for name in probe.names]
        return found

    def _name(self, name: str) -> int:
        known = self.names
        while True:
            which = known.get(name)
            if which is not None:
                return which
            name = name.partition(".")[2]
            if not name:
                return NONE


def _span(text: str) -> tuple[int, int, int]:
    """The family of a network in canonical text, its first and its last address."""
    address, _, prefix = text.partition("/")
    family = AF_INET6 if ":" in address else AF_INET
    packed = inet_pton(family, address)
    first = int.from_bytes(packed)
    return family, first, first | ((1 << (len(packed) * 8 - int(prefix))) - 1 if prefix else 0)


def _intervals(spans: list[Span], form: np.dtype[Any]) -> Intervals:
    apart = _disjoint(spans)
    starts, ends = (
        np.frombuffer(b"".join(span[side].to_bytes(form.itemsize) for span in apart), form).astype(
            form.newbyteorder("=")
        )
        for side in (0, 1)
    )
    return Intervals(starts, ends, np.asarray([span[2] for span in apart], np.int32))


def _disjoint(spans: list[Span]) -> list[Span]:
    """Networks lie in each other or apart: each keeps what no narrower one takes."""
    found: list[Span] = []
    open_: list[Span] = []
    at = 0

    def close(end: int, which: int) -> None:
        nonlocal at
        if at <= end:
            found.append((at, end, which))
        at = end + 1

    for first, last, which in sorted(spans, key=lambda span: (span[0], -span[1])):
        while open_ and open_[-1][1] < first:
            _, end, outer = open_.pop()
            close(end, outer)
        if open_:
            close(first - 1, open_[-1][2])
        at = first
        open_.append((first, last, which))
    while open_:
        _, end, outer = open_.pop()
        close(end, outer)
    return found
