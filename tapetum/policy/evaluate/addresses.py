"""Whether an address lies in nets, where only a set is known that it lies in."""

from functools import lru_cache

from tapetum.policy.addresses import FOUR, SIX, Region
from tapetum.policy.truth import Fact, Match, unknown

_LINES = {4: FOUR, 6: SIX}


def narrowed(addresses: Region, version: int | None) -> Region:
    """To one IP version; unchanged where nothing of that is in it, as then one of the two is wrong."""
    line = None if version is None else _LINES[version]
    return addresses if line is None else addresses & line or addresses


@lru_cache(maxsize=65_536)
def within(addresses: Region, nets: Region, fact: Fact) -> Match:
    """Yes if all of it does, no if none of it does."""
    shared = addresses & nets
    if not shared:
        return False
    return True if shared == addresses else unknown(fact)
