"""Calico's selector language: text to a small tree, its canonical text, and what it matches.

The grammar is in docs/decisions/0014-policy-engine.md; Kubernetes' label selectors become the same tree.
"""

from tapetum.policy.selectors.kubernetes import label_selector
from tapetum.policy.selectors.parser import SelectorError, parse
from tapetum.policy.selectors.prefixes import in_namespaces, of_service_accounts
from tapetum.policy.selectors.tree import (
    ALL,
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
    both,
)

__all__ = [
    "ALL",
    "All",
    "And",
    "Contains",
    "EndsWith",
    "Equals",
    "Global",
    "Has",
    "In",
    "Not",
    "NotEquals",
    "NotIn",
    "Or",
    "Selector",
    "SelectorError",
    "StartsWith",
    "both",
    "in_namespaces",
    "label_selector",
    "of_service_accounts",
    "parse",
]
