"""Selectors of namespaces and service accounts, as selectors of the endpoints that live in them."""

from collections.abc import Callable
from dataclasses import replace

from tapetum.policy.labels import NAMESPACE, NAMESPACE_PREFIX, SERVICE_ACCOUNT, SERVICE_ACCOUNT_PREFIX
from tapetum.policy.selectors.tree import All, And, Global, Has, Not, Or, Selector


def in_namespaces(selector: Selector) -> Selector:
    """`all()` is any namespace, `global()` none."""
    return _prefixed(selector, NAMESPACE_PREFIX, Has(NAMESPACE))


def of_service_accounts(selector: Selector) -> Selector:
    return _prefixed(selector, SERVICE_ACCOUNT_PREFIX, Has(SERVICE_ACCOUNT))


def _prefixed(selector: Selector, prefix: str, any_: Selector) -> Selector:
    def walk(node: Selector) -> Selector:
        match node:
            case All():
                return any_
            case Global():
                return Not(any_)
            case Not(term):
                return Not(walk(term))
            case And(terms):
                return And(_each(walk, terms))
            case Or(terms):
                return Or(_each(walk, terms))
            case _:
                return replace(node, label=prefix + node.label)

    return walk(selector)


def _each(walk: Callable[[Selector], Selector], terms: tuple[Selector, ...]) -> tuple[Selector, ...]:
    return tuple(map(walk, terms))
