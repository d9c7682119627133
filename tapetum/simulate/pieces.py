"""The parts of a flow line that do not change from flush to flush, as encoded JSON.

Owns what a line says about its ends, its verdict and its process; numbers and times are `flows`'s.
"""

import msgspec

from tapetum.simulate.connections import Connection
from tapetum.simulate.inventory import Endpoint, Host, Labels, Process, Remote, Workload
from tapetum.simulate.naming import digest
from tapetum.simulate.pods import Pod
from tapetum.simulate.verdicts import Verdict

KEEP_PODS = 1
DROP_PODS = 2

_encode = msgspec.json.encode
_NOBODY = Process("-")
_FORWARDED = ("203.0.113.57", "198.51.100.23", "81.2.69.142")


def end_piece(side: str, endpoint: Endpoint, pod: Pod | None, ordinal: int, level: int) -> bytes:
    """`source_*` or `dest_*`. At level 2 addresses and pod names are aggregated away."""
    kept = level == KEEP_PODS
    address: str | None
    if isinstance(endpoint, Workload):
        if pod is None:
            msg = f"{endpoint.key} is a workload and needs one of its pods"
            raise TypeError(msg)
        name, aggregated, namespace, kind = pod.name, pod.aggregated, endpoint.namespace, "wep"
        address, labels = pod.address, pod.labels if kept else pod.shared_labels
    elif isinstance(endpoint, Host):
        name, aggregated, namespace, kind = endpoint.endpoint, endpoint.endpoint, "-", "hep"
        address, labels = endpoint.address, endpoint.labels
    else:
        name, aggregated, namespace = "-", endpoint.aggregated, endpoint.namespace or "-"
        kind, labels = "ns" if endpoint.in_set else "net", endpoint.labels
        address = endpoint.addresses[ordinal % len(endpoint.addresses)]
    fields = {
        "ip": address if kept else None,
        "name": name if kept else "-",
        "name_aggr": aggregated,
        "namespace": namespace,
        **({"port": None} if side == "source" else {}),
        "type": kind,
        "labels": _labels(labels),
    }
    return _members({f"{side}_{name}": value for name, value in fields.items()})


def verdict_piece(verdict: Verdict) -> bytes:
    return _members(
        {
            "policies": {
                "all_policies": verdict.every,
                "enforced_policies": verdict.enforced,
                "pending_policies": verdict.pending,
                "transit_policies": None,
            }
        }
    )


def edge_piece(connection: Connection, verdict: Verdict, *, by_target: bool) -> bytes:
    """What is said of the connection itself, from one side.

    Only the source knows the service that was called and the domain that was looked up: the address
    has been translated when a packet arrives.
    """
    namespace, name, port = (not by_target and connection.service) or ("-", "-", "-")
    target = connection.target
    domains = list(target.domains) if isinstance(target, Remote) and target.domains else None
    outside = not by_target and isinstance(target, Remote) and connection.protocol == "tcp"
    forwarded = by_target and isinstance(connection.source, Workload) and "nginx" in connection.source.name
    fields = {
        "dest_port": connection.port,
        "dest_service_namespace": namespace,
        "dest_service_name": name,
        "dest_service_port": port,
        "dest_domains": None if by_target else domains,
        "proto": connection.protocol,
        "action": "allow" if verdict.allowed else "deny",
        "reporter": "dst" if by_target else "src",
        "nat_outgoing_ports": [_outgoing_port(connection)] if outside else None,
        "original_source_ips": _FORWARDED if forwarded else None,
        "num_original_source_ips": len(_FORWARDED) if forwarded else 0,
        **_process(connection, by_target=by_target),
    }
    return _members(fields)


def host_piece(endpoint: Endpoint, pod: Pod | None) -> bytes:
    host = pod.host.name if pod else endpoint.name if isinstance(endpoint, Host) else "-"
    return _members({"host": host})


def _process(connection: Connection, *, by_target: bool) -> dict[str, object]:
    """Who opened the connection or accepted it; nobody accepts one that was never answered."""
    deaf = by_target and (connection.silent or connection.closed)
    process = _NOBODY if deaf else connection.server if by_target else connection.client
    known = process.name != _NOBODY.name
    pid = process.pid or 1 + digest("pid", connection.call.source, by_target) % 32_000
    return {
        "process_name": process.name,
        "num_process_names": int(known),
        "process_id": str(pid) if known else "-",
        "num_process_ids": int(known),
        "process_args": list(process.args) or ["-"],
        "num_process_args": len(process.args),
    }


def _labels(labels: Labels | None) -> dict[str, list[str]] | None:
    return {"labels": [f"{key}={value}" for key, value in labels.items()]} if labels else None


def _outgoing_port(connection: Connection) -> int:
    return 32_768 + digest("nat", connection.call.source, connection.call.target) % 28_000


def _members(fields: dict[str, object]) -> bytes:
    """An object's members with a comma after each, without the braces."""
    return _encode(fields)[1:-1] + b","
