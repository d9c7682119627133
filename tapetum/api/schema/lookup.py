"""From an id to whatever it names, for `node` and for the roots that find one thing."""

from collections.abc import Awaitable, Callable

import msgspec
from strawberry import ID

from tapetum.api.context import Asked
from tapetum.api.schema.alert import Alert
from tapetum.api.schema.alert_rule import AlertRule
from tapetum.api.schema.capture import CaptureSummary
from tapetum.api.schema.cluster import Cluster
from tapetum.api.schema.common import TimeRange
from tapetum.api.schema.edge import ReporterTraffic, ServiceEdgeDetail
from tapetum.api.schema.graph import ServiceEdge
from tapetum.api.schema.layer import Layer
from tapetum.api.schema.log import LogRecord, shown, tag_of
from tapetum.api.schema.logs import LOGS
from tapetum.api.schema.manifest import Manifest
from tapetum.api.schema.node import Node, ServiceNode
from tapetum.api.schema.rejected import RejectedLine
from tapetum.api.schema.saved import Dashboard, Preset
from tapetum.api.schema.topology import Namespace
from tapetum.api.schema.traffic import Traffic
from tapetum.api.schema.view import View
from tapetum.api.schema.workload import Workload
from tapetum.api.use.alert_rules import find_rule
from tapetum.api.use.arguments import parse_namespace_id, read_filter
from tapetum.api.use.captures import find_summary
from tapetum.api.use.clusters import find_cluster
from tapetum.api.use.cursors import LATEST
from tapetum.api.use.evidence import EdgeEvidence
from tapetum.api.use.manifests import find_manifest
from tapetum.api.use.nodes import find_namespace, find_rejected, group, members, visible
from tapetum.api.use.saved import find_document
from tapetum.api.use.service_graph import GraphAsked, edge_detail
from tapetum.domain.batches import RecordKind
from tapetum.domain.documents import DocumentKind
from tapetum.domain.endpoints import NodeKind, NodeRef
from tapetum.domain.errors import BadInputError
from tapetum.domain.identity import edge_id, node_id, parse_edge_id, parse_node_id, unseal
from tapetum.domain.moments import DAY
from tapetum.domain.moments import TimeRange as Range


async def find(asked: Asked, text: str) -> Node | None:
    """Whatever an id of any kind names; raises BadInputError for what is no id of ours."""
    for tag, finder in FINDERS.items():
        if _sealed_as(text, tag):
            return await finder(asked, text)
    raise _no_id(text)


async def service_edge_detail(
    asked: Asked, text: str, within: Range, filter_text: str | None
) -> ServiceEdgeDetail | None:
    source, target, direct = parse_edge_id(text)
    clusters = frozenset({source.cluster, target.cluster})
    graph = GraphAsked(within, clusters, read_filter(filter_text, RecordKind.FLOWS))
    detail = await edge_detail(asked, graph, source, target, direct=direct)
    if detail is None:
        return None
    return ServiceEdgeDetail(
        id=ID(edge_id(source, target, direct=direct)),
        range=TimeRange.of(detail.range),
        source=await _described(asked, detail.source),
        target=await _described(asked, detail.target),
        direct=direct,
        allowed=Traffic.of(detail.allowed),
        denied=Traffic.of(detail.denied),
        reports=[ReporterTraffic.of(report) for report in detail.reports],
        detail=detail,
        evidence=EdgeEvidence(asked, graph.covering(detail.range).search(detail.keys)),
    )


async def workload_of(
    asked: Asked, cluster: str, namespace: str, name: str, within: Range
) -> Workload | None:
    ref = NodeRef(NodeKind.WORKLOAD, cluster, namespace, name)
    return Workload.of(ref, within) if await visible(asked, ref) else None


async def _node(asked: Asked, text: str) -> Node | None:
    node = parse_node_id(text)
    return await _described(asked, node) if await visible(asked, node) else None


async def _described(asked: Asked, node: NodeRef) -> ServiceNode:
    return ServiceNode.of(node, await members(asked, node), await group(asked, node))


