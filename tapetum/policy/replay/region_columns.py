"""Nets over many sets of addresses: whether each lies inside, outside, or partly in them."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

import numpy as np

from tapetum.policy.addresses import Region
from tapetum.policy.replay.truths import NO, UNKNOWN, YES, Truths


class RegionColumns:
    """Over distinct regions. Addresses have up to 129 bits, so that columns hold their ranks."""

    def __init__(self, every: Sequence[Region]) -> None:
        self._size = len(every)
        owners = [place for place, region in enumerate(every) for _ in region.intervals]
        flat = [interval for region in every for interval in region.intervals]
        self._points = sorted({point for interval in flat for point in interval})
        rank = {point: place for place, point in enumerate(self._points)}
        self._owner = np.array(owners, np.int64)
        self._first = np.array([rank[first] for first, _ in flat], np.int64)
        self._last = np.array([rank[last] for _, last in flat], np.int64)
        self._intervals = np.bincount(self._owner, minlength=self._size)
        self._within: dict[Region, Truths] = {}

    def within(self, nets: Region) -> Truths:
        if nets not in self._within:
            self._within[nets] = self._asked(nets)
        return self._within[nets]

    def _asked(self, nets: Region) -> Truths:
        inside = np.zeros(len(self._owner), np.bool_)
        touched = np.zeros(len(self._owner), np.bool_)
        for first, last in nets.intervals:
            low, high = bisect_left(self._points, first), bisect_right(self._points, last) - 1
            inside |= (self._first >= low) & (self._last <= high)
            touched |= (self._last >= low) & (self._first <= high)
        whole = np.bincount(self._owner, inside, self._size) == self._intervals
        some = np.bincount(self._owner, touched, self._size) > 0
        return np.where(some, np.where(whole, YES, UNKNOWN), NO).astype(np.uint8)
