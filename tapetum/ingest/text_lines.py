"""Log lines that are text: read from left to right, with the place where one stops being what it should."""

import re
from typing import Any

from tapetum.ingest.refusals import Cause, UnreadableError, shown
from tapetum.ingest.strict_json import decoded

_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")  # all but the tab
_NEAR = 20


def text_of(line: bytes) -> str:
    """The line's text, which holds no control character but tabs; raises UnreadableError."""
    text = decoded(line)
    control = _CONTROL.search(text)
    if control:
        raise UnreadableError(
            Cause.ENCODING,
            f"a control character (0x{ord(control[0]):02x}) at character {control.start() + 1}",
        )
    return text


class Scanner:
    """Takes one expected part of a text after the other."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    @property
    def done(self) -> bool:
        return self._at == len(self._text)

    def take(self, pattern: re.Pattern[str], expected: str) -> re.Match[str]:
        found = self.maybe(pattern)
        if found is None:
            raise self.unexpected(expected)
        return found

    def maybe(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        found = pattern.match(self._text, self._at)
        if found is not None:
            self._at = found.end()
        return found

    def unexpected(self, expected: str) -> UnreadableError:
        rest = self._text[self._at : self._at + _NEAR]
        where = f"near {shown(rest)}" if rest else "where the line ends"
        return UnreadableError(Cause.SHAPE, f"expected {expected} at character {self._at + 1}, {where}")


def named(found: re.Match[str]) -> dict[str, Any]:
    """The match's named groups, without those that did not take part."""
    return {name: value for name, value in found.groupdict().items() if value is not None}
