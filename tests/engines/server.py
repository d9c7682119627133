"""What is particular to one kind of server; the engines differ by it, and by where they run."""

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from tests.engines.group import Launch


class Server(Protocol):
    """`url` is where a server listens; with the `password` of its kind where it has one."""

    @property
    def kind(self) -> str: ...
    @property
    def ports(self) -> int:
        """How many neighbouring ports it takes; clients use the first."""
        ...

    def url(self, port: int) -> str: ...
    def settings(self, url: str) -> Mapping[str, str]:
        """The product's settings that point at it."""
        ...

    def ready(self, url: str) -> bool:
        """Whether it answers now; no error while it does not."""
        ...

    def wipe(self, url: str) -> None: ...
    def is_empty(self, url: str) -> bool:
        """Whether it holds nothing, or what a test run left in it."""
        ...

    def mark(self, url: str) -> None:
        """Leave a sign that test runs may empty it."""
        ...

    def launch(self, folder: Path, port: int, *, quick: bool) -> Launch:
        """Write its configuration below the folder, which holds its data, and say how to start it.

        A quick server starts in half the time and works slower, as tests want it; a benchmark does not."""
        ...
