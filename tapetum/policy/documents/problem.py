"""Where an object stands in what was given, and what is wrong with it: one sentence, with the way out."""

from dataclasses import dataclass

_SHOWN = 80
_WORDS = {None: "null", True: "true", False: "false"}


@dataclass(frozen=True, slots=True)
class Place:
    """`line` counts from 1; `item` is the place in a List, from 1."""

    source: str
    line: int | None = None
    item: int | None = None

    @property
    def within(self) -> tuple[int, int]:
        """Sorts places of one source."""
        return self.line or 0, self.item or 0

    def __str__(self) -> str:
        parts = [self.source]
        if self.line is not None:
            parts.append(f"line {self.line}")
        if self.item is not None:
            parts.append(f"item {self.item}")
        return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class Problem:
    """`what` names the object as far as it could be read; `path` is the field, like `spec.ingress[0]`."""

    place: Place
    message: str
    what: str = ""
    path: str = ""

    def __str__(self) -> str:
        where = ": ".join(part for part in (str(self.place), self.what, self.path) if part)
        return f"{where}: {self.message}"


class Refused(Exception):  # noqa: N818 - never leaves this package: it becomes a Problem
    """What an object is refused for, on its way to becoming a Problem."""

    def __init__(self, message: str, *, path: str = "", line: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.path = path
        self.line = line


def shown(value: object) -> str:
    """What was given, in a sentence: printable, and cut where it is long."""
    text = _WORDS[value] if value is None or isinstance(value, bool) else str(value)
    return f'"{printable(text, _SHOWN)}"'


def printable(text: str, longest: int) -> str:
    """On one line, and no command to a terminal."""
    cut = text if len(text) <= longest else f"{text[:longest]}…"
    return "".join(each if each.isprintable() else f"\\u{ord(each):04x}" for each in cut)
