"""A plain list: one indicator a line; what follows a space, comma, `#` or `;` is a remark.

Lines of a hosts file, such as `0.0.0.0 bad.example worse.example`, list their names; a range may have spaces
around its hyphen.
"""

import re
from collections.abc import Iterator

_REMARK = re.compile(r"[\s,;#]")
_RANGE = re.compile(
    r"([0-9a-fA-F:]*[.:][0-9a-fA-F:.]*)\s+-\s+([0-9a-fA-F:]*[.:][0-9a-fA-F:.]*)(?=[\s,;#]|\Z)"
)
_SINKS = frozenset({"0.0.0.0", "127.0.0.1", "255.255.255.255", "::", "::1"})  # noqa: S104 - read, not bound
_NO_NAMES = re.compile(r"[,;#]")
_REMARKS = ("#", ";", "//", "!")

Candidate = tuple[int, str]
"""Its place, from 1, and its text."""


def candidates(text: str) -> Iterator[Candidate]:
    for place, line in enumerate(text.splitlines(), 1):
        stripped = line.strip()
        if not stripped or stripped.startswith(_REMARKS):
            continue
        if found := _RANGE.match(stripped):
            yield place, f"{found[1]}-{found[2]}"
            continue
        first, *rest = _REMARK.split(stripped, maxsplit=1)
        if first in _SINKS and rest and (names := _NO_NAMES.split(rest[0], maxsplit=1)[0].split()):
            yield from ((place, name) for name in names)
        else:
            yield place, first.strip("\"'")
