"""Kubernetes' label selectors as documents write them."""

from tapetum.policy.documents.problem import shown
from tapetum.policy.labels import ORCHESTRATOR
from tapetum.policy.resources.fields import Fields
from tapetum.policy.resources.names import is_label_key, is_label_value
from tapetum.policy.selectors import Equals, Selector, both, in_namespaces, label_selector
from tapetum.policy.selectors.kubernetes import OPERATORS

POD = Equals(ORCHESTRATOR, "k8s")
"""Holds for pods only: neither hosts nor network sets have the label."""


def selector_of(fields: Fields) -> Selector:
    fields.only("matchLabels", "matchExpressions")
    expressions: list[tuple[str, str, tuple[str, ...]]] = []
    for each in fields.items("matchExpressions"):
        each.only("key", "operator", "values")
        key, operator = each.text("key"), each.one_of("operator", *OPERATORS)
        values = each.texts("values")
        if not key:
            raise each.wrong("key", "it is missing; write the label's name.")
        if bool(values) != (operator in ("In", "NotIn")):
            needs = "needs values" if operator in ("In", "NotIn") else "takes no values"
            raise each.wrong("values", f"{operator} {needs}; correct them.")
        each.expect(is_label_key(key), "key", f"{shown(key)} cannot be a label's name; correct it.")
        wrong = [value for value in values if not is_label_value(value)]
        each.expect(
            not wrong, "values", f"{shown(''.join(wrong[:1]))} cannot be a label's value; correct it."
        )
        expressions.append((key, operator, values))
    return label_selector(fields.labels("matchLabels"), expressions)


def pods(fields: Fields) -> Selector:
    return both(POD, selector_of(fields))


def namespaces(fields: Fields) -> Selector:
    return in_namespaces(selector_of(fields))
