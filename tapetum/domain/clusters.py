"""A cluster as somebody registered it, and how its logs stand. Knows nothing of where either is kept."""

import re
from enum import StrEnum
from typing import Literal

from tapetum.domain.documents import Prose, Title, printable
from tapetum.domain.moments import HOUR, MINUTE, Micros
from tapetum.domain.saved_query import Form

PALETTE = ("blue", "teal", "amber", "violet", "green", "pink", "slate", "olive")
"""Names of colours that a page draws so that they can be told apart on its dark and its light ground."""
LATE_AFTER, SILENT_AFTER = 10 * MINUTE, HOUR
"""A record's time is its start: a source that flushes every five minutes is up to ten behind."""
RATE_WINDOW = 15 * MINUTE

_WRITTEN = re.compile(r"#[0-9a-fA-F]{6}\Z")


class Registration(Form, frozen=True, kw_only=True):
    """What people call a cluster and how it is shown. `colour` is one of PALETTE or #rrggbb, "" is none."""

    format: Literal[1]
    title: Title
    colour: str = ""
    description: Prose = ""

    def __post_init__(self) -> None:
        printable("the title", self.title)
        if self.colour and self.colour not in PALETTE and not _WRITTEN.match(self.colour):
            raise ValueError(f"the colour is neither one of {', '.join(PALETTE)} nor written as #rrggbb")


class Receiving(StrEnum):
    """How long ago the newest record of a cluster began."""

    RECEIVING = "receiving"
    LATE = "late"
    SILENT = "silent"
    NEVER = "never"


def lag_of(newest: Micros | None, now: Micros) -> Micros | None:
    """None where there is no record; a source whose clock is ahead is not behind."""
    return None if newest is None else max(0, now - newest)


def receiving(lag: Micros | None) -> Receiving:
    if lag is None:
        return Receiving.NEVER
    if lag > SILENT_AFTER:
        return Receiving.SILENT
    return Receiving.LATE if lag > LATE_AFTER else Receiving.RECEIVING
