"""An embedded store in a directory, with a clock that stands still unless told."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from tapetum.service.embedded import Embedded, open_embedded
from tests.support.factory import NOW


class Clock:
    def __init__(self, now: int = NOW) -> None:
        self.now = now

    def __call__(self) -> int:
        return self.now


@contextmanager
def store(data: Path, clock: Clock | None = None) -> Generator[Embedded]:
    opened = open_embedded(data, clock=clock or Clock(), memory_limit="500MB", threads=2)
    try:
        yield opened
    finally:
        opened.close()
