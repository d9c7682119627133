"""What a value means on the policy strings of a log (`0|default|default.allow-dns|allow|0`).

Documented queries name a part of the string (`all_policies: deny`), so a value meets the whole string
or any of its parts. Must not know the grammars of policy strings: a part is what stands between marks.
"""

from functools import lru_cache

MARKS = "|/:"
KINDS = ("", "knp.", "kanp.", "kbanp.", "kcnp.")
"""What may stand before the tier in the name of a policy: nothing, or what classic names of
Kubernetes policies begin with. `<kind><tier>.` is left out of a part, one kind after the other."""

_TO_BAR = str.maketrans(MARKS, "|" * len(MARKS))


@lru_cache(maxsize=65_536)
def parts_of(text: str) -> frozenset[str]:
    """The string, its parts between marks, and those parts without the tier before them."""
    spaced = f"|{text.translate(_TO_BAR)}|"
    without_tier, tier = spaced, tier_of(text)
    if tier:
        for kind in KINDS:
            without_tier = without_tier.replace(f"|{kind}{tier}.", "|")
    parts = {*spaced.split("|"), *without_tier.split("|")} - {""}
    return frozenset((text, *parts))


def tier_of(text: str) -> str:
    """What stands between the first two bars."""
    return text.split("|", 2)[1] if "|" in text else ""
