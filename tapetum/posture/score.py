"""From standings to a score of 0 to 100: a weighted share of what is known to be safe.

What is not known counts as if it were unsafe, so that missing data never raises a score; `at_most` says what
the score would be if all of it were safe.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tapetum.posture.components import WEIGHTS, WITH_IMAGES, Component, Standing, Weights

_WHOLE = 100.0


@dataclass(frozen=True, slots=True)
class Tally:
    """Subjects of one component: workloads and, of isolation, namespaces."""

    safe: int = 0
    unsafe: int = 0
    unknown: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.safe + other.safe, self.unsafe + other.unsafe, self.unknown + other.unknown)

    @property
    def total(self) -> int:
        return self.safe + self.unsafe + self.unknown

    @property
    def measured(self) -> bool:
        return self.safe + self.unsafe > 0

    @property
    def score(self) -> float | None:
        """None where nothing is known."""
        return self.share(self.safe) if self.measured else None

    @property
    def coverage(self) -> float:
        """How much of it is known, 0 to 1."""
        return self.share(self.safe + self.unsafe) / _WHOLE

    def share(self, subjects: int) -> float:
        return _WHOLE * subjects / self.total if self.total else 0.0


Tallies = Mapping[Component, Tally]


@dataclass(frozen=True, slots=True)
class Score:
    """`value` None: nothing is known."""

    value: float | None
    at_most: float
    coverage: float
    tallies: Tallies
    weights: Weights = field(default_factory=lambda: WEIGHTS)


def weights_of(whole: Tallies) -> Weights:
    """By what is known of the whole, so that its parts compare."""
    return WITH_IMAGES if whole[Component.IMAGES].measured else WEIGHTS


def tallied(told: Iterable[Mapping[Component, Standing]]) -> Tallies:
    counts = Counter(pair for each in told for pair in each.items())
    return {
        component: Tally(*(counts[component, standing] for standing in Standing)) for component in Component
    }


def added(every: Iterable[Tallies]) -> Tallies:
    found = dict.fromkeys(Component, Tally())
    for tallies in every:
        for component, tally in tallies.items():
            found[component] += tally
    return found


def score_of(tallies: Tallies, weights: Weights | None = None) -> Score:
    """`weights` None: these are of the whole."""
    weights = weights or weights_of(tallies)
    weighed = [(tally, weights[component] / _WHOLE) for component, tally in tallies.items()]
    value = sum(weight * tally.share(tally.safe) for tally, weight in weighed)
    lost = sum(weight * tally.share(tally.unsafe) for tally, weight in weighed)
    measured = any(tally.measured and weight for tally, weight in weighed)
    coverage = sum(weight * tally.coverage for tally, weight in weighed)
    return Score(value if measured else None, _WHOLE - lost, coverage, tallies, weights)


def gain_of(tallies: Tallies, component: Component, subjects: int) -> float:
    """By how much the score of the whole rises when so many of its subjects that are not safe become so."""
    return weights_of(tallies)[component] / _WHOLE * tallies[component].share(subjects)
