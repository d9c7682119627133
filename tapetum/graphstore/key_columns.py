"""The FLOW_KEY columns of known flow keys in memory, each value as a small number: what sums are grouped by.

A cache beside the topology, filled with it. Not thread-safe; the memory that owns it serialises.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tapetum.domain.flows import FLOW_KEY
from tapetum.graphstore.topology import Ints, Words

_PLACE = {name: place for place, name in enumerate(FLOW_KEY)}


@dataclass(frozen=True, slots=True)
class Coded:
    """One column by code of flow key: `values[codes[i]]` as text, None where the key has none."""

    values: tuple[str | None, ...]
    codes: npt.NDArray[np.int32]


class KeyColumns:
    def __init__(self) -> None:
        self._words = [Words(None) for _ in FLOW_KEY]
        self._codes = np.zeros((len(FLOW_KEY), 1024), np.int32)
        self._size = 0

    def extend(self, codes: Ints, rows: pa.Table) -> None:
        """Enter flow keys in code order."""
        if not len(codes):
            return
        size = int(codes[-1]) + 1
        if size > self._codes.shape[1]:
            grown = np.zeros((len(FLOW_KEY), max(size, 2 * self._codes.shape[1])), np.int32)
            grown[:, : self._size] = self._codes[:, : self._size]
            self._codes = grown
        for name, words, column in zip(FLOW_KEY, self._words, self._codes, strict=True):
            encoded = rows.column(name).combine_chunks().dictionary_encode()
            found = [words.code(str(value)) for value in encoded.dictionary.to_pylist()]
            told = np.array([*found, 0], np.int32)  # the last one stands for none
            column[codes] = told[encoded.indices.fill_null(len(found)).to_numpy()]
        self._size = max(self._size, size)

    def of(self, fields: Sequence[str]) -> tuple[Coded, ...]:
        """As they stand; what is entered later changes nothing of it."""
        return tuple(
            Coded(tuple(self._words[place].values), self._codes[place, : self._size])
            for place in (_PLACE[field] for field in fields)
        )
