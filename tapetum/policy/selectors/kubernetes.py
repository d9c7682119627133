"""Kubernetes' label selectors (matchLabels, matchExpressions) as the same trees."""

from collections.abc import Iterable, Mapping

from tapetum.policy.selectors.tree import Has, In, Not, NotIn, Selector, all_equal, both

OPERATORS = ("In", "NotIn", "Exists", "DoesNotExist")


def label_selector(
    labels: Mapping[str, str], expressions: Iterable[tuple[str, str, Iterable[str]]] = ()
) -> Selector:
    """Expressions are (key, operator, values) with an operator of OPERATORS. Nothing at all is `all()`."""
    return both(*all_equal(labels), *(_expression(*each) for each in expressions))


def _expression(key: str, operator: str, values: Iterable[str]) -> Selector:
    match operator:
        case "In":
            return In(key, frozenset(values))
        case "NotIn":
            return NotIn(key, frozenset(values))
        case "Exists":
            return Has(key)
        case _:
            return Not(Has(key))
