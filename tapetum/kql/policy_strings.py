"""What a value means on the policy strings of a log (`0|default|default.allow-dns|allow|0`).

Documented queries name a part of the string (`all_policies: deny`), so a value meets the whole string
or any of its parts. Must not know the grammars of policy strings: a part is what stands between marks.
"""

import re
from functools import lru_cache

_MARKS = re.compile(r"[|/:]")
MARKS = "[|/:]"
KINDS = ("knp.", "kanp.", "kbanp.", "kcnp.")
"""What classic names of Kubernetes policies begin with, before their tier."""


@lru_cache(maxsize=65_536)
def parts_of(text: str) -> frozenset[str]:
    """The string, its parts between `|`, `/` and `:`, and each part without `<tier>.` before it."""
    parts = _MARKS.split(text)
    fields = text.split("|", 2)
    tier = f"{fields[1]}." if len(fields) > 1 else ""
    bare: list[str] = []
    for part in parts:
        name = next((part.removeprefix(kind) for kind in KINDS if part.startswith(kind)), part)
        if tier and name.startswith(tier):
            bare.append(name[len(tier) :])
    return frozenset((text, *parts, *bare))
