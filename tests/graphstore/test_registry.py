"""Codes for keys: dense, in order of appearance, the same for ever."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tapetum.graphstore.registry import Registry

KEYS = st.lists(st.one_of(st.integers(0, 5), st.sampled_from([2**63, 2**64 - 1]), st.integers(0, 2**64 - 1)))


@given(waves=st.lists(KEYS, max_size=6))
def test_each_key_keeps_the_code_it_was_given_first(waves: list[list[int]]) -> None:
    registry, known = Registry(), dict[int, int]()
    for wave in waves:
        keys = np.array(wave, np.uint64)
        assert registry.find(keys).tolist() == [known.get(key, -1) for key in wave]
        for key in wave:
            known.setdefault(key, len(known))
        assert registry.enter(keys).tolist() == [known[key] for key in wave]
        assert len(registry) == len(known)
    assert registry.find(np.array(list(known), np.uint64)).tolist() == list(known.values())
