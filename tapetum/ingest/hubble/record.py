"""Hubble's exported flows (docs/data-model.md says how verdicts and identities are read)."""

from typing import Any

from tapetum.domain.flows import Reporter
from tapetum.ingest import values
from tapetum.ingest.context import Context
from tapetum.ingest.flat import Row
from tapetum.ingest.hubble.endpoints import endpoint
from tapetum.ingest.hubble.policies import policy_texts
from tapetum.ingest.refusals import Cause, UnreadableError, missing, wrong
from tapetum.ingest.strict_json import refuse_repeats

# AUDIT would have been denied, had the policy been enforced; an ERROR did not arrive.
_VERDICTS = {
    "FORWARDED": "allow",
    "REDIRECTED": "allow",
    "TRANSLATED": "allow",
    "TRACED": "allow",
    "AUDIT": "allow",
    "DROPPED": "deny",
    "ERROR": "deny",
}
_PROTOCOLS = {"ICMPv4": "icmp", "ICMPv6": "icmpv6"}
_EVENTS = ("node_status", "lost_events", "agent_event", "debug_event")
_KNOWN = frozenset((
    "time", "verdict", "IP", "l4", "source", "destination", "source_names", "destination_names",
    "node_name", "is_reply", "reply", "traffic_direction", "destination_service", "source_service",
    "egress_allowed_by", "egress_denied_by", "ingress_allowed_by", "ingress_denied_by",
))  # fmt: skip
_ENVELOPE = frozenset(["flow", "time", "node_name"])


def read_record(record: dict[str, Any], context: Context) -> Row:
    flow = _flow(record)
    reply = _is_reply(flow)
    # A reply's source is the server; an edge starts at the one who opened the connection.
    opener, server = ("destination", "source") if reply else ("source", "destination")
    proto, ports = _transport(flow)
    addresses = _object(flow, "IP")
    row: Row = {
        "action": _action(flow),
        "reporter": _reporter(flow),
        "host": values.text(flow.get("node_name", record.get("node_name")), "node_name"),
        "proto": proto,
        "source_port": values.port(ports.get(f"{opener}_port"), f"l4.{opener}_port"),
        "dest_port": values.port(ports.get(f"{server}_port"), f"l4.{server}_port"),
    }
    for side, name in (("source", opener), ("dest", server)):
        address = values.address(addresses.get(name), f"IP.{name}")
        row |= endpoint(side, _object(flow, name), name, address, row["host"], context.networks)
    decided = "egress" if row["reporter"] == Reporter.SRC.value else "ingress"
    row |= policy_texts(flow, decided, audited=flow.get("verdict") == "AUDIT")
    service = _object(flow, f"{server}_service")
    row["dest_service_name"] = values.text(service.get("name"), f"{server}_service.name")
    row["dest_service_namespace"] = values.text(service.get("namespace"), f"{server}_service.namespace")
    domains = values.texts(flow.get(f"{server}_names"), f"{server}_names")
    row["dest_domains"] = None if domains is None else [domain.rstrip(".") for domain in domains]
    time = values.moment(flow.get("time", record.get("time")), "time", context.latest)
    if time is None:
        raise missing("no time: time", "a time in ISO 8601", Cause.TIME)
    row["start_time"] = row["end_time"] = time
    return row


def _flow(record: dict[str, Any]) -> dict[str, Any]:
    refuse_repeats(record, _ENVELOPE)
    flow = record.get("flow", record)
    if isinstance(flow, dict) and ("verdict" in flow or ("flow" in record and "time" in flow)):
        refuse_repeats(flow, _KNOWN)
        return flow
    event = next((name for name in _EVENTS if name in record), None)
    raise UnreadableError(Cause.SHAPE, f"not a flow but {event}" if event else "not a flow: no verdict")


def _object(record: dict[str, Any], name: str) -> dict[str, Any]:
    value = record.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise wrong(name, value, "an object")
    return value


def _action(flow: dict[str, Any]) -> str:
    verdict = flow.get("verdict")
    if verdict is None or verdict == "VERDICT_UNKNOWN":
        raise missing("verdict", f"one of {', '.join(_VERDICTS)}")
    if not isinstance(verdict, str) or verdict not in _VERDICTS:
        raise wrong("verdict", verdict, f"one of {', '.join(_VERDICTS)}")
    return _VERDICTS[verdict]


def _is_reply(flow: dict[str, Any]) -> bool:
    reply = flow.get("is_reply", flow.get("reply"))
    if reply is not None and not isinstance(reply, bool):
        raise wrong("is_reply", reply, "true or false")
    return reply is True


def _reporter(flow: dict[str, Any]) -> str:
    """The direction is that of the connection, replies included, seen from the reporting endpoint."""
    direction = flow.get("traffic_direction")
    if direction == "EGRESS":
        return Reporter.SRC.value
    if direction == "INGRESS":
        return Reporter.DST.value
    if direction not in (None, "TRAFFIC_DIRECTION_UNKNOWN"):
        raise wrong("traffic_direction", direction, "EGRESS or INGRESS")
    decided = flow.get("ingress_allowed_by") or flow.get("ingress_denied_by")
    return Reporter.DST.value if decided else Reporter.SRC.value


def _transport(flow: dict[str, Any]) -> tuple[str | None, dict[str, Any]]:
    found = _object(flow, "l4")
    if not found:
        return None, {}
    name = next(iter(found))
    ports = found[name]
    if len(found) > 1 or not (ports is None or isinstance(ports, dict)):
        raise wrong("l4", found, "one protocol with its ports")
    return _PROTOCOLS.get(name, name.lower()), {} if name in _PROTOCOLS else ports or {}
