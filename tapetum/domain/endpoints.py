"""Endpoints of flows and the nodes of the graph that they fold into."""

from dataclasses import dataclass
from enum import StrEnum


class EndpointKind(StrEnum):
    """How the logs name an endpoint's type (docs/data-model.md)."""

    WORKLOAD = "wep"
    HOST = "hep"
    NETWORK_SET = "ns"
    NETWORK = "net"


class NodeKind(StrEnum):
    NAMESPACE = "NAMESPACE"
    SERVICE = "SERVICE"
    WORKLOAD = "WORKLOAD"
    HOST = "HOST"
    NETWORK_SET = "NETWORK_SET"
    NETWORK = "NETWORK"
    FQDN = "FQDN"


UNNAMED = "unknown"
_KINDS = {
    EndpointKind.WORKLOAD: NodeKind.WORKLOAD,
    EndpointKind.HOST: NodeKind.HOST,
    EndpointKind.NETWORK_SET: NodeKind.NETWORK_SET,
    EndpointKind.NETWORK: NodeKind.NETWORK,
}


@dataclass(frozen=True, slots=True)
class NodeRef:
    """A node of the graph by its natural key. A namespace's `name` and `namespace` are the same."""

    kind: NodeKind
    cluster: str
    namespace: str | None
    name: str

    @property
    def folded(self) -> "NodeRef":
        """What stands for this node when namespaces are collapsed: whatever lives in one joins it."""
        if self.namespace is None or self.kind is NodeKind.NAMESPACE:
            return self
        return NodeRef(NodeKind.NAMESPACE, self.cluster, self.namespace, self.namespace)


def endpoint_kind(
    kind: str | None, namespace: str | None, name: str | None, network: str | None = None
) -> EndpointKind:
    """What a record without a type (Goldmane leaves it out when unspecified) names."""
    if kind is not None:
        return EndpointKind(kind)
    if namespace:
        return EndpointKind.WORKLOAD
    networkish = name in ("pub", "pvt") or (name is None and network is not None)
    return EndpointKind.NETWORK if networkish else EndpointKind.HOST


def node_of(
    cluster: str,
    kind: str | None,
    namespace: str | None,
    name: str | None,
    network: str | None = None,
    domain: str | None = None,
) -> NodeRef:
    """The workload-level node of a flow's endpoint.

    `network` is our own classification of the address (`pub`, `pvt`) where the record has one.
    """
    told = endpoint_kind(kind, namespace, name, network)
    if told is EndpointKind.NETWORK:
        if domain:
            return NodeRef(NodeKind.FQDN, cluster, None, domain)
        return NodeRef(NodeKind.NETWORK, cluster, None, network or name or UNNAMED)
    return NodeRef(_KINDS[told], cluster, namespace, name or UNNAMED)
