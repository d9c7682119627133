"""Selectors over many label sets: each term once, by an index of who has which value."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import reduce

import numpy as np

from tapetum.policy.labels import Labels
from tapetum.policy.replay.truths import NO, UNKNOWN, YES, Ints, Truths, column, negated
from tapetum.policy.selectors import (
    All,
    And,
    Contains,
    EndsWith,
    Equals,
    Global,
    Has,
    In,
    Not,
    NotEquals,
    NotIn,
    Or,
    Selector,
    StartsWith,
)


class LabelColumns:
    """Over distinct label sets: `held` gives what a selector says of each."""

    def __init__(self, every: Sequence[Labels]) -> None:
        self._every = every
        self._size = len(every)
        self._hiding = [(place, labels) for place, labels in enumerate(every) if not labels.complete]
        self._who: dict[str, dict[str, Ints]] = {}
        self._held: dict[Selector, Truths] = {}

    def held(self, selector: Selector) -> Truths:
        if selector not in self._held:
            self._held[selector] = self._asked(selector)
        return self._held[selector]

    def _asked(self, selector: Selector) -> Truths:  # noqa: C901 - one case for each kind of term
        match selector:
            case All() | Global():
                return column(self._size, YES)
            case Not(term):
                return negated(self.held(term))
            case And(terms):
                return reduce(np.minimum, map(self.held, terms), column(self._size, YES))
            case Or(terms):
                return reduce(np.maximum, map(self.held, terms), column(self._size))
            case Has(label):
                return self._those(label, lambda _: True)
            case Equals(label, value):
                return self._with(label, (value,))
            case NotEquals(label, value):
                return negated(self._with(label, (value,)))
            case In(label, values):
                return self._with(label, values)
            case NotIn(label, values):
                return negated(self._with(label, values))
            case Contains(label, value):
                return self._those(label, lambda held: value in held)
            case StartsWith(label, value):
                return self._those(label, lambda held: held.startswith(value))
            case EndsWith(label, value):
                return self._those(label, lambda held: held.endswith(value))

    def _with(self, label: str, values: Sequence[str] | frozenset[str]) -> Truths:
        found = self._absent(label)
        who = self._having(label)
        for value in values:
            if value in who:
                found[who[value]] = YES
        return found

    def _those(self, label: str, holds: Callable[[str], bool]) -> Truths:
        found = self._absent(label)
        for value, places in self._having(label).items():
            if holds(value):
                found[places] = YES
        return found

    def _having(self, label: str) -> dict[str, Ints]:
        """Who has which value of a label that is asked for; most labels of most pods never are."""
        if label not in self._who:
            places: dict[str, list[int]] = defaultdict(list)
            for place, labels in enumerate(self._every):
                value = labels.get(label)
                if value is not None:
                    places[value].append(place)
            self._who[label] = {value: np.array(found, np.int64) for value, found in places.items()}
        return self._who[label]

    def _absent(self, label: str) -> Truths:
        """No, but unknown where the label may be there unseen."""
        found = column(self._size, NO)
        for place, labels in self._hiding:
            if label not in labels and not labels.lacks(label):
                found[place] = UNKNOWN
        return found
