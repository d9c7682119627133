"""What is packed comes out again, and sums of blocks are sums."""

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from tapetum.graphstore.neo4j.blocks import added, pack
from tapetum.graphstore.rollups import WIDTH

COUNTS = st.sampled_from([0, 1, 255, 256, 65_535, 65_536, 2**32 - 1, 2**32, 2**62, -1])


@st.composite
def some_sums(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    codes = sorted(draw(st.sets(st.integers(0, 2**31 - 1), max_size=9)))
    counts = draw(arrays.arrays(np.int64, (len(codes), WIDTH), elements=COUNTS))
    return np.array(codes, np.int64), counts


@given(some_sums())
def test_what_is_packed_comes_out_again(sums: tuple[np.ndarray, np.ndarray]) -> None:
    codes, counts = pack(*sums).unpacked()
    assert codes.tolist() == sums[0].tolist()
    assert counts.tolist() == sums[1].tolist()


def test_columns_take_the_room_that_they_need() -> None:
    counts = np.tile(np.array([1, 255, 256, 65_536, 2**32, 0], np.int64), (10, 1))
    packed = pack(np.arange(10), counts)
    assert packed.widths == bytes([1, 1, 2, 4, 8, 1])
    assert len(packed.counts) == 10 * (1 + 1 + 2 + 4 + 8 + 1)


@given(st.lists(some_sums(), max_size=4))
def test_blocks_add_up(parts: list[tuple[np.ndarray, np.ndarray]]) -> None:
    expected: Counter[int] = Counter()
    for codes, counts in parts:
        for code, row in zip(codes.tolist(), counts.tolist(), strict=True):
            expected[code] += row[0]
    codes, counts = added(parts)
    assert codes.tolist() == sorted({code for held, _ in parts for code in held.tolist()})
    wrapped = {code: (count + 2**63) % 2**64 - 2**63 for code, count in expected.items()}
    assert dict(zip(codes.tolist(), counts[:, 0].tolist(), strict=True)) == {
        code: wrapped.get(code, 0) for code in codes.tolist()
    }
