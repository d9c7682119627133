"""Rules for values of security events."""

from typing import Any

from tapetum.ingest import values
from tapetum.ingest.refusals import wrong

_HIGHEST = 100
_ACTIONS = {"allow": "allow", "allowed": "allow", "deny": "deny", "denied": "deny", "blocked": "deny"}


def severity(value: Any, field: str) -> int | None:
    """From 1 to 100."""
    if value is None:
        return None
    if type(value) is not int or not 1 <= value <= _HIGHEST:
        raise wrong(field, value, f"a whole number from 1 to {_HIGHEST}")
    return value


def action(value: Any, field: str) -> str | None:
    """What became of the traffic, in the words of the flow logs."""
    name = values.text(value, field)
    if name is None:
        return None
    if name not in _ACTIONS:
        raise wrong(field, value, "allow or deny, allowed or blocked")
    return _ACTIONS[name]
