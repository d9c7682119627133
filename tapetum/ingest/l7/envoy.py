"""Envoy's access logs under their JSON names: one request, or one connection of another protocol.

Istio's sidecars, gateways and waypoints write them. They know addresses and the service that was called,
yet no workloads; the namespace of a server is that of its service.
"""

import re
from ipaddress import ip_address
from typing import Any

from tapetum.domain.flows import Reporter
from tapetum.ingest import values
from tapetum.ingest.context import Context
from tapetum.ingest.flat import Row
from tapetum.ingest.l7.addresses import address_and_port, number, service
from tapetum.ingest.refusals import Cause, missing
from tapetum.ingest.strict_json import refuse_repeats

NAMES = (
    "start_time", "method", "path", "protocol", "response_code", "response_flags", "bytes_received",
    "bytes_sent", "duration", "user_agent", "request_id", "authority", "upstream_host",
    "upstream_cluster", "downstream_local_address", "downstream_remote_address", "requested_server_name",
)  # fmt: skip
_OTHERWISE = {
    "x-envoy-origin-path": "path",
    "user-agent": "user_agent",
    "x-request-id": "request_id",
    ":authority": "authority",
    "request_path": "path",
    "request_method": "method",
    "domain": "authority",
}
"""How Envoy Gateway calls some of them, and Calico's gateways others."""
_KNOWN = frozenset([*NAMES, *_OTHERWISE])
_TELLING = frozenset(
    ("response_flags", "upstream_host", "upstream_cluster", "downstream_remote_address", "bytes_received")
)
_REQUESTS = (frozenset(("method", "path")), frozenset(("request_method", "request_path")))
"""What tells a request where a format was cut down to less: others write `url`."""
_REPORTERS = {"outbound": Reporter.SRC.value, "inbound": Reporter.DST.value}
"""A sidecar says whether its pod called or was called; a waypoint stands between and is neither."""
_MILLISECOND = 1_000_000  # in nanoseconds
_LARGEST_CODE = 999
_HTTP = re.compile(r"HTTP/([0-9.]{1,3})\Z")


def is_record(record: dict[str, Any]) -> bool:
    return not _TELLING.isdisjoint(record) or any(record.keys() >= names for names in _REQUESTS)


def read_record(record: dict[str, Any], context: Context) -> Row:
    refuse_repeats(record, _KNOWN)
    renamed = {_OTHERWISE[name]: value for name, value in record.items() if name in _OTHERWISE}
    return read_access(renamed | record, context)


def read_access(access: dict[str, Any], context: Context) -> Row:
    """A row from the values of NAMES, whichever of them there are."""
    start = values.moment(access.get("start_time"), "start_time", context.latest)
    if start is None:
        raise missing("no time: start_time", "the time of the request", Cause.TIME)
    duration = number(access.get("duration"), "duration", values.LARGEST // _MILLISECOND)
    taken = None if duration is None else duration * _MILLISECOND
    row: Row = {
        "start_time": start,
        "end_time": None if taken is None else start + taken // 1000,
        "duration_mean": taken,
        "duration_max": taken,
        "count": 1,
        "bytes_in": number(access.get("bytes_received"), "bytes_received"),
        "bytes_out": number(access.get("bytes_sent"), "bytes_sent"),
        "collector_type": "envoy-access-log",
        "tls_sni": values.text(access.get("requested_server_name"), "requested_server_name"),
    }
    for name in ("method", "response_flags", "user_agent", "request_id"):
        row[name] = values.text(access.get(name), name)
    row |= _protocol(access, row["tls_sni"])
    row |= _ends(access)
    return row


def _protocol(access: dict[str, Any], name: str | None) -> Row:
    protocol = values.text(access.get("protocol"), "protocol")
    code = number(access.get("response_code"), "response_code", _LARGEST_CODE)
    http = _HTTP.match(protocol or "")
    path = values.text(access.get("path"), "path")
    if http is None and (protocol or not path):
        return {"type": "tls", "protocol": "tls"} if name else {"type": "tcp"}
    authority = values.text(access.get("authority"), "authority")
    url = f"{authority or ''}{path or ''}" or None
    version = http[1] if http else None
    return {
        "type": f"html/{version}" if version else "html",  # as Calico writes it
        "protocol": "http",
        "protocol_version": version,
        "url": url,
        "response_code": None if code is None else str(code),
    }


def _ends(access: dict[str, Any]) -> Row:
    cluster = values.text(access.get("upstream_cluster"), "upstream_cluster") or ""
    direction, port, host = _cluster(cluster)
    authority = values.text(access.get("authority"), "authority") or ""
    name, namespace = service(host or authority.rpartition(":")[0] or authority)
    source = address_and_port(access.get("downstream_remote_address"), "downstream_remote_address")
    target = address_and_port(access.get("upstream_host"), "upstream_host")
    local = address_and_port(access.get("downstream_local_address"), "downstream_local_address")
    # A request that went nowhere was meant for the address that it arrived at; so was one that a
    # sidecar hands to its own pod over the loopback.
    if target[0] is None or (local[0] is not None and ip_address(target[0]).is_loopback):
        target = local
    return {
        "src_ip": source[0],
        "src_port": source[1],
        "dest_ip": target[0],
        "dest_port": target[1],
        "dest_namespace": namespace,
        "dest_service_name": name,
        "dest_service_namespace": namespace,
        "dest_service_port": port if name else None,
        "collector_name": "waypoint" if direction == "inbound-vip" else None,
        "reporter": _REPORTERS.get(direction or ""),
    }


def _cluster(cluster: str) -> tuple[str | None, int | None, str | None]:
    """Istio's `direction|port|subset|host`; a cluster of another name tells nothing."""
    parts = cluster.rstrip(";").split("|")
    if len(parts) != 4:  # noqa: PLR2004 - as above
        return None, None, None
    return parts[0], number(parts[1], "the port in upstream_cluster", values.LARGEST_PORT), parts[3] or None
