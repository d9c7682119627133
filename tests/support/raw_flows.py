"""Calico flow lines made here, and what they add up to: an oracle of dicts and loops over the lines.

Reads lines with the json module only, so that it cannot share a mistake with the product's reader.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from ipaddress import ip_address, ip_network
from typing import Any

Row = dict[str, Any]
Node = tuple[str, str | None, str]
"""Kind, namespace and name."""

COUNTERS = ("num_flows_started", "packets_in", "packets_out", "bytes_in", "bytes_out")
_KINDS = {"wep": "WORKLOAD", "hep": "HOST", "ns": "NETWORK_SET", "net": "NETWORK"}
_PRIVATE = [
    ip_network(text)
    for text in (
        "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "127.0.0.0/8",
        "fe80::/10", "::1/128", "fc00::/7",
    )
]  # fmt: skip


def row(start: int, **fields: Any) -> Row:
    """A flow from shop/web to shop/db, with the given fields instead of the usual ones. Seconds."""
    usual = {
        "start_time": start,
        "end_time": start + 15,
        "@timestamp": (start + 15) * 1000,
        "action": "allow",
        "reporter": "src",
        "proto": "tcp",
        "source_type": "wep",
        "source_namespace": "shop",
        "source_name_aggr": "web-*",
        "source_name": "-",
        "source_ip": None,
        "source_port": None,
        "dest_type": "wep",
        "dest_namespace": "shop",
        "dest_name_aggr": "db-*",
        "dest_name": "-",
        "dest_ip": None,
        "dest_port": 5432,
        "dest_service_namespace": "-",
        "dest_service_name": "-",
        "dest_service_port": "-",
        "dest_domains": None,
        "num_flows": 1,
        "num_flows_started": 1,
        "num_flows_completed": 1,
        "packets_in": 4,
        "packets_out": 5,
        "bytes_in": 600,
        "bytes_out": 700,
        "policies": {"enforced_policies": ["0|default|shop/default.db|allow|0"]},
    }
    return usual | fields


def line(start: int, **fields: Any) -> bytes:
    return encoded(row(start, **fields))


def encoded(flow: Row) -> bytes:
    return json.dumps(flow, separators=(",", ":")).encode()


def ends(flow: Row) -> tuple[Node, Node]:
    """The workload-level nodes of a flow, by docs/data-model.md."""
    return _end(flow, "source", None), _end(flow, "dest", (flow.get("dest_domains") or [None])[0])


def _end(flow: Row, side: str, domain: str | None) -> Node:
    kind = flow[f"{side}_type"]
    name = flow[f"{side}_name_aggr"]
    namespace = None if flow[f"{side}_namespace"] == "-" else flow[f"{side}_namespace"]
    if kind == "net":
        if domain is not None:
            return "FQDN", None, domain
        address = flow.get(f"{side}_ip")
        return "NETWORK", None, name if address is None else "pvt" if is_private(address) else "pub"
    return _KINDS[kind], namespace, name


def is_private(text: str) -> bool:
    address = ip_address(text)
    return any(address in network for network in _PRIVATE if network.version == address.version)


def folded(node: Node) -> Node:
    namespace = node[1]
    return node if namespace is None else ("NAMESPACE", namespace, namespace)


def sums(flows: Iterable[Row]) -> dict[str, int | None]:
    """Counters under the API's names; None where nobody counts it."""
    found: dict[str, int | None] = {"records": 0, "connections": None, "packets": None}
    found |= dict.fromkeys(
        ("packetsIn", "packetsOut", "bytesIn", "bytesOut", "bytesToTarget", "bytesToSource")
    )
    for flow in flows:
        found["records"] = (found["records"] or 0) + 1
        inwards, outwards = ("bytesToTarget", "bytesToSource")[:: 1 if flow["reporter"] == "dst" else -1]
        for counter, names in (
            ("num_flows_started", ("connections",)),
            ("packets_in", ("packetsIn", "packets")),
            ("packets_out", ("packetsOut", "packets")),
            ("bytes_in", ("bytesIn", inwards)),
            ("bytes_out", ("bytesOut", outwards)),
        ):
            value = flow.get(counter)
            if value is not None:
                for name in names:
                    found[name] = (found[name] or 0) + value
    if not found["records"]:
        return dict.fromkeys(found, 0)  # nothing seen is a true zero
    return found


