"""Round trips in any number of members, and streams that lie about themselves."""

import gzip
import tracemalloc
import zlib
from io import BytesIO

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from tapetum.domain.errors import BadInputError, TooLargeError
from tapetum.ingest.sources.compression import Encoding, decompressed, joined, sniffed

PACK = {
    Encoding.IDENTITY: lambda data: data,
    Encoding.GZIP: gzip.compress,
    Encoding.ZSTD: zstandard.ZstdCompressor(write_checksum=True).compress,
}
packed = st.sampled_from([Encoding.GZIP, Encoding.ZSTD])


def whole(data: bytes, encoding: Encoding, cap: int = 1 << 24) -> bytes:
    return joined(decompressed(BytesIO(data), encoding), cap)


@settings(max_examples=60)
@given(
    st.lists(st.binary(max_size=3000) | st.integers(0, 300_000).map(lambda n: b"ab\n" * n)),
    st.sampled_from(Encoding),
)
def test_round_trip_of_many_members(parts: list[bytes], encoding: Encoding) -> None:
    data = b"".join(PACK[encoding](part) for part in parts)
    assert whole(data, encoding) == b"".join(parts)
    if parts and encoding is not Encoding.IDENTITY:
        assert sniffed(data[:4]) is encoding


@given(st.binary(min_size=1, max_size=2000), packed, st.data())
def test_a_stream_that_is_cut_off_is_refused(content: bytes, encoding: Encoding, data: st.DataObject) -> None:
    stream = PACK[encoding](content)
    cut = data.draw(st.integers(1, len(stream) - 1))
    with pytest.raises(BadInputError, match=f"The {encoding} data"):
        whole(stream[:cut], encoding)


@given(st.binary(min_size=20, max_size=2000), packed, st.data())
def test_a_stream_that_was_changed_is_refused(
    content: bytes, encoding: Encoding, data: st.DataObject
) -> None:
    stream = bytearray(PACK[encoding](content))
    stream[-1 - data.draw(st.integers(0, 3))] ^= data.draw(st.integers(1, 255))  # in a checksum or length
    with pytest.raises(BadInputError, match=f"The {encoding} data"):
        whole(bytes(stream), encoding)


@given(st.binary(max_size=300), packed)
def test_any_bytes_are_refused_with_a_sentence_or_read(data: bytes, encoding: Encoding) -> None:
    try:
        whole(data, encoding)
    except BadInputError as error:
        sentence = str(error)
    else:
        sentence = "."
    assert sentence.endswith(".")


@pytest.mark.parametrize("encoding", [Encoding.GZIP, Encoding.ZSTD])
def test_a_bomb_stops_at_the_cap(encoding: Encoding) -> None:
    bomb = PACK[encoding](bytes(1 << 27)) * 4
    assert len(bomb) < 1 << 20
    tracemalloc.start()
    with pytest.raises(TooLargeError, match="over 1000000 bytes when decompressed"):
        whole(bomb, encoding, 1_000_000)
    assert tracemalloc.get_traced_memory()[1] < 64 << 20
    tracemalloc.stop()


def test_a_window_larger_than_allowed_is_refused() -> None:
    parameters = zstandard.ZstdCompressionParameters.from_level(1, window_log=27)
    writer = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    stream = writer.compress(b"x" * 100) + writer.flush()
    assert joined(decompressed(BytesIO(stream), Encoding.ZSTD, 1 << 27), 1000) == b"x" * 100
    with pytest.raises(BadInputError, match="zstd data cannot be read"):
        joined(decompressed(BytesIO(stream), Encoding.ZSTD, 8 << 20), 1000)


def test_raw_deflate_is_no_gzip() -> None:
    with pytest.raises(BadInputError):
        whole(zlib.compress(b"x"), Encoding.GZIP)
