"""Connections allowed and denied, and bytes: each connection counts once, whoever reported it."""

from collections.abc import Sequence
from dataclasses import dataclass

from tapetum.api.use.cluster_health.asked import HealthAsked, Missing, whole
from tapetum.domain.batches import RecordKind
from tapetum.domain.metrics import Op
from tapetum.domain.policy_trace import Action
from tapetum.logstore.aggregation import Aggregation, Metric, Value


@dataclass(frozen=True, slots=True)
class Connections:
    allowed: int | None
    denied: int | None
    bytes_to_target: int | None
    bytes_to_source: int | None
    missing: Missing


async def connections(health: HealthAsked) -> Connections:
    metrics = ("connections", "bytes_to_target", "bytes_to_source")
    by_action = Aggregation(tuple(Metric(Op.SUM, each) for each in metrics), ("action",))
    rows = (await health.told(health.search(RecordKind.FLOWS), by_action)).rows
    found = {row.keys[0]: row.values for row in rows}

    def at(action: Action) -> int | None:
        """Where no record says so it is none, where none counts it is not known."""
        return whole(found[action][0]) if action in found else 0

    known = {
        "allowed": at(Action.ALLOW),
        "denied": at(Action.DENY),
        "bytes_to_target": _sum([values[1] for values in found.values()]),
        "bytes_to_source": _sum([values[2] for values in found.values()]),
    }
    if not found:
        known, reason = dict.fromkeys(known), health.no_record("flow")
    else:
        reason = f"What logged the flows of {health.place} does not count it."
    return Connections(**known, missing={name: reason for name, value in known.items() if value is None})


def _sum(values: Sequence[Value]) -> int | None:
    known = [int(each) for each in values if each is not None]
    return sum(known) if known else None
