"""Keys live as long as the data: golden values, and the docstring"s formula in plain integers."""

from hashlib import blake2b

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from tapetum.ingest.keys import digests, flow_keys, record_ids, trace_keys, verdict_keys

MASK = 2**64 - 1
LISTS = pa.list_(pa.string())


def mix(key: int) -> int:
    key = (key + 0x9E3779B97F4A7C15) & MASK
    key = ((key ^ (key >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    key = ((key ^ (key >> 27)) * 0x94D049BB133111EB) & MASK
    return key ^ (key >> 31)


def hashed(value: str | int | None) -> int:
    text = "-" if value is None else f"={value}"
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little")


@given(st.lists(st.tuples(st.none() | st.text(max_size=5), st.none() | st.integers(0, 99)), max_size=20))
def test_flow_keys_follow_the_formula(found: list[tuple[str | None, int | None]]) -> None:
    columns = [
        pa.array([one[0] for one in found], pa.string()),
        pa.array([one[1] for one in found], pa.int64()),
    ]
    expected = [mix(mix(hashed(text)) ^ hashed(number)) for text, number in found]
    assert flow_keys(columns).tolist() == expected


def listed(texts: list[str | None] | None, key: int = 0) -> int:
    for text in texts or []:
        key = mix(key ^ hashed(text))
    return mix(key ^ (0 if texts is None else len(texts) + 1))


@given(st.lists(st.none() | st.lists(st.text(max_size=3), max_size=4), max_size=12))
def test_trace_keys_follow_the_formula(lists: list[list[str | None] | None]) -> None:
    assert trace_keys([pa.array(lists, LISTS)]).tolist() == [listed(texts) for texts in lists]


ITEMS = st.none() | st.text("ab", max_size=2)


@given(
    st.lists(
        st.tuples(st.integers(0, MASK), ITEMS, st.none() | st.lists(ITEMS, max_size=3)),
        max_size=20,
    )
)
def test_verdict_keys_follow_the_formula(
    found: list[tuple[int, str | None, list[str | None] | None]],
) -> None:
    keys = np.array([key for key, _, _ in found], np.uint64)
    texts = pa.array([text for _, text, _ in found], pa.string())
    lists = pa.array([one for _, _, one in found], LISTS)
    expected = [listed(one, mix(key ^ hashed(text))) for key, text, one in found]
    assert verdict_keys(keys, [texts], [lists]).tolist() == expected
    assert verdict_keys(keys[1:], [texts[1:]], [lists[1:]]).tolist() == expected[1:]


def test_golden() -> None:
    assert record_ids(digests("prod", "flows", [b'{"a":1}', b""])).to_pylist() == GOLDEN_IDS
    columns = [pa.array(["src", None, ""]), pa.array([80, None, 0], pa.int64())]
    assert flow_keys(columns).tolist() == GOLDEN_FLOWS
    lists = pa.array([["a", "b"], ["ab"], None, []], LISTS)
    assert trace_keys([lists]).tolist() == GOLDEN_TRACES
    addresses = pa.array(["10.0.0.1", None, "", None])
    assert verdict_keys(trace_keys([lists]), [addresses], [lists]).tolist() == GOLDEN_VERDICTS


GOLDEN_IDS = ["X2wSX6aD12vMQfIA", "zxe-_Q_4Fg1u4TY0"]
GOLDEN_FLOWS = [2703596514223758195, 17592555035072796017, 180327771138088166]
GOLDEN_TRACES = [8864987633664458528, 7097040385486590963, 16294208416658607535, 10451216379200822465]
GOLDEN_VERDICTS = [5743296237017212813, 16552199322756069547, 13911727457826741437, 6464243004455211833]
