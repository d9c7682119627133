"""Packet captures of workloads: prepared for whoever sees the workload, applied and removed by few."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import anyio.to_thread
import structlog

from tapetum.api.context import Asked
from tapetum.api.plain import one_line
from tapetum.api.use.arguments import read_clusters
from tapetum.api.use.cluster_objects import read_objects, seen_clusters
from tapetum.api.use.nodes import read_node
from tapetum.api.use.terms import equal
from tapetum.capture.order import CaptureOrder, PacketFilter, capture_name, span
from tapetum.capture.port import CaptureKey
from tapetum.capture.resource import RunningCapture, document
from tapetum.domain.batches import RecordKind
from tapetum.domain.endpoints import EndpointKind, NodeKind, NodeRef
from tapetum.domain.errors import BadInputError, NotAllowedError, TapetumError, UnavailableError
from tapetum.domain.identity import seal, unseal
from tapetum.domain.moments import DAY, SECOND, Micros, TimeRange
from tapetum.kql import all_of, any_of
from tapetum.logstore.port import Order, Record, Search
from tapetum.policy.recommend.selections import EVERYONE, Selection, stable
from tapetum.policy.recommend.workloads import Workloads
from tapetum.policy.state import ClusterState, LoggedEnd

_TAG = "packet_capture"
_LATELY = DAY
log = structlog.get_logger("tapetum.api")


@dataclass(frozen=True, slots=True)
class CaptureAsked:
    """`target` is the id of a node. Times None: from now, for ten minutes."""

    target: str
    filters: tuple[PacketFilter, ...]
    start: Micros | None
    end: Micros | None
    name: str | None


@dataclass(frozen=True, slots=True)
class Prepared:
    """`why_not` says why it cannot be applied from here; None where it can. `supported` None: not known."""

    cluster: str
    order: CaptureOrder
    supported: bool | None
    why_not: str | None


@dataclass(frozen=True, slots=True)
class Listed:
    """Of the clusters that there is a way to. `unreached` says of which there may be more, and why."""

    captures: tuple[RunningCapture, ...]
    reached: tuple[str, ...]
    unreached: tuple[TapetumError, ...]


async def prepare_capture(asked: Asked, wanted: CaptureAsked) -> Prepared:
    """What would be applied or run. Nothing happens."""
    cluster, order = await _ordered(asked, wanted)
    captures = asked.api.captures
    if not captures.reaches(cluster):
        return Prepared(cluster, order, None, "No kubeconfig is set for this cluster; apply it yourself.")
    try:
        supported = await captures.supports(asked.scope, cluster)
    except UnavailableError as error:
        return Prepared(cluster, order, None, error.message)
    return Prepared(cluster, order, supported, _why_not(asked, supported=supported))


async def apply_capture(asked: Asked, wanted: CaptureAsked) -> RunningCapture:
    """The order is prepared anew, so that nothing but a capture of the target can be applied."""
    _hold_writes(asked)
    cluster, order = await _ordered(asked, wanted)
    key = CaptureKey(cluster, order.namespace, order.name, "")
    _log_intent(asked, "packet_capture_to_apply", key)
    wanted_there = document(order, asked.caller)
    return await asked.api.captures.apply(asked.scope, cluster, wanted_there, asked.caller)


async def remove_capture(asked: Asked, text: str) -> str:
    """Its name; its files go with it."""
    _hold_writes(asked)
    key = parse_capture_id(text)
    _log_intent(asked, "packet_capture_to_remove", key)
    await asked.api.captures.remove(asked.scope, key, asked.caller)
    return key.name


async def list_captures(asked: Asked, clusters: Sequence[str] | None) -> Listed:
    """One that does not answer hides no other's, and keeps nobody waiting for longer than itself."""
    seen = await seen_clusters(asked, read_clusters(clusters))
    reached = tuple(filter(asked.api.captures.reaches, seen))
    async with asyncio.TaskGroup() as together:
        asking = [together.create_task(_listed(asked, name)) for name in reached]
    told = [each.result() for each in asking]
    found = tuple(one for some in told if not isinstance(some, TapetumError) for one in some)
    return Listed(found, reached, tuple(each for each in told if isinstance(each, TapetumError)))


def may_change(asked: Asked) -> bool:
    return asked.writes and asked.api.captures.changes


def capture_id(one: RunningCapture) -> str:
    return seal(_TAG, one.cluster, one.namespace, one.name, one.uid)


