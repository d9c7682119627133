"""Manifests and rules from files, directories and standard input: read whole, refused where one is bad."""

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from tapetum.domain.errors import BadInputError
from tapetum.policy.documents import LARGEST, Problem
from tapetum.policy.resources.manifests import Manifests, read_manifests
from tapetum.service.console import say

_ENDINGS = (".yaml", ".yml", ".json")
_SHOWN = 100


def checked(paths: Iterable[Path]) -> Manifests:
    """Raises BadInputError after a line for each object that is wrong."""
    found = read_manifests(texts(paths))
    refuse(found.problems)
    return found


def refuse(problems: Sequence[Problem]) -> None:
    """Says each and raises BadInputError, where there are any."""
    for problem in problems[:_SHOWN]:
        say(str(problem))
    if problems:
        count = len(problems)
        shown = f", {_SHOWN} of them shown" if count > _SHOWN else ""
        raise BadInputError(
            f"{count:,} object{'s are' if count > 1 else ' is'} wrong{shown}, so nothing was imported; "
            "correct what is said above."
        )


def texts(paths: Iterable[Path]) -> Iterator[tuple[str, bytes]]:
    """(name, text) of each file; below a directory of those that end as manifests do, by name."""
    for path in paths:
        if str(path) == "-":
            yield "standard input", sys.stdin.buffer.read(LARGEST + 1)
        elif str(path).startswith("-"):
            raise BadInputError(f"There is no option {str(path)[:80]}; --help lists them.")
        else:
            for file in _files(path):
                yield str(file), _read(file)


def _files(path: Path) -> list[Path]:
    try:
        if not path.is_dir():
            if not path.exists():
                raise BadInputError(
                    f"{path} does not exist; give a file, a directory, or - for standard input."
                )
            return [path]
        below = sorted(
            Path(folder, name)
            for folder, _, names in os.walk(path)
            for name in names
            if name.endswith(_ENDINGS)
        )
    except OSError as error:
        raise BadInputError(f"{path} cannot be read: {error.strerror or error}.") from None
    if not below:
        raise BadInputError(
            f"There is no manifest below {path}; expected names that end in {', '.join(_ENDINGS)}."
        )
    return below


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            return stream.read(LARGEST + 1)  # more is refused by whoever reads the text
    except OSError as error:
        raise BadInputError(f"{file} cannot be read: {error.strerror or error}.") from None
