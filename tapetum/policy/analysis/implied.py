"""Whether one selector holds wherever another does, by their texts alone: False where that is not plain."""

from tapetum.policy.labels import Labels
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

_OF_A_LABEL = (Has, Equals, NotEquals, In, NotIn, Contains, StartsWith, EndsWith)


def implies(given: Selector, wanted: Selector) -> bool:
    if given == wanted or isinstance(wanted, All | Global):
        return True
    if isinstance(wanted, And):
        return all(implies(given, each) for each in wanted.terms)
    if isinstance(given, Or):
        return all(implies(each, wanted) for each in given.terms)
    if isinstance(given, And) and any(implies(each, wanted) for each in given.terms):
        return True
    if isinstance(wanted, Or):
        return any(implies(given, each) for each in wanted.terms)
    if isinstance(given, Not) and isinstance(wanted, Not):
        return implies(wanted.term, given.term)
    return _of_one_label(given, wanted)


def _of_one_label(given: Selector, wanted: Selector) -> bool:
    if not (isinstance(given, _OF_A_LABEL) and isinstance(wanted, _OF_A_LABEL)):
        return False
    label = given.label
    if label != wanted.label:
        return False
    match given:
        case Equals(value=value):
            return wanted.holds(Labels({label: value})) is True
        case In(values=values):
            return all(wanted.holds(Labels({label: value})) is True for value in values)
        case NotEquals(value=value):
            return _excluded(wanted) <= {value} and isinstance(wanted, NotEquals | NotIn)
        case NotIn(values=values):
            return _excluded(wanted) <= values and isinstance(wanted, NotEquals | NotIn)
        case _:
            return isinstance(wanted, Has)


def _excluded(selector: Selector) -> frozenset[str]:
    if isinstance(selector, NotEquals):
        return frozenset({selector.value})
    return selector.values if isinstance(selector, NotIn) else frozenset()
