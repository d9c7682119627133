"""Policies as the board has them, counted: without what is found of their rules."""

from dataclasses import dataclass

from tapetum.api.context import Asked, Reviewed
from tapetum.api.states import ClusterObjects
from tapetum.api.use.cluster_health.asked import HealthAsked, Missing
from tapetum.api.use.policy_board import Entry, board_of
from tapetum.api.use.policy_counts import Tally
from tapetum.domain.batches import RecordKind
from tapetum.domain.policy_trace import Action
from tapetum.policy.resources.policies import STAGED_OF


@dataclass(frozen=True, slots=True)
class Policies:
    """`without`: clusters of which no manifests are known."""

    policies: int | None
    staged: int | None
    unused: int | None
    denying: int | None
    without: tuple[str, ...]
    missing: Missing


async def policies(health: HealthAsked) -> Policies:
    """As the board has them, without what is found of their rules."""
    async with health.asked.searching:
        board = await board_of(health.asked, health.search(RecordKind.FLOWS), _unreviewed)
    entries = [each for column in board.columns for each in column.entries if _within(each, health.namespace)]
    inert = [each for each in entries if each.policy.id.kind in STAGED_OF]
    denying = sum(_denies(each.tally) for each in entries if each.policy.id.kind not in STAGED_OF)
    denying += sum(
        _denies(tally)
        for (_, kind, namespace, _), _, tally in board.rest
        if kind not in STAGED_OF and (health.namespace is None or namespace in (None, health.namespace))
    )
    told, known = board.tallies.told, bool(board.columns)
    untold = f"No flow of {health.place} says which policies decided it."
    missing: dict[str, str] = {}
    if not told:
        missing |= {"unused": untold, "denying": untold}
    if not known:
        missing |= dict.fromkeys(("policies", "staged", "unused"), "No manifests are here; import them.")
    return Policies(
        policies=len(entries) if known else None,
        staged=len(inert) if known else None,
        unused=sum(each.unused for each in entries) if known and told else None,
        denying=denying if told else None,
        without=board.without,
        missing=missing,
    )


async def _unreviewed(_asked: Asked, _objects: ClusterObjects) -> Reviewed:
    return {}


def _within(entry: Entry, namespace: str | None) -> bool:
    """In the namespace; of global ones those that select there, or of which nobody knows whom they do."""
    if namespace is None or entry.policy.id.namespace is not None:
        return namespace in (None, entry.policy.id.namespace)
    selects = entry.selects
    return selects is None or any(each.namespace == namespace for each in (*selects.sure, *selects.maybe))


def _denies(tally: Tally) -> bool:
    return any(each.key.action == Action.DENY for each in tally.counts)
