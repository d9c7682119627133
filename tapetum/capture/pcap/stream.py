"""A capture's bytes, plain or gzip: as many as are asked for, and never more than a limit in all."""

import gzip
import zlib
from collections.abc import Callable
from typing import IO

from tapetum.domain.errors import BadInputError, TooLargeError

_GZIP = b"\x1f\x8b"
_LONGEST = 1 << 20
"""Of one packet or block, in bytes: what tools write has 256 KiB at most."""
_STRIDE = 64 << 10
"""Bytes between two looks at the clock."""


class Stream:
    """`read` gives exactly so many bytes, or none at the end. Readers trust lengths that files tell; it does
    not: a length below zero or over `_LONGEST` is a broken file. `ended`: nothing was left to read last.
    """

    def __init__(self, file: IO[bytes], most: int, look: Callable[[], None]) -> None:
        """`file` can be sought; at most `most` bytes are read of what it holds unpacked. `look` is called
        each time that another 64 KiB are to be read, and may raise.
        """
        packed = file.read(len(_GZIP)) == _GZIP
        file.seek(0)
        self._file: IO[bytes] = gzip.GzipFile(fileobj=file, mode="rb") if packed else file  # type: ignore[assignment]
        self._most = most
        self._look, self._due = look, 0
        self._ahead = b""
        self.taken = 0
        self.ended = False

    def peek(self, size: int) -> bytes:
        """At most so many bytes, which the next `read` gives again."""
        self._ahead = self._ahead or self._next(size)
        return self._ahead

    def read(self, size: int) -> bytes:
        if not 0 <= size <= _LONGEST:
            raise BadInputError(
                "The file is broken: it tells of a packet or block that cannot be that long; capture again."
            )
        ahead, self._ahead = self._ahead[:size], self._ahead[size:]
        found = ahead + self._next(size - len(ahead)) if len(ahead) < size else ahead
        self.ended = size > 0 and not found
        if found and len(found) < size:
            raise broken_off()
        return found

    def _next(self, size: int) -> bytes:
        if self.taken >= self._due:
            self._due = self.taken + _STRIDE
            self._look()
        try:
            found = self._file.read(size)
        except EOFError:
            raise BadInputError("The gzip data is cut off; send it whole.") from None
        except (gzip.BadGzipFile, zlib.error) as error:
            raise BadInputError(f"The gzip data cannot be read: {error}.") from None
        self.taken += len(found)
        if self.taken > self._most:
            raise TooLargeError(
                f"The capture has more than {self._most:,} bytes unpacked; filter it, or cut it into parts."
            )
        return found


def broken_off() -> BadInputError:
    return BadInputError("The file breaks off in the middle of a packet; copy it when the capture has ended.")
