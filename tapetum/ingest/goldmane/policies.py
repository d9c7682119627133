"""Goldmane's structured policy hits as the strings that flow logs use for them."""

from typing import Any

from tapetum.domain.policy_trace import UNMATCHED, Action, PolicyHit, PolicyKind, format_hit
from tapetum.ingest.flat import Row
from tapetum.ingest.goldmane.proto import HIT_ACTIONS, KINDS, named, number
from tapetum.ingest.refusals import missing, wrong
from tapetum.ingest.strict_json import refuse_repeats

# The proto's names, and those of whisker-backend.
_LISTS = {
    "enforced_policies": ("enforced_policies", "enforced"),
    "pending_policies": ("pending_policies", "pending"),
}
_TRACE = frozenset(name for names in _LISTS.values() for name in names)
_HIT = frozenset(["kind", "namespace", "name", "tier", "action", "policy_index", "rule_index", "trigger"])
_LARGEST_INDEX = 10**9 - 1
_NAMELESS = "__NO_MATCH__"


def policy_texts(trace: dict[str, Any], where: str) -> Row:
    """The lists of a PolicyTrace as policy strings of the new grammar."""
    refuse_repeats(trace, _TRACE, where)
    row: Row = {}
    for stored, names in _LISTS.items():
        name = next((name for name in names if trace.get(name) is not None), None)
        hits = [] if name is None else trace[name]
        if not isinstance(hits, list):
            raise wrong(f"{where}{name}", hits, "a list of policy hits")
        row[stored] = [_text(hit, f"{where}{name}[{place}]") for place, hit in enumerate(hits)] or None
    return row


def _text(hit: Any, where: str) -> str:
    kind, namespace, name = _policy(hit, where)
    action = named(hit.get("action"), f"{where}.action", HIT_ACTIONS, "Allow, Deny or Pass")
    if action is None:
        raise missing(f"{where}.action", "Allow, Deny or Pass")
    rule = hit.get("rule_index")
    if kind == PolicyKind.END_OF_TIER and hit.get("trigger") is not None:
        # Logs name the policy that made the tier apply, with a rule that none is.
        kind, namespace, name = _policy(hit["trigger"], f"{where}.trigger")
        rule = UNMATCHED
    return format_hit(
        PolicyHit(
            index=number(hit.get("policy_index"), f"{where}.policy_index", _LARGEST_INDEX),
            tier=_word(hit, "tier", where),
            kind=PolicyKind(kind),
            namespace=namespace or None,
            name=name or _NAMELESS,
            action=Action(action),
            rule_index=_rule_index(rule, f"{where}.rule_index"),
        )
    )


def _policy(hit: Any, where: str) -> tuple[str, str, str]:
    if not isinstance(hit, dict):
        raise wrong(where, hit, "a policy hit")
    refuse_repeats(hit, _HIT, f"{where}.")
    kind = named(hit.get("kind"), f"{where}.kind", KINDS, "a kind of policy")
    if kind is None:
        raise missing(f"{where}.kind", "a kind of policy")
    return kind, _word(hit, "namespace", where), _word(hit, "name", where)


def _word(hit: dict[str, Any], name: str, where: str) -> str:
    value = hit.get(name)
    if value is None:
        return ""
    if not isinstance(value, str) or "|" in value:
        raise wrong(f"{where}.{name}", value, "a name")
    return value


def _rule_index(value: Any, field: str) -> int:
    """As any number, and -1 for no rule, -2 for an unknown one."""
    if value in (-1, "-1", -2, "-2"):
        return int(value)
    return number(value, field, _LARGEST_INDEX)
