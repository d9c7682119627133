"""Domain names: what somebody registered, and whether a person would have chosen a label."""

import re
from functools import cache

from publicsuffixlist import PublicSuffixList

_INSIDE = re.compile(r"\.(local|internal|lan|svc|home\.arpa|in-addr\.arpa|ip6\.arpa)\Z")
_CONSONANTS = re.compile(r"[bcdfghjklmnpqrstvwxz]+")
_TURNS = re.compile(r"(?<=[a-z])(?=\d)|(?<=\d)(?=[a-z])")
_CODE = 8
"""Signs of the shortest part that carries data."""
_DIGITS = 12
"""The same of digits alone: dates, ports and what people count are shorter."""
_SHORT, _FEW_VOWELS, _LONG_RUN, _MANY_TURNS = 7, 0.2, 5, 3


@cache
def _list() -> PublicSuffixList:
    """The copy that the library carries: nothing is fetched."""
    return PublicSuffixList()


def registered(name: str) -> str:
    """`b.co.uk` of `a.b.co.uk`; the name itself where it is a suffix."""
    plain = name.rstrip(".").lower()
    return _list().privatesuffix(plain) or plain


def outside(name: str) -> bool:
    """Not one of the cluster's own or its network's, which resolvers also make of others by search lists."""
    return "." in name.strip(".") and _INSIDE.search(name.rstrip(".").lower()) is None


def carried(name: str, domain: str) -> int:
    """Signs below a domain that look like data; what people number (`k8s-worker-17`) has short parts."""
    parts = re.split(r"[.-]", name.rstrip(".")[: -len(domain)])
    return sum(len(part) for part in parts if _is_code(part))


def _is_code(part: str) -> bool:
    if part.isdecimal():
        return len(part) >= _DIGITS
    return len(part) >= _CODE and looks_generated(part)


def looks_generated(label: str) -> bool:
    """Hardly a vowel, a run of consonants that nobody speaks, or letters and digits in turn."""
    text = label.lower().replace("-", "")
    if len(text) < _SHORT:
        return False
    letters = [sign for sign in text if sign.isalpha()]
    vowels = sum(sign in "aeiouy" for sign in letters)
    longest = max((len(run) for run in _CONSONANTS.findall(text)), default=0)
    return (
        len(_TURNS.findall(text)) >= _MANY_TURNS
        or longest >= _LONG_RUN
        or (bool(letters) and vowels < _FEW_VOWELS * len(letters))
    )
