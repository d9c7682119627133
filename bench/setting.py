"""What a row is run with: its scale, room for files that go away, and room for those that stay."""

import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Setting:
    """`scale` multiplies the sizes of DESIGN 5; `rounds` is how often each side is measured."""

    scratch: Path
    cache: Path
    scale: float = 1.0
    rounds: int = 3

    def sized(self, size: int, least: int = 1) -> int:
        return max(least, int(size * self.scale))

    @contextmanager
    def directory(self) -> Generator[Path]:
        """An empty directory that is removed again."""
        with tempfile.TemporaryDirectory(dir=self.scratch) as name:
            yield Path(name)
