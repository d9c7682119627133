"""Domain patterns: exact names, or with one `*` component that stands for one or more labels."""

import re

from tapetum.policy.documents.problem import Refused, shown
from tapetum.policy.resources.fields import Fields

_PATTERN = re.compile(r"(?:\*|[A-Za-z0-9_-]{1,63})(?:\.(?:\*|[A-Za-z0-9_-]{1,63}))*\.?")


def domain_patterns(fields: Fields, name: str) -> tuple[str, ...]:
    """In lower case and without a final dot."""
    found: list[str] = []
    for at, text in enumerate(fields.texts(name)):
        if not _PATTERN.fullmatch(text) or text.count("*") > 1:
            raise Refused(
                f"{shown(text)} is not a domain; write a name, with one part as * at most.",
                path=f"{fields.at(name)}[{at}]",
            )
        found.append(text.lower().rstrip("."))
    return tuple(found)


def fits(domain: str, pattern: str) -> bool:
    """Whether a looked-up name is what a pattern means."""
    name = domain.lower().rstrip(".")
    before, star, after = pattern.partition("*")
    if not star:
        return name == pattern
    return len(name) > len(before) + len(after) and name.startswith(before) and name.endswith(after)
