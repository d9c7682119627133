"""A plain list: one indicator a line; what follows a space, comma, `#` or `;` is a remark.

Lines of a hosts file, such as `0.0.0.0 bad.example`, list the name.
"""

import re
from collections.abc import Iterator

_REMARK = re.compile(r"[\s,;#]")
_SINKS = frozenset({"0.0.0.0", "127.0.0.1", "::", "::1"})  # noqa: S104 - read, not bound
_REMARKS = ("#", ";", "//", "!")

Candidate = tuple[int, str]
"""Its place, from 1, and its text."""


def candidates(text: str) -> Iterator[Candidate]:
    for place, line in enumerate(text.splitlines(), 1):
        stripped = line.strip()
        if not stripped or stripped.startswith(_REMARKS):
            continue
        first, *rest = _REMARK.split(stripped, maxsplit=1)
        if first in _SINKS and rest and (name := _REMARK.split(rest[0].strip(), maxsplit=1)[0]):
            yield place, name
        else:
            yield place, first.strip("\"'")
