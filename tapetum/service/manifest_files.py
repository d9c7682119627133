"""Manifests from files, directories and standard input, as texts with their names. Knows no kinds."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from tapetum.domain.errors import BadInputError
from tapetum.policy.documents import LARGEST

_ENDINGS = (".yaml", ".yml", ".json")


def texts(paths: Sequence[Path]) -> Iterator[tuple[str, bytes]]:
    """(name, bytes), one more than is read at most; `-` is standard input, a directory all it holds."""
    for path in paths:
        if str(path) == "-":
            yield "standard input", sys.stdin.buffer.read(LARGEST + 1)
            continue
        for file in _files(path):
            try:
                with file.open("rb") as opened:
                    yield str(file), opened.read(LARGEST + 1)
            except OSError as error:
                raise BadInputError(f"{file} cannot be read ({error.strerror}); check the path.") from None


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    found = sorted(each for each in path.rglob("*") if each.suffix in _ENDINGS and each.is_file())
    if not found:
        raise BadInputError(f"{path} holds no {', '.join(_ENDINGS)} file; name another directory.")
    return found