async def _edge(asked: Asked, text: str) -> Node | None:
    source, target, direct = parse_edge_id(text)
    graph = GraphAsked(_last_day(asked), frozenset({source.cluster, target.cluster}), None)
    detail = await edge_detail(asked, graph, source, target, direct=direct)
    if detail is None:
        return None
    return ServiceEdge(
        id=ID(edge_id(source, target, direct=direct)),
        source_id=ID(node_id(source)),
        target_id=ID(node_id(target)),
        allowed=Traffic.of(detail.allowed),
        denied=Traffic.of(detail.denied),
    )


async def _cluster(asked: Asked, text: str) -> Node | None:
    known = await find_cluster(asked, _texts(text, "cluster", 1)[0])
    return None if known is None else Cluster.of(known, asked)


async def _namespace(asked: Asked, text: str) -> Node | None:
    summary = await find_namespace(asked, *parse_namespace_id(text))
    return None if summary is None else Namespace.of(summary)


async def _workload(asked: Asked, text: str) -> Node | None:
    cluster, namespace, name = _texts(text, "workload", 3)
    return await workload_of(asked, cluster, namespace, name, _last_day(asked))


def _record_of(kind: type[LogRecord]) -> "_Finder":
    record_kind = kind.kind_of_record

    async def find_record(asked: Asked, text: str) -> Node | None:
        record = await asked.api.logs.get(asked.scope, record_kind, _texts(text, tag_of(record_kind), 1)[0])
        return None if record is None else shown(kind, [record], asked)[0]

    return find_record


async def _alert(asked: Asked, text: str) -> Node | None:
    record = await asked.api.logs.get(asked.scope, RecordKind.ALERTS, _texts(text, "alert", 1)[0])
    return None if record is None else Alert.of_record(record)


async def _rejected(asked: Asked, text: str) -> Node | None:
    try:
        cluster, received_at, letter_id = msgspec.convert(unseal(text, "rejected"), tuple[str, int, str])
    except msgspec.ValidationError:
        raise _no_id(text) from None
    if not 0 <= received_at < LATEST:
        return None
    letter = await find_rejected(asked, cluster, received_at, letter_id)
    return None if letter is None else RejectedLine.of(letter)


async def _dashboard(asked: Asked, text: str) -> Node | None:
    found = await find_document(asked, DocumentKind.DASHBOARD, text)
    return None if found is None else Dashboard.of(found)


async def _preset(asked: Asked, text: str) -> Node | None:
    found = await find_document(asked, DocumentKind.PRESET, text)
    return None if found is None else Preset.of(found)


async def _view(asked: Asked, text: str) -> Node | None:
    found = await find_document(asked, DocumentKind.VIEW, text)
    return None if found is None else View.of(found)


async def _layer(asked: Asked, text: str) -> Node | None:
    found = await find_document(asked, DocumentKind.LAYER, text)
    return None if found is None else Layer.of(found)


async def _capture(asked: Asked, text: str) -> Node | None:
    found = await find_summary(asked, text)
    return None if found is None else CaptureSummary.of(found)


async def _alert_rule(asked: Asked, text: str) -> Node | None:
    found = await find_rule(asked, text)
    return None if found is None else AlertRule.of(found)


async def _manifest(asked: Asked, text: str) -> Node | None:
    found = await find_manifest(asked, text)
    return None if found is None else Manifest.of(found)


def _sealed_as(text: str, tag: str) -> bool:
    try:
        unseal(text, tag)
    except BadInputError:
        return False
    return True


def _texts(text: str, tag: str, count: int) -> list[str]:
    parts = unseal(text, tag)
    if len(parts) != count or not all(isinstance(part, str) for part in parts):
        raise _no_id(text)
    return parts


def _no_id(text: str) -> BadInputError:
    return BadInputError(f"{text[:60]!r} is not an id; take ids from an answer of this API.", path="id")


def _last_day(asked: Asked) -> Range:
    return Range(asked.now - DAY, asked.now)


_Finder = Callable[[Asked, str], Awaitable[Node | None]]
FINDERS: dict[str, _Finder] = {
    "node": _node,
    "edge": _edge,
    "cluster": _cluster,
    "namespace": _namespace,
    "workload": _workload,
    "alert": _alert,
    "rejected": _rejected,
    **{tag_of(kind): _record_of(type_) for kind, type_ in LOGS.items()},
    "dashboard": _dashboard,
    "preset": _preset,
    "view": _view,
    "layer": _layer,
    "capture": _capture,
    "alert_rule": _alert_rule,
    "manifest": _manifest,
}
