"""How often a process looks for objects that only hold each other."""

import gc

_THRESHOLDS = 50_000, 10, 10


def collect_seldom() -> None:
    """Batches and manifests are many objects that end by themselves; to look through them every 700 new ones
    took a third of the time in which manifests are read.
    """
    gc.set_threshold(*_THRESHOLDS)
