"""The built-in detector: two nodes between which traffic is denied for the first time ever."""

from collections.abc import Sequence
from hashlib import sha256

import pyarrow as pa

from tapetum.domain.alerts import Alert
from tapetum.domain.endpoints import NodeKind, NodeRef
from tapetum.domain.flows import Reporter
from tapetum.graphstore.port import FirstDenied

RULE = "first-denied"
SEVERITY = 45
_KINDS = {
    NodeKind.HOST: "host",
    NodeKind.NETWORK_SET: "network set",
    NodeKind.FQDN: "domain",
}
_NETWORKS = {"pub": "the public network", "pvt": "the private network"}


def raise_alert(seen: FirstDenied, decided_by: str | None) -> Alert:
    """The alert for a first denial; its id depends on the pair alone, so it is raised once ever."""
    source, target = spoken(seen.source), spoken(seen.target)
    port = seen.protocol or "traffic"
    if seen.port is not None:
        port = f"{port} {seen.port}"
    side = "at the destination" if seen.reporter == Reporter.DST else "at the source"
    who = f" by {decided_by}" if decided_by else ""
    return Alert(
        id=_identity(seen.source, seen.target),
        time=seen.time,
        kind="detector",
        rule=RULE,
        title=f"First denial from {source} to {target}",
        description=(
            f"{port} from {source} to {target} was denied {side}{who}. "
            "Nothing between the two was denied before."
        ),
        severity=SEVERITY,
        cluster=seen.source.cluster,
        source=seen.source,
        target=seen.target,
        protocol=seen.protocol,
        port=seen.port,
        evidence=(seen.record_id,),
    )


def alerts_of(denied: Sequence[FirstDenied], traces: pa.Table) -> list[Alert]:
    """An alert for each first denial of a batch; `traces` (flows.TRACE) name the policies that decided."""
    if not denied:
        return []
    hits = {row["trace"]: row["policy_hits"] for row in traces.to_pylist()}
    alerts: list[Alert] = []
    for seen in denied:
        enforced = [hit for hit in hits.get(seen.trace) or [] if hit["set"] == "enforced"]
        last = max(enforced, key=lambda hit: hit["index"], default=None)
        alerts.append(raise_alert(seen, None if last is None else f"{last['tier']}/{last['name']}"))
    return alerts


def spoken(node: NodeRef) -> str:
    """How a sentence names a node; pod name stars are left off."""
    name = node.name.removesuffix("-*")
    if node.kind is NodeKind.NETWORK:
        return _NETWORKS.get(name, name)
    if node.namespace:
        return f"{node.namespace}/{name}"
    return f"{_KINDS[node.kind]} {name}" if node.kind in _KINDS else name


def _identity(source: NodeRef, target: NodeRef) -> str:
    parts = [RULE]
    for node in (source, target):
        parts += [node.kind.value, node.cluster, node.namespace or "", node.name]
    return sha256("\x1f".join(parts).encode()).hexdigest()[:24]
