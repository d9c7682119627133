"""Compressed streams as pieces of bounded size: plain, gzip (any members) and zstd (any frames)."""

import gzip
import zlib
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import BinaryIO

import zstandard

from tapetum.domain.errors import BadInputError, TooLargeError

_PIECE = 1 << 20
# A zstd block of 4 bytes may stand for 128 KiB, and the decoder cannot be told to stop: feed it so
# little at a time that one step yields 16 MiB at the most.
_SIP = 512
_READ = 1 << 16
WINDOW = 128 << 20  # what `zstd --long` and `--ultra` ask of a decoder

_GZIP_MAGIC = b"\x1f\x8b"
_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
MAGIC_LENGTH = 4


class Encoding(StrEnum):
    IDENTITY = "identity"
    GZIP = "gzip"
    ZSTD = "zstd"


def sniffed(head: bytes) -> Encoding:
    """The encoding that a stream's first bytes tell."""
    if head.startswith(_GZIP_MAGIC):
        return Encoding.GZIP
    return Encoding.ZSTD if head.startswith(_ZSTD_MAGIC) else Encoding.IDENTITY


def decompressed(raw: BinaryIO, encoding: Encoding, window: int = WINDOW) -> Iterator[bytes]:
    """Pieces of the plain bytes; raises BadInputError where the stream is damaged or cut off."""
    try:
        if encoding is Encoding.GZIP:
            yield from _gzip(raw)
        elif encoding is Encoding.ZSTD:
            yield from _zstd(raw, window)
        else:
            yield from iter(lambda: raw.read(_PIECE), b"")
    except EOFError:
        raise BadInputError(f"The {encoding} data is cut off; send it whole.") from None
    except (gzip.BadGzipFile, zlib.error, zstandard.ZstdError) as error:
        raise BadInputError(f"The {encoding} data cannot be read: {error}.") from None


def joined(pieces: Iterable[bytes], cap: int) -> bytes:
    """All pieces; raises TooLargeError as soon as there are more than `cap` bytes."""
    taken: list[bytes] = []
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > cap:
            raise TooLargeError(f"The body is over {cap} bytes when decompressed; send it in parts.")
        taken.append(piece)
    return b"".join(taken)


def _gzip(raw: BinaryIO) -> Iterator[bytes]:
    with gzip.GzipFile(fileobj=raw, mode="rb") as plain:
        yield from iter(lambda: plain.read(_PIECE), b"")


def _zstd(raw: BinaryIO, window: int) -> Iterator[bytes]:
    decompressor = zstandard.ZstdDecompressor(max_window_size=window)
    frame = decompressor.decompressobj()
    begun = False
    while block := raw.read(_READ):
        for start in range(0, len(block), _SIP):
            rest = block[start : start + _SIP]
            while rest:
                if frame.eof:
                    frame = decompressor.decompressobj()
                begun = True
                yield frame.decompress(rest)
                rest = frame.unused_data if frame.eof else b""
    if begun and not frame.eof:
        raise EOFError
