"""The nodes of the graph that a record, or a group of records, is about, and what tells its alerts apart.

A group knows only what it was grouped by, so a side of it may be a namespace, or nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tapetum.domain.batches import RecordKind
from tapetum.domain.endpoints import NodeKind, NodeRef, node_of


@dataclass(frozen=True, slots=True)
class _Side:
    """The columns that name an end; None: the kind has no such."""

    type: str | None = None
    namespace: str | None = None
    name: str | None = None
    network: str | None = None
    domain: str | None = None
    host: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        named = (self.type, self.namespace, self.name, self.network, self.domain, self.host)
        return tuple(column for column in named if column is not None)

    def node(self, cluster: str, record: Mapping[str, Any]) -> NodeRef | None:
        kind, namespace, name, network, domain, host = (
            None if column is None else record.get(column)
            for column in (self.type, self.namespace, self.name, self.network, self.domain, self.host)
        )
        if host:
            return NodeRef(NodeKind.HOST, cluster, None, host)
        if kind or network or (name and (namespace or self.type in record)):
            return node_of(cluster, kind, namespace, name, network, domain)
        if domain:
            return NodeRef(NodeKind.FQDN, cluster, None, domain)
        if namespace:
            return NodeRef(NodeKind.NAMESPACE, cluster, namespace, namespace)
        return None


_FLOW = tuple(
    _Side(f"{side}_type", f"{side}_namespace", f"{side}_name_aggr", f"{side}_network", domain)
    for side, domain in (("source", None), ("dest", "dest_domain"))
)
_SIDES: dict[RecordKind, tuple[_Side, ...]] = {
    RecordKind.FLOWS: _FLOW,
    RecordKind.L7: tuple(
        _Side(f"{side}_type", f"{side}_namespace", f"{side}_name_aggr") for side in ("src", "dest")
    ),
    RecordKind.DNS: (_Side(None, "client_namespace", "client_name_aggr"), _Side(domain="qname")),
    RecordKind.AUDIT: (_Side(), _Side(namespace="objectRef.namespace")),
    RecordKind.BGP: (_Side(host="host"), _Side()),
    RecordKind.EVENTS: tuple(
        _Side(f"{side}_kind", f"{side}_namespace", f"{side}_name") for side in ("source", "dest")
    ),
}
_APART = {
    RecordKind.AUDIT: ("user.username", "verb", "objectRef.resource", "objectRef.name"),
    RecordKind.BGP: ("peer", "event"),
    RecordKind.EVENTS: ("rule",),
}
"""What else tells alerts of a kind apart."""


@dataclass(frozen=True, slots=True)
class Ends:
    source: NodeRef | None
    target: NodeRef | None
    protocol: str | None
    port: int | None


def ends_of(kind: RecordKind, cluster: str, record: Mapping[str, Any]) -> Ends:
    """Of a record, or of what a group of records has in common."""
    source, target = (side.node(cluster, record) for side in _SIDES[kind])
    return Ends(source, target, record.get("proto"), record.get("dest_port"))


def telling_apart(kind: RecordKind) -> tuple[str, ...]:
    """The columns of records that are alike to an alert where these are the same."""
    sides = (column for side in _SIDES[kind] for column in side.columns)
    ported = () if kind in (RecordKind.DNS, RecordKind.AUDIT, RecordKind.BGP) else ("dest_port",)
    return (*sides, *ported, *_APART.get(kind, ()))


def seen_columns(kind: RecordKind) -> tuple[str, ...]:
    """All that `ends_of` reads."""
    proto = ("proto",) if kind in (RecordKind.FLOWS, RecordKind.EVENTS) else ()
    return (*telling_apart(kind), *proto)
