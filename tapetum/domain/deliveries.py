"""How delivery to a target stands: its place among numbered alerts, its tries, and what was given up.

Pure: the clock and the chance in waits are the caller's. Knows no receiver, nor where it is kept.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from tapetum.domain.alerts import NumberedAlert
from tapetum.domain.moments import HOUR, MINUTE, SECOND, Micros

FIRST_WAIT, LONGEST_WAIT, LONGEST_ASKED = 2 * SECOND, 5 * MINUTE, HOUR
"""Between tries: at first, at last, and at the receiver's own request."""
MOST_REFUSALS = 6
"""Tries of an alert that the receiver refuses for good, before it is set down as failed."""
MOST_LISTED = 100
HELD_FOR = 30 * SECOND
"""How long a process has a target for itself after its last word."""


class Outcome(StrEnum):
    """REFUSED: the same would be refused again. PUT_OFF: it may be taken another time."""

    DELIVERED = "delivered"
    REFUSED = "refused"
    PUT_OFF = "put_off"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a receiver made of an alert, in one sentence; `after` is how long it asked to be left alone."""

    outcome: Outcome
    said: str
    after: Micros | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """An alert that the receiver would not have."""

    number: int
    alert: str
    title: str
    reason: str
    at: Micros


@dataclass(frozen=True, slots=True)
class DeliveryState:
    """Alerts up to `number` are dealt with. `tries` are of the next one, by `version` of the target.

    `revision` grows with each change, so that of two who change it one finds out. `failures` are the newest.
    """

    target: str
    number: int
    revision: int = 0
    version: int = 0
    tries: int = 0
    problem: str | None = None
    tried_at: Micros = 0
    wait: Micros = 0
    delivered: int = 0
    delivered_at: Micros | None = None
    failed: int = 0
    failures: tuple[Failed, ...] = ()
    holder: str | None = None
    held_at: Micros = 0

    @property
    def next_try(self) -> Micros | None:
        return None if self.problem is None else self.tried_at + self.wait

    def is_due(self, version: int, now: Micros) -> bool:
        """A target that was changed is tried at once; a clock that was set back is time that passed."""
        return self.problem is None or version != self.version or not 0 <= now - self.tried_at < self.wait

    def is_open_to(self, holder: str, now: Micros) -> bool:
        """Whether no other process is at it."""
        return self.holder in (None, holder) or not 0 <= now - self.held_at < HELD_FOR

    def held_by(self, holder: str, now: Micros) -> "DeliveryState":
        return replace(self, holder=holder, held_at=now, revision=self.revision + 1)


def answered(
    before: DeliveryState, numbered: NumberedAlert, answer: Answer, version: int, now: Micros, chance: float
) -> DeliveryState:
    """How it stands after a try of its next alert; `chance` is from 0 to 1, and spreads the waits."""
    done = replace(
        before, number=numbered.number, version=version, tries=0, problem=None, tried_at=now, wait=0
    )
    if answer.outcome is Outcome.DELIVERED:
        return replace(done, delivered=before.delivered + 1, delivered_at=now)
    tries = 1 + (before.tries if before.version == version else 0)
    if answer.outcome is Outcome.REFUSED and tries >= MOST_REFUSALS:
        alert = numbered.alert
        failure = Failed(numbered.number, alert.id, alert.title[:200], answer.said, now)
        return replace(done, failed=before.failed + 1, failures=(*before.failures, failure)[-MOST_LISTED:])
    wait = wait_of(tries, answer.after, chance)
    return replace(before, version=version, tries=tries, problem=answer.said, tried_at=now, wait=wait)


def answered_again(before: DeliveryState, alert: str, answer: Answer, now: Micros) -> DeliveryState | None:
    """How it stands once an alert that was given up was sent again; None where it is none of those.

    The target's place and its tries stay: they are of the next alert.
    """
    failure = next((each for each in before.failures if each.alert == alert), None)
    if failure is None:
        return None
    after = replace(before, revision=before.revision + 1)
    if answer.outcome is not Outcome.DELIVERED:
        told = replace(failure, reason=answer.said, at=now)
        return replace(after, failures=tuple(told if each is failure else each for each in before.failures))
    others = tuple(each for each in before.failures if each is not failure)
    return replace(
        after,
        failures=others,
        failed=before.failed - 1,
        delivered=before.delivered + 1,
        delivered_at=now,
    )


def wait_of(tries: int, asked: Micros | None, chance: float) -> Micros:
    """Until the next try: doubled each time, up to half of it left to chance; no less than was asked."""
    longest = min(FIRST_WAIT << min(tries - 1, 20), LONGEST_WAIT)
    ours = int(longest * (1 - chance / 2))
    return ours if asked is None else max(ours, min(asked, LONGEST_ASKED))
