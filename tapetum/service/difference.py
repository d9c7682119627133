"""What a recount finds: where two stores that should agree do not."""

from dataclasses import dataclass
from typing import Literal

from tapetum.domain.moments import Micros


@dataclass(frozen=True, slots=True)
class Difference:
    """One hour or minute and flow key in which records and roll-ups disagree; key None: it is not known."""

    unit: Literal["hour", "minute"]
    start: Micros
    flow_key: int | None
    what: str
    recorded: int
    rolled_up: int
