"""Truth as bytes, so that `and` is the minimum of columns and `or` their maximum."""

import numpy as np
from numpy.typing import NDArray

from tapetum.policy.truth import Match

Truths = NDArray[np.uint8]
Ints = NDArray[np.int64]
Codings = NDArray[np.int32]
Mask = NDArray[np.bool_]

NO, UNKNOWN, YES = np.uint8(0), np.uint8(1), np.uint8(2)


def truth_of(match: Match | None) -> np.uint8:
    """None is unknown too, as selectors have it."""
    if match is True:
        return YES
    return NO if match is False else UNKNOWN


def column(size: int, truth: np.uint8 = NO) -> Truths:
    return np.full(size, truth, np.uint8)


def negated(truths: Truths) -> Truths:
    return YES - truths
