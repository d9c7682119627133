"""Access logs of ztunnel, Istio's proxy of nodes: connections as text or JSON, in older forms and newer.

Both ends' proxies report a connection: the client's as outbound, where what was sent is the request; the
server's as inbound, where it is the response.
"""

import re
from decimal import Decimal
from typing import Any

from tapetum.domain.endpoints import EndpointKind
from tapetum.domain.flows import Reporter
from tapetum.ingest import values
from tapetum.ingest.containers import TIMED
from tapetum.ingest.context import Context
from tapetum.ingest.flat import Row
from tapetum.ingest.l7.addresses import address_and_port, number, service
from tapetum.ingest.pods import aggregated
from tapetum.ingest.refusals import Cause, UnreadableError, missing, shown, wrong
from tapetum.ingest.strict_json import refuse_repeats
from tapetum.ingest.text_lines import Scanner

_KNOWN = frozenset((
    "time", "scope", "message", "src.addr", "src.workload", "src.namespace", "dst.addr",
    "dst.hbone_addr", "dst.service", "dst.workload", "dst.namespace", "direction", "bytes_sent",
    "bytes_recv", "duration", "error", "timestamp", "target", "fields",
))  # fmt: skip
_ACCESS = "access"
_TIME = r"(?P<time>[0-9]{4}-[0-9]{2}-[0-9]{2}T\S+)"
_HEAD = re.compile(rf"{TIMED}?{_TIME}[\t ]+(?i:trace|debug|info|warn|error)[\t ]+access:?[\t ]+")
_DONE = "connection complete"
_FAILED = "connection failed"
"""Of a connection that was turned away before anything was sent, by a policy for one."""
_MESSAGE = re.compile(r"(?P<message>[a-z][a-z ]*?)(?=[\t ]+[a-z_.]+=|\s*\Z)")
_PAIR = re.compile(
    r'[\t ]+(?P<name>[A-Za-z_][A-Za-z0-9_.]*)=(?:"(?P<quoted>[^"\\]*(?:\\.[^"\\]*)*)"|(?P<plain>[^\s"]*))'
)
_SPACE = re.compile(r"\s*")
_ESCAPED = re.compile(r'\\(["\\])')
_DURATION = re.compile(r"([0-9]{1,12}(?:\.[0-9]{1,9})?)(ns|us|µs|ms|s)\Z")
_NANOSECONDS = {"ns": 1, "us": 1000, "µs": 1000, "ms": 10**6, "s": 10**9}
_SENT, _RECEIVED = "bytes_sent", "bytes_recv"
_ENDS = {
    "outbound": (Reporter.SRC.value, _SENT, _RECEIVED),
    "inbound": (Reporter.DST.value, _RECEIVED, _SENT),
}
"""Of a direction: who reports, and which count is the request's and which the response's."""


def is_line(text: str) -> bool:
    return _HEAD.match(text) is not None


def is_record(record: dict[str, Any]) -> bool:
    return _ACCESS in (record.get("scope"), record.get("target")) or "src.addr" in record


def read_text(text: str, context: Context) -> Row:
    scanner = Scanner(text)
    found: dict[str, Any] = {"time": scanner.take(_HEAD, "a time, a level and access")["time"]}
    found["message"] = scanner.take(_MESSAGE, _DONE)["message"]
    while pair := scanner.maybe(_PAIR):
        name, quoted, plain = pair.groups()
        if name in found and name in _KNOWN:
            raise UnreadableError(Cause.SHAPE, f"{name} is given more than once")
        found[name] = plain if quoted is None else quoted
    if "\\" in text:
        found = {name: _ESCAPED.sub(r"\1", value) for name, value in found.items()}
    scanner.maybe(_SPACE)
    if not scanner.done:
        raise scanner.unexpected("a name, an equals sign and a value")
    return _row(found, context)


def read_record(record: dict[str, Any], context: Context) -> Row:
    refuse_repeats(record, _KNOWN)
    fields = record.get("fields")
    if isinstance(fields, dict):  # as older ones write it, with the time beside the fields
        refuse_repeats(fields, _KNOWN)
        record = {"time": record.get("timestamp"), **fields}
    return _row(record, context)


def _row(found: dict[str, Any], context: Context) -> Row:
    if found.get("message") not in (_DONE, _FAILED):
        raise UnreadableError(
            Cause.SHAPE, f"not a complete connection: the message is {shown(found.get('message'))}"
        )
    end = values.moment(found.get("time"), "time", context.latest)
    if end is None:
        raise missing("no time: time", "the time of the connection's end", Cause.TIME)
    direction = found.get("direction")
    if not isinstance(direction, str) or direction not in _ENDS:
        raise wrong("direction", direction, "inbound or outbound")
    reporter, asked, answered = _ENDS[direction]
    taken = _duration(found.get("duration"))
    row: Row = {
        "start_time": end if taken is None else end - taken // 1000,
        "end_time": end,
        "duration_mean": taken,
        "duration_max": taken,
        "count": 1,
        "bytes_in": number(found.get(asked), asked),
        "bytes_out": number(found.get(answered), answered),
        "response_flags": values.text(found.get("error"), "error"),
        "type": "tcp",
        "collector_type": "ztunnel-access-log",
        "collector_name": "ztunnel",
        "reporter": reporter,
    }
    row |= _end(found, "src", "src", context) | _end(found, "dst", "dest", context)
    name, namespace = service(values.text(found.get("dst.service"), "dst.service"))
    row |= {"dest_service_name": name, "dest_service_namespace": namespace}
    # Within a tunnel, the address that was asked for stands beside the tunnel's: the server's own, or
    # its service's, whose port is then the service's.
    inner, port = _asked(found.get("dst.hbone_addr"))
    if port is not None:
        row["dest_port"] = port
        row["dest_service_port"] = port if name and inner != row["dest_ip"] else None
    return row


def _end(found: dict[str, Any], prefix: str, side: str, context: Context) -> Row:
    address, port = address_and_port(found.get(f"{prefix}.addr"), f"{prefix}.addr")
    workload = values.text(found.get(f"{prefix}.workload"), f"{prefix}.workload")
    kind, name = None, None
    if workload is not None:
        kind, name = EndpointKind.WORKLOAD.value, aggregated(workload)
    elif address is not None:  # the mesh knows every pod
        kind, name = EndpointKind.NETWORK.value, context.networks.classify(address)
    return {
        f"{side}_ip": address,
        f"{side}_port": port,
        f"{side}_type": kind,
        f"{side}_name_aggr": name,
        f"{side}_namespace": values.text(found.get(f"{prefix}.namespace"), f"{prefix}.namespace"),
    }


def _asked(value: Any) -> tuple[str | None, int | None]:
    """Host and port of an address that may also be a name."""
    text = values.text(value, "dst.hbone_addr") or ""
    host, _, port = text.rpartition(":")
    if not port.isdecimal():
        return None, None
    return host.strip("[]"), number(port, "dst.hbone_addr", values.LARGEST_PORT)


def _duration(value: Any) -> int | None:
    text = values.text(value, "duration")
    if text is None:
        return None
    match = _DURATION.match(text)
    taken = int(Decimal(match[1]) * _NANOSECONDS[match[2]]) if match else values.LARGEST + 1
    if taken > values.LARGEST:
        raise wrong("duration", value, "a duration such as 12ms, of at most 104 days")
    return taken
