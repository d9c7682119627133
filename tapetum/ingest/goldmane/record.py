"""Goldmane's flows: the emitter's lines, gRPC answers as protojson, whisker-backend's REST items.

One proto in several spellings: names in snake or camel case, enums as numbers or names, int64 as numbers
or texts, zero values left out or written; REST is flat and knows neither services nor connections.
"""

import re
from typing import Any

from tapetum.ingest import values
from tapetum.ingest.context import Context
from tapetum.ingest.flat import IDENTITY, Row
from tapetum.ingest.goldmane.policies import policy_texts
from tapetum.ingest.goldmane.proto import (
    ACTIONS,
    ENDPOINT_TYPES,
    REPORTERS,
    canonical,
    named,
    number,
    snake_cased,
)
from tapetum.ingest.refusals import Cause, missing, wrong
from tapetum.ingest.strict_json import refuse_repeats

_KEY = frozenset((
    "source_name", "source_namespace", "source_type", "dest_name", "dest_namespace", "dest_type",
    "dest_port", "dest_service_name", "dest_service_namespace", "dest_service_port_name",
    "dest_service_port", "proto", "protocol", "reporter", "action", "policies",
))  # fmt: skip
_FLOW = frozenset((
    "Key", "start_time", "end_time", "source_labels", "dest_labels", "packets_in", "packets_out",
    "bytes_in", "bytes_out", "num_connections_started", "num_connections_completed",
    "num_connections_live",
))  # fmt: skip
_TRAFFIC = ("packets_in", "packets_out", "bytes_in", "bytes_out")
_CONNECTIONS = {
    "num_connections_started": "num_flows_started",
    "num_connections_completed": "num_flows_completed",
}
_CAMEL = frozenset(["startTime", "endTime"])
_ENVELOPE = frozenset(["flow"])
_DIGITS = re.compile(r"-?[0-9]{1,19}\Z")


def read_record(record: dict[str, Any], context: Context) -> Row:
    flow = _unwrapped(record)
    if not _CAMEL.isdisjoint(flow):
        flow = snake_cased(flow)
    refuse_repeats(flow, _FLOW)
    if "Key" in flow:
        key = flow["Key"]
        if not isinstance(key, dict):
            raise wrong("Key", key, "an object")
        refuse_repeats(key, _KEY, "Key.")
        row = _read_key(key, "Key.") | {
            stored: number(flow.get(name), name) for name, stored in _CONNECTIONS.items()
        }
    elif "protocol" in flow and "reporter" in flow:  # whisker-backend
        refuse_repeats(flow, _KEY)
        # The services are missing here, so that the key is not whole: the counters help to tell two apart.
        key = flow
        row = _read_key(key, "")
    else:
        raise missing("Key", "a flow of Goldmane", Cause.SHAPE)
    row |= {name: number(flow.get(name), name) for name in _TRAFFIC}
    row["start_time"], row["end_time"] = (
        _moment(flow.get(name), name, context) for name in ("start_time", "end_time")
    )
    for name in ("source_labels", "dest_labels"):
        row[name] = _labels(flow.get(name), name)
    start = row["start_time"] = row["start_time"] or row["end_time"]
    if start is None:
        raise missing("no time: start_time", "a time in start_time or end_time", Cause.TIME)
    row[IDENTITY] = canonical([start, row["end_time"], key])
    return row


def _unwrapped(record: dict[str, Any]) -> dict[str, Any]:
    inner = record.get("flow")
    if isinstance(inner, dict) and "Key" not in record:
        refuse_repeats(record, _ENVELOPE)
        return inner
    return record


def _read_key(key: dict[str, Any], where: str) -> Row:
    policies = key.get("policies")
    if policies is not None and not isinstance(policies, dict):
        raise wrong(f"{where}policies", policies, "an object of lists")
    action = named(key.get("action"), f"{where}action", ACTIONS, "Allow or Deny")
    reporter = named(key.get("reporter"), f"{where}reporter", REPORTERS, "Src or Dst")
    if action is None:
        raise missing(f"{where}action", "Allow or Deny")
    if reporter is None:
        raise missing(f"{where}reporter", "Src or Dst")
    row: Row = {"action": action, "reporter": reporter}
    for side in ("source", "dest"):
        row[f"{side}_name_aggr"] = values.text(key.get(f"{side}_name"), f"{where}{side}_name")
        row[f"{side}_namespace"] = values.text(key.get(f"{side}_namespace"), f"{where}{side}_namespace")
        row[f"{side}_type"] = named(
            key.get(f"{side}_type"), f"{where}{side}_type", ENDPOINT_TYPES, "an endpoint type"
        )
    proto = "protocol" if "protocol" in key else "proto"
    row["proto"] = values.protocol(key.get(proto), f"{where}{proto}")
    for name, field in _SERVICE.items():
        row[name] = values.text(key.get(field), f"{where}{field}")
    for name, field in _PORTS.items():
        row[name] = number(key.get(field), f"{where}{field}", values.LARGEST_PORT) or None
    row |= policy_texts(policies or {}, f"{where}policies.")
    return row


_SERVICE = {
    "dest_service_name": "dest_service_name",
    "dest_service_namespace": "dest_service_namespace",
    "dest_service_port": "dest_service_port_name",
}
_PORTS = {"dest_port": "dest_port", "dest_service_port_num": "dest_service_port"}


def _moment(value: Any, field: str, context: Context) -> int | None:
    if value in (0, "0"):  # the proto's absent
        return None
    if isinstance(value, str) and _DIGITS.match(value):
        value = int(value)
    return values.moment(value, field, context.latest)


def _labels(value: Any, field: str) -> list[str] | None:
    """`k = v`, as a list or, in REST, as one text."""
    if isinstance(value, str):
        value = value.split(" | ") if value else None
    found = values.texts(value, field)
    return None if found is None else [label.replace(" = ", "=", 1) for label in found]
