"""Files, directories and standard input as bodies: whole lines, about one batch's worth each.

Boundaries depend on the bytes alone, so that reading a file again makes the same batches.
"""

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO

from tapetum.domain.errors import BadInputError
from tapetum.ingest.sources.compression import MAGIC_LENGTH, decompressed, sniffed

_LOGS = (".json", ".ndjson", ".jsonl", ".log", ".txt")
_COMPRESSED = (".gz", ".zst")
BATCH_BYTES = 16 << 20
# An object that goes on in the next line, or a list; Envoy begins a line with a time in brackets.
_BEGINS_DOCUMENT = re.compile(rb"(?:\{|\[\s*(?:\{.*)?)\Z")


@dataclass(frozen=True, slots=True)
class Body:
    """Whole lines of one source; `read` is how many of its bytes, as stored, were taken so far."""

    source: str
    data: bytes
    read: int


def log_files(paths: Iterable[Path]) -> list[Path]:
    """The given files, and the logs below the given directories in the order of their names."""
    found: list[Path] = []
    for path in paths:
        try:
            found.extend(_logs_at(path))
        except OSError as error:
            raise BadInputError(
                f"{error.filename or path} cannot be read: {error.strerror or error}."
            ) from None
    return found


def _logs_at(path: Path) -> list[Path]:
    if path.is_dir():
        below = sorted(child for child in _files_below(path) if _is_log(child))
        if not below:
            raise BadInputError(
                f"There is no log below {path}; expected names in {', '.join(_LOGS)}, "
                f"also with {' or '.join(_COMPRESSED)}."
            )
        return below
    if not path.exists():
        raise BadInputError(f"{path} does not exist; give a file, a directory, or - for standard input.")
    return [path]


def file_bodies(path: Path, max_line: int, batch_bytes: int = BATCH_BYTES) -> Iterator[Body]:
    """The bodies of a file, compressed or not."""
    try:
        with path.open("rb") as stream:
            yield from stream_bodies(stream, str(path), max_line, batch_bytes)
    except OSError as error:
        raise BadInputError(f"{path} cannot be read: {error.strerror or error}.") from None


def stream_bodies(
    stream: BufferedReader, source: str, max_line: int, batch_bytes: int = BATCH_BYTES
) -> Iterator[Body]:
    """The bodies of an open stream, such as standard input."""
    counted = _Counted(stream)
    pieces = decompressed(counted, sniffed(stream.peek(MAGIC_LENGTH)[:MAGIC_LENGTH]))
    try:
        for data in _cut(pieces, max_line, batch_bytes):
            yield Body(source, data, counted.taken)
    except BadInputError as error:
        raise BadInputError(f"{source}: {error.message}") from None


class _Counted(BinaryIO):
    """Reads through, counting."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.taken = 0

    def read(self, size: int = -1, /) -> bytes:
        data = self._stream.read(size)
        self.taken += len(data)
        return data


def _cut(pieces: Iterable[bytes], max_line: int, size: int) -> Iterator[bytes]:
    """Cut at the last line end within each `size` bytes.

    Of a line that is longer than that only its head is kept, just long enough to be refused.
    """
    taken: list[bytes] = []
    held = 0
    first = True
    skipping = False
    for piece in pieces:
        rest = piece
        if skipping:
            rest = piece[piece.find(b"\n") + 1 :] if b"\n" in piece else b""
            skipping = b"\n" not in piece
        taken.append(rest)
        held += len(rest)
        while held >= size:
            data = b"".join(taken)
            if first:
                _refuse_document(data)
            first = False
            end = data.rfind(b"\n", 0, size) + 1
            yield data[: end or max_line + 1]
            if not end:  # behind the head of an endless line, on with the next one
                end = data.find(b"\n") + 1
                skipping = not end
            rest = data[end:] if end else b""
            taken, held = [rest], len(rest)
    data = b"".join(taken)
    if data:
        yield data


def _refuse_document(head: bytes) -> None:
    """A JSON document is read whole; one that is over a batch cannot be, nor be cut into lines."""
    line = head[:4096].lstrip().split(b"\n", 1)[0].rstrip()
    if _BEGINS_DOCUMENT.match(line):
        raise BadInputError(
            "this is one JSON document that is too large to be read at once; "
            "write one record a line, for instance with jq -c '.[]'."
        )


def _files_below(directory: Path) -> Iterator[Path]:
    for folder, _, names in os.walk(directory, onerror=_refuse):
        yield from (Path(folder) / name for name in names)


def _refuse(error: OSError) -> None:
    """A folder that cannot be read is not left out in silence."""
    raise error


def _is_log(path: Path) -> bool:
    name = path.name.removesuffix(_COMPRESSED[0]).removesuffix(_COMPRESSED[1])
    return name.endswith(_LOGS)