def parse_capture_id(text: str) -> CaptureKey:
    parts = unseal(text, _TAG)
    if len(parts) != 4 or not all(isinstance(part, str) for part in parts):  # noqa: PLR2004 - as sealed
        raise BadInputError(f"{text[:60]!r} is not an id; take ids from an answer of this API.", path="id")
    return CaptureKey(*parts)


async def _listed(asked: Asked, cluster: str) -> list[RunningCapture] | TapetumError:
    try:
        return await asked.api.captures.captures(asked.scope, cluster)
    except TapetumError as error:
        return error


def _log_intent(asked: Asked, event: str, key: CaptureKey) -> None:
    """Before anything happens; what became of it is logged where it happens."""
    log.info(
        event,
        cluster=one_line(key.cluster, 63),
        namespace=one_line(key.namespace, 63),
        name=one_line(key.name, 253),
        by=one_line(asked.caller or "anyone", 100),
    )


async def _ordered(asked: Asked, wanted: CaptureAsked) -> tuple[str, CaptureOrder]:
    node = await read_node(asked, wanted.target, path="target")
    if node.kind not in (NodeKind.WORKLOAD, NodeKind.NAMESPACE) or node.namespace is None:
        raise BadInputError(
            "Packets are captured of workloads and of namespaces; choose one of these.", path="target"
        )
    begin, until = span(wanted.start, wanted.end, asked.now)
    selection = EVERYONE if node.kind is NodeKind.NAMESPACE else await _selection(asked, node)
    clock = datetime.fromtimestamp(begin // SECOND, UTC).strftime("%H%M")
    name = capture_name(wanted.name, f"{node.name.rstrip('*-')}-{clock}")
    return node.cluster, CaptureOrder(node.namespace, name, selection, wanted.filters, begin, until)


async def _selection(asked: Asked, node: NodeRef) -> Selection:
    """By labels that a rollout keeps: as the manifests have them, else as the newest record tells them."""
    state = (await read_objects(asked, node.cluster, asked.now)).state
    end = LoggedEnd(EndpointKind.WORKLOAD, node.namespace, None, node.name)
    found = await anyio.to_thread.run_sync(_known, state, end)
    if found is None:
        found = await _logged(asked, node, state)
    if found is None:
        raise BadInputError(
            "Nothing tells this workload's labels: import its pods' manifests, or capture its namespace.",
            path="target",
        )
    return found


def _known(state: ClusterState, end: LoggedEnd) -> Selection | None:
    workload = Workloads(state, ()).of(end)
    return None if workload is None or not workload.labels else workload.selection


async def _logged(asked: Asked, node: NodeRef, state: ClusterState) -> Selection | None:
    """Where the namespace's pods are not known, by all labels: nobody knows whom fewer would mean."""
    sides = ("source", "dest")
    named = any_of(
        all_of([equal(f"{side}_namespace", node.namespace or ""), equal(f"{side}_name_aggr", node.name)])
        for side in sides
    )
    within = TimeRange(asked.now - _LATELY, asked.now + 1)
    search = Search(RecordKind.FLOWS, within, frozenset((node.cluster,)), named)
    page = await asked.api.logs.search(asked.scope, search, Order(), 20, None)
    ends = (_end_of(record, side, node) for record in page.records for side in sides)
    told = next((each for each in ends if each is not None), None)
    if told is None:
        return None
    if any(namespace == node.namespace for namespace, _ in state.pods):
        workload = await anyio.to_thread.run_sync(lambda: Workloads(state, (told,)).of(told))
        return None if workload is None or not workload.labels else workload.selection
    pairs = (text.partition("=") for text in told.labels or ())
    labels = stable({key: value for key, _, value in pairs})
    return Selection(tuple((key, (value,)) for key, value in sorted(labels))) if labels else None


def _end_of(record: Record, side: str, node: NodeRef) -> LoggedEnd | None:
    labels = record.get(f"{side}_labels")
    mine = record.get(f"{side}_namespace"), record.get(f"{side}_name_aggr")
    if mine != (node.namespace, node.name) or not labels:
        return None
    return LoggedEnd(EndpointKind.WORKLOAD, node.namespace, None, node.name, None, tuple(labels))


def _why_not(asked: Asked, *, supported: bool) -> str | None:
    if not supported:
        return "This cluster has no PacketCaptures; run the command instead."
    if not asked.api.captures.changes:
        return "The server may list captures and not apply them (TAPETUM_APPLY_CAPTURES); apply it yourself."
    return None if asked.writes else _NO_WRITES


_NO_WRITES = "Your token may not change anything in clusters; use one that may send logs (`--ingest`)."


def _hold_writes(asked: Asked) -> None:
    if not asked.writes:
        raise NotAllowedError(_NO_WRITES)
