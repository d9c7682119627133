"""How far connections have come on their way through the tiers."""

from dataclasses import dataclass, fields

import numpy as np

from tapetum.policy.replay.truths import Ints, Mask, Truths, column


@dataclass(slots=True)
class Ways:
    """Of each connection: whether its sure way goes on, whether some other may, where ways have ended.

    `outcomes` has bit 1 where a way was allowed, 2 where one was denied. Of the tier that is asked: `here` is
    what no rule has decided, `applied` whether one of its policies selects the end, `leaves` where a way may
    have passed on.
    """

    sure: Mask
    maybe: Mask
    outcomes: Truths
    here: Mask
    applied: Truths
    leaves: Mask

    @staticmethod
    def begun(size: int) -> "Ways":
        sure, maybe, here, leaves = (np.full(size, each, np.bool_) for each in (True, False, False, False))
        return Ways(sure, maybe, column(size), here, column(size), leaves)

    @property
    def on(self) -> Mask:
        return self.sure | self.maybe

    def end(self, places: Ints, bit: np.uint8) -> None:
        """Every way that is still in the tier ends."""
        self.outcomes[places] |= bit
        self.sure[places] = False
        self.maybe[places] = self.leaves[places]

    def those(self, places: Ints) -> "Ways":
        return Ways(*(getattr(self, each.name)[places] for each in fields(self)))

    def copy(self) -> "Ways":
        return Ways(*(getattr(self, each.name).copy() for each in fields(self)))

    def differing(self, other: "Ways", *, between: bool) -> Mask:
        """Where the rest of the way may differ. `between`: no tier is being asked."""
        found = (self.sure != other.sure) | (self.maybe != other.maybe) | (self.outcomes != other.outcomes)
        if not between:
            here = self.here | other.here
            found |= self.here != other.here
            found |= here & ((self.applied != other.applied) | (self.leaves != other.leaves))
        return found