class Services:
    """Of one cluster, from all its flows of any time: "Services" in docs/data-model.md."""

    def __init__(self, flows: Sequence[Row]) -> None:
        self.names: dict[Node, Node] = {}
        self.said: dict[tuple[Any, ...], set[Node | None]] = defaultdict(set)
        links = {(service, ends(flow)[1]) for flow in flows if (service := called(flow))}
        self.names |= {service: service for service, _ in links}
        behind = [(service, target) for service, target in links if target[0] == "WORKLOAD"]
        self.names |= {target: service for service, target in behind}
        changed = True
        while changed:  # until what is linked has one name, the least
            changed = False
            for service, target in behind:
                least = min(self.names[service], self.names[target])
                changed |= self.names[service] != least or self.names[target] != least
                self.names[service] = self.names[target] = least
        for flow in flows:
            if flow["reporter"] == "src":
                service = called(flow)
                self.said[key_of(flow)].add(self.names[service] if service else None)

    def target(self, flow: Row) -> Node:
        target = ends(flow)[1]
        if target[0] == "WORKLOAD":
            return self.names.get(target, target)
        service = called(flow)
        if service is not None:
            return self.names[service]
        said = self.said[key_of(flow)]
        agreed = next(iter(said)) if flow["reporter"] != "src" and len(said) == 1 else None
        return agreed or target


def called(flow: Row) -> Node | None:
    if flow["dest_service_name"] == "-":
        return None
    return "SERVICE", flow["dest_service_namespace"], flow["dest_service_name"]


def key_of(flow: Row) -> tuple[Any, ...]:
    return *ends(flow), flow["proto"], flow["dest_port"]


def graph(
    flows: Iterable[Row], level: str, expand: Sequence[str] = (), services: Services | None = None
) -> dict[tuple[Node, Node], dict[str, Any]]:
    """Edges with what was allowed and denied, by the rule of "Reporters" in docs/data-model.md."""
    keys: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for flow in flows:
        keys[key_of(flow)].append(flow)
    allowed: dict[tuple[Node, Node], list[Row]] = defaultdict(list)
    denied: dict[tuple[Node, Node], list[Row]] = defaultdict(list)
    for (source, target, _, _), told in keys.items():
        heard = any(flow["reporter"] == "dst" for flow in told)
        for flow in told:
            if services is None:
                pair = _placed(source, level, expand), _placed(target, level, expand)
            else:
                pair = services.names.get(source, source), services.target(flow)
            counts = flow["reporter"] == ("dst" if heard else "src")
            allowed[pair] += [flow] if flow["action"] == "allow" and counts else []
            denied[pair] += [flow] if flow["action"] == "deny" and flow["reporter"] != "fwd" else []
    return {pair: {"allowed": sums(allowed[pair]), "denied": sums(denied[pair])} for pair in allowed}


def _placed(node: Node, level: str, expand: Sequence[str]) -> Node:
    return node if level == "WORKLOAD" or node[1] in expand else folded(node)


TRAFFIC = "records connections packets packetsIn packetsOut bytesIn bytesOut bytesToTarget bytesToSource"
GRAPH = (
    "query($r: TimeRangeInput!, $c: [ID!], $l: GraphLevel!, $e: [ID!], $f: KQL) {"
    " serviceGraph(range: $r, clusters: $c, level: $l, expand: $e, filter: $f) {"
    " range { from to } truncated stale nodes { id kind name namespace cluster members }"
    f" edges {{ sourceId targetId allowed {{ {TRAFFIC} }} denied {{ {TRAFFIC} }} }} columns }} }}"
)


def told(answer: dict[str, Any]) -> dict[tuple[Node, Node], dict[str, Any]]:
    """A serviceGraph's answer in the oracle's terms."""
    nodes = {node["id"]: (node["kind"], node["namespace"], node["name"]) for node in answer["nodes"]}
    return {
        (nodes[edge["sourceId"]], nodes[edge["targetId"]]): {
            verdict: {name: None if value is None else int(value) for name, value in edge[verdict].items()}
            for verdict in ("allowed", "denied")
        }
        for edge in answer["edges"]
    }
