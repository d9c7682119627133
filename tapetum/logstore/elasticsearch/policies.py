"""A policy trace as JSON: its strings and hits as nested objects, and the lists where order would be lost."""

from typing import Any

import pyarrow as pa

from tapetum.domain.flows import POLICY_LISTS
from tapetum.kql.policy_strings import parts_of
from tapetum.logstore.elasticsearch.json_columns import encode

Trace = dict[str, Any]


def members_of(traces: pa.Table) -> pa.Array:
    """`,"policies":[…],"policy_hits":[…]` for each trace: records repeat theirs, so each is written once."""
    return pa.array([_members(trace) for trace in traces.to_pylist()], pa.string())


def _members(trace: Trace) -> bytes:
    lists: dict[str, list[str]] = {name: trace[name] for name in POLICY_LISTS if trace[name]}
    strings = _strings(lists)
    told: Trace = {}
    if strings:
        told["policies"] = strings
    if {name: [one[name] for one in strings if name in one] for name in lists} != lists:
        told["policies_as_logged"] = lists  # twice in a list, or in another order than in another list
    hits: list[Trace] = trace["policy_hits"] or []
    if hits:
        told["policy_hits"] = [
            {name: value for name, value in hit.items() if value is not None} for hit in hits
        ]
    return b"," + encode(told)[1:-1] if told else b""


def _strings(lists: dict[str, list[str]]) -> list[Trace]:
    """One object for each distinct string: under the names of its lists, with what it can be found by."""
    found: dict[str, Trace] = {}
    for name, texts in lists.items():
        for text in texts:
            found.setdefault(text, {"parts": sorted(parts_of(text))})[name] = text
    return list(found.values())
