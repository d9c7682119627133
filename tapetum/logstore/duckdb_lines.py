"""Raw lines kept as compressed blocks beside the records that were read from them."""

from collections.abc import Sequence

import zstandard

BLOCK = 512
"""Lines in a block: large enough to compress 20-fold, small enough to open one in a millisecond."""


def pack(lines: Sequence[bytes]) -> list[tuple[int, bytes]]:
    """(number of the first line, compressed block) for all lines; an empty line marks one not kept."""
    squeeze = zstandard.ZstdCompressor(level=1)
    return [
        (start, squeeze.compress(b"\n".join(lines[start : start + BLOCK])))
        for start in range(0, len(lines), BLOCK)
    ]


def unpack(block: bytes) -> list[bytes]:
    return zstandard.ZstdDecompressor().decompress(block).split(b"\n")


def first_of(line_no: int) -> int:
    """The first line of the block that holds a line."""
    return line_no // BLOCK * BLOCK
