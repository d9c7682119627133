"""Whether an address lies in nets, where only a set is known that it lies in."""

from functools import lru_cache

from tapetum.policy.addresses import Region
from tapetum.policy.truth import Fact, Match, unknown


@lru_cache(maxsize=65_536)
def within(addresses: Region, nets: Region, fact: Fact) -> Match:
    """Yes if all of it does, no if none of it does."""
    shared = addresses & nets
    if not shared:
        return False
    return True if shared == addresses else unknown(fact)
