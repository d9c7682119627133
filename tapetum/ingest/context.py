"""What reading a delivery depends on besides its bytes: the clock, limits and private networks."""

from dataclasses import dataclass

from tapetum.domain.moments import DAY, HOUR, Micros
from tapetum.domain.networks import Networks


@dataclass(frozen=True, slots=True)
class Limits:
    """What a line may be.

    `kept`: how many bytes of a line over `max_line` go to the dead letters. `ahead`: how far in the
    future a time may lie (clocks are skewed). `retention`: how much older than the newest record of
    its cluster and kind a record may be; None keeps all.
    """

    max_line: int = 1 << 20
    kept: int = 4096
    ahead: Micros = HOUR
    retention: Micros | None = 30 * DAY


@dataclass(frozen=True, slots=True)
class Context:
    now: Micros
    networks: Networks
    limits: Limits = Limits()

    @property
    def latest(self) -> Micros:
        """The last instant that a record may carry."""
        return self.now + self.limits.ahead
