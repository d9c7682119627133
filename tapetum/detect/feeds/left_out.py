"""What of a body is no indicator, and whether that tells that the body is no feed at all."""

from dataclasses import dataclass, field

from tapetum.detect.feeds.entries import LapsedError, PassedOverError, UnusableError
from tapetum.domain.errors import BadInputError
from tapetum.domain.feeds import Feed, FeedForm, Refused

_SHOWN = 20
_WORST = 0.5
"""The part of what ought to be indicators that may be bad: above, the body is not what the feed says."""


@dataclass(slots=True)
class LeftOut:
    """`bad` are those that ought to be indicators; the rest is of another kind, or `lapsed`."""

    count: int = 0
    bad: int = 0
    lapsed: int = 0
    first: list[Refused] = field(default_factory=list)
    first_bad: Refused | None = None

    def add(self, refused: Refused, error: UnusableError) -> None:
        self.count += 1
        self.lapsed += isinstance(error, LapsedError)
        if len(self.first) < _SHOWN:
            self.first.append(refused)
        if not isinstance(error, PassedOverError):
            self.bad += 1
            self.first_bad = self.first_bad or refused

    def hold(self, seen: int, feed: Feed) -> float:
        """The part that is bad of what ought to be indicators, of so many entries.

        Raises BadInputError where it tells that the body is no feed.
        """
        if not seen:
            raise BadInputError("The feed lists nothing.")
        meant = seen - self.count + self.bad
        if self.first_bad is not None and self.bad > _WORST * meant:
            told = _first(self.first_bad, feed)
            raise BadInputError(f"{self.bad} of {meant} entries are no indicators; {told}.")
        if self.count == seen and not self.lapsed:
            raise BadInputError(f"The feed lists nothing that is read; {_first(self.first[0], feed)}.")
        return self.bad / meant if meant else 0.0


_PLACES = {FeedForm.LIST: "line", FeedForm.CSV: "row", FeedForm.STIX: "object"}


def _first(refused: Refused, feed: Feed) -> str:
    shown = f" {refused.text!r}" if refused.text else ""
    return f"the first, in {_PLACES[feed.form]} {refused.place},{shown} is {refused.reason}"
