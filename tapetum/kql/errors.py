"""The one error of the query language: a sentence, the column, and what would have been right."""

from tapetum.domain.errors import BadInputError

QUOTED_AT_MOST = 60


class KqlError(BadInputError):
    """A query that cannot be read or used. `column` counts characters from 1 over the whole text."""

    code = "BAD_QUERY"

    def __init__(self, message: str, column: int, expected: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.column = column
        self.expected = expected


def shown(text: str) -> str:
    """The user's own words in a sentence: quoted, and cut where they are long."""
    cut = text if len(text) <= QUOTED_AT_MOST else f"{text[:QUOTED_AT_MOST]}…"
    return '"' + "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in cut) + '"'
