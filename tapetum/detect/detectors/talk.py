"""Whether connections came to a conversation, and names in a sentence."""

from collections.abc import Iterable

from tapetum.logstore.aggregation import Value

_TALK = 150
"""Bytes of answers a connection: a refusal is smaller, whatever speaks is not."""
_SHOWN = 8


def silent(connections: Value, answered: Value) -> bool:
    return (answered or 0) < _TALK * max(1, connections or 0)


def several(names: Iterable[str]) -> str:
    told = sorted(set(names), key=lambda name: (len(name), name))
    more = f" and {len(told) - _SHOWN} more" if len(told) > _SHOWN else ""
    return ", ".join(told[:_SHOWN]) + more
