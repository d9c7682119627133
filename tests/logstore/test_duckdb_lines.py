"""Blocks of raw lines: every line comes back from the block that its number names."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tapetum.logstore.duckdb_lines import BLOCK, first_of, pack, unpack

LINES = st.lists(st.binary(max_size=20).map(lambda line: line.replace(b"\n", b"")), max_size=30)


@settings(max_examples=40)
@given(some=LINES, times=st.integers(0, 40))
def test_a_line_is_found_in_its_block(some: list[bytes], times: int) -> None:
    lines = some * times
    blocks = dict(pack(lines))
    assert list(blocks) == list(range(0, len(lines), BLOCK))
    for number, line in enumerate(lines):
        first = first_of(number)
        assert unpack(blocks[first])[number - first] == line


def test_similar_lines_take_little_room() -> None:
    lines = [
        b'{"start_time":1795444641,"source_namespace":"shop","line":%d}' % place for place in range(BLOCK)
    ]
    ((_, block),) = pack(lines)
    assert len(block) * 10 < sum(map(len, lines))
