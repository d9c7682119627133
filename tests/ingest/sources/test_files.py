"""Bodies of files: deterministic, whole lines, bounded whatever the file."""

import gzip
import io
import tracemalloc
from io import BufferedReader, BytesIO
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from tapetum.domain.errors import BadInputError
from tapetum.ingest.context import Limits
from tapetum.ingest.forms import Form
from tapetum.ingest.sources.files import file_bodies, log_files, stream_bodies
from tests.ingest.deliver import delivered

lines = st.lists(
    st.binary(max_size=30).map(lambda line: line.replace(b"\n", b"").replace(b"[", b"")), max_size=40
)


def bodies(data: bytes, size: int, max_line: int = 100) -> list[bytes]:
    stream = BufferedReader(BytesIO(data))  # type: ignore[arg-type] # BytesIO is raw enough
    return [body.data for body in stream_bodies(stream, "test", max_line, size)]


@given(lines, st.integers(40, 200), st.booleans())
def test_bodies_are_whole_lines_and_lose_nothing(found: list[bytes], size: int, ended: bool) -> None:
    data = b"{}\n" + b"\n".join(found) + (b"\n" if ended else b"")
    cut = bodies(data, size)
    assert b"".join(cut) == data
    assert all(len(body) <= size for body in cut)
    assert all(body.endswith(b"\n") for body in cut[:-1])
    assert cut == bodies(gzip.compress(data), size) == bodies(zstandard.compress(data), size)


def test_of_an_endless_line_only_the_head_is_kept_and_its_neighbours_are_read() -> None:
    good = b'{"start_time":1795442400,"action":"allow","reporter":"src"}\n'
    data = good + b'{"x":"' + b"y" * 5000 + b'"}\n' + good * 3
    limits = Limits(max_line=100, kept=10, retention=None)
    for size in (200, 400, 4000):
        batches = [delivered(body, Form.CALICO, limits=limits) for body in bodies(data, size)]
        assert sum(batch.records.num_rows for batch in batches) == 4
        (refused,) = [each for batch in batches for each in batch.rejections]
        assert refused.reason == "longer than 100 bytes"


class Endless(io.RawIOBase):
    """One line that goes on and on."""

    def __init__(self, size: int) -> None:
        self.left = size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override] # any buffer will do
        taken = min(len(buffer), self.left)
        buffer[:taken] = b"x" * taken
        self.left -= taken
        return taken


def test_memory_is_bounded_for_an_endless_line() -> None:
    tracemalloc.start()
    found = list(stream_bodies(BufferedReader(Endless(200 << 20)), "test", 1000, 1 << 20))
    assert [len(body.data) for body in found] == [1001]
    assert found[0].read >= 1 << 20
    assert tracemalloc.get_traced_memory()[1] < 8 << 20
    tracemalloc.stop()


def test_lines_that_begin_with_a_bracket_are_no_document() -> None:
    line = b'[2026-11-23T14:00:00.000Z] "GET / HTTP/1.1" 200\n'
    assert b"".join(bodies(line * 50, 500)) == line * 50


def test_a_document_is_read_whole_or_not_at_all() -> None:
    document = b"[\n" + b",\n".join([b'{"a":1}'] * 50) + b"\n]\n"
    assert bodies(document, 1000) == [document]
    for large in (document, b'{\n "items": [\n' + document):
        with pytest.raises(BadInputError, match=r"^test: this is one JSON document that is too large"):
            bodies(large, 300)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in (
        "b.ndjson",
        "a.log.gz",
        "deep/c.jsonl.zst",
        "deep/d.json",
        "e.txt",
        "skip.csv",
        "skip.gz",
        "deep/x.sh",
    ):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes({".gz": gzip.compress, ".zst": zstandard.compress}.get(path.suffix, bytes)(b"{}\n"))
    return tmp_path


def test_a_directory_is_its_logs_in_order(folder: Path) -> None:
    found = log_files([folder])
    assert [str(path.relative_to(folder)) for path in found] == [
        "a.log.gz", "b.ndjson", "deep/c.jsonl.zst", "deep/d.json", "e.txt",
    ]  # fmt: skip
    assert [body.data for path in found for body in file_bodies(path, 100)] == [b"{}\n"] * 5
    assert log_files([folder / "skip.csv"]) == [folder / "skip.csv"]


def test_progress_counts_the_bytes_as_stored(tmp_path: Path) -> None:
    path = tmp_path / "a.ndjson.gz"
    path.write_bytes(gzip.compress(b"{}\n" * 100_000))
    *_, last = file_bodies(path, 100, 10_000)
    assert (last.source, last.read) == (str(path), path.stat().st_size)


def test_what_cannot_be_read_is_said_by_name(folder: Path) -> None:
    with pytest.raises(BadInputError, match=r"nowhere does not exist"):
        log_files([folder / "nowhere"])
    (folder / "empty").mkdir()
    with pytest.raises(BadInputError, match=r"There is no log below .*empty; expected names in \.json"):
        log_files([folder / "empty"])
    cut = folder / "cut.gz"
    cut.write_bytes(gzip.compress(b"x" * 1000)[:-4])
    with pytest.raises(BadInputError, match=r"cut\.gz: The gzip data is cut off"):
        list(file_bodies(cut, 100))
    with pytest.raises(BadInputError, match="deep cannot be read: Is a directory"):
        list(file_bodies(folder / "deep", 100))
