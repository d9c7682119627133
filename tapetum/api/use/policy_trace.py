"""What decides a recorded flow by the manifests as of then, beside what its record says decided it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import anyio.to_thread

from tapetum.api.context import Asked
from tapetum.api.use.cluster_objects import read_objects
from tapetum.domain.batches import RecordKind
from tapetum.domain.endpoints import endpoint_kind
from tapetum.domain.errors import BadInputError
from tapetum.domain.flows import Reporter
from tapetum.domain.moments import Micros
from tapetum.domain.policy_trace import UNKNOWN_RULE, PolicySet
from tapetum.logstore.port import Record
from tapetum.policy.connection import Connection
from tapetum.policy.evaluate import judge
from tapetum.policy.rules import Direction, ServiceRef, logged_protocol
from tapetum.policy.state import ClusterState, LoggedEnd
from tapetum.policy.trace import Judgement, Trace, Verdict

_DIRECTIONS = {Reporter.SRC: Direction.EGRESS, Reporter.DST: Direction.INGRESS}
_SEVERAL = "*"


@dataclass(frozen=True, slots=True)
class Traced:
    """`judgement` None: there are no manifests as of then."""

    record: Record
    as_of: Micros
    direction: Direction
    judgement: Judgement | None
    warnings: tuple[str, ...]


async def policy_trace(asked: Asked, record_id: str) -> Traced | None:
    """None where there is no such flow that the caller may see."""
    record = await asked.api.logs.get(asked.scope, RecordKind.FLOWS, record_id)
    if record is None:
        return None
    direction = _DIRECTIONS.get(record["reporter"])
    if direction is None:
        raise BadInputError(
            "This flow was reported in transit, where no endpoint's policies are applied; take the "
            "source's or the destination's report.",
            path="flow",
        )
    as_of = record["start_time"]
    objects = await read_objects(asked, record["cluster"], as_of)
    if not objects.objects:
        none = "No manifests of the cluster are known as of then, so only the record tells what decided it."
        return Traced(record, as_of, direction, None, (none,))
    judgement = await anyio.to_thread.run_sync(_judged, objects.state, record, direction)
    if judgement is None:
        none = "The end that reported it is no endpoint that policies are applied to."
        return Traced(record, as_of, direction, None, (none,))
    return Traced(record, as_of, direction, judgement, tuple(_warnings(record, judgement)))


def _judged(state: ClusterState, record: Record, direction: Direction) -> Judgement | None:
    source, destination = (state.logged(_end(record, side)) for side in ("source", "dest"))
    subject = source if direction is Direction.EGRESS else destination
    if not subject.governed:
        return None
    protocol = logged_protocol(record["proto"])
    namespace, name = record["dest_service_namespace"], record["dest_service_name"]
    service = ServiceRef(namespace, name) if namespace and name and _SEVERAL not in name else None
    return judge(
        state,
        Connection(
            source, destination, protocol, record["dest_port"], record["source_port"], service=service
        ),
        direction,
    )


def _end(record: Record, side: str) -> LoggedEnd:
    named = side == "dest" and record["reporter"] == Reporter.SRC
    return LoggedEnd(
        endpoint_kind(
            record[f"{side}_type"],
            record[f"{side}_namespace"],
            record[f"{side}_name_aggr"],
            record.get(f"{side}_network"),
        ),
        record[f"{side}_namespace"],
        record[f"{side}_name"],
        record[f"{side}_name_aggr"],
        record[f"{side}_ip"],
        None if record[f"{side}_labels"] is None else tuple(record[f"{side}_labels"]),
        tuple(record["dest_domains"] or ()) if named else None,
    )


def _warnings(record: Record, judgement: Judgement) -> Iterator[str]:
    trace, said = judgement.enforced, record["action"]
    if trace.verdict is Verdict.UNCERTAIN:
        missing = ", ".join(sorted(trace.missing))
        yield f"The record does not tell enough to be certain: {missing} not known."
    elif said is not None and trace.verdict != said:
        yield (
            f"The manifests as of then {trace.verdict} it, and the record says {said}: the manifests are "
            "not what was in force on that node, or the connection is older than they are."
        )
    for name, found, which in (
        ("enforced", trace, PolicySet.ENFORCED),
        ("pending", judgement.logged_pending, PolicySet.PENDING),
    ):
        logged = [hit for hit in record["policy_hits"] or () if hit["set"] == which]
        # Who names no rules (Hubble) names all that match, not the steps that led there.
        told = logged and all(hit["rule_index"] != UNKNOWN_RULE for hit in logged)
        differs = told and not found.doubts and _steps(found) != list(_logged(logged))
        if differs and (which is PolicySet.PENDING or trace.verdict == said):
            yield f"The record names other {name} steps than the manifests as of then lead to."


def _steps(trace: Trace) -> list[tuple[object, ...]]:
    hits = ({name: getattr(hit, name) for name in _COMPARED} for hit in trace.hits)
    return list(_logged(hits))


_COMPARED = ("index", "tier", "kind", "namespace", "name", "action", "rule_index", "end_of_tier")


def _logged(hits: Iterable[Record]) -> Iterator[tuple[object, ...]]:
    """In order; at a tier's end any of the policies that applied may be named."""
    for hit in sorted(hits, key=lambda each: each["index"]):
        if hit["end_of_tier"]:
            yield hit["tier"], hit["action"]
        else:
            yield hit["tier"], hit["kind"], hit["namespace"], hit["name"], hit["action"], hit["rule_index"]
