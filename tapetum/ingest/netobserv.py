"""NetObserv's flow records, flat or with `_labels` beside them, in its newer and older names.

A record counts one direction of a conversation; who opened it is not known. Below IP (ARP and the like)
there are no addresses: such a flow is kept between networks that have no name.
"""

from typing import Any

from tapetum.domain.endpoints import EndpointKind
from tapetum.domain.flows import Reporter
from tapetum.domain.networks import Networks
from tapetum.ingest import values
from tapetum.ingest.context import Context
from tapetum.ingest.flat import Row
from tapetum.ingest.pods import aggregated
from tapetum.ingest.refusals import Cause, UnreadableError, missing, wrong
from tapetum.ingest.strict_json import refuse_repeats

_INGRESS, _EGRESS, _INNER = 0, 1, 2
_FLOW_LOG = "flowLog"
_MILLISECOND, _SECOND = 1000, 1_000_000
_STARTS = (("TimeFlowStartMs", _MILLISECOND), ("TimeFlowStart", _SECOND))
_ENDS = (("TimeFlowEndMs", _MILLISECOND), ("TimeFlowEnd", _SECOND))
_RECEIVED = (("TimeReceived", _SECOND),)
_NANOSECONDS = 1000
_SIDES = {"source": "Src", "dest": "Dst"}
_OF_SIDES = (
    "Addr", "Port", "Pod", "Namespace", "Workload", "K8S_Name", "K8S_Type", "K8S_Namespace",
    "K8S_OwnerName", "K8S_HostIP",
)  # fmt: skip
_FIELDS = (
    "_labels", "FlowDirection", "IfDirections", "Bytes", "Packets", "PktDropBytes", "PktDropPackets", "Proto",
    "Sampling", "SamplingRate", "AgentIP", "TimeFlowStartMs", "TimeFlowStart", "TimeFlowEndMs",
    "TimeFlowEnd", "TimeReceived", "TimeFlowRttNs", "_RecordType",
)  # fmt: skip
_KNOWN = frozenset(_FIELDS) | {f"{side}{name}" for side in _SIDES.values() for name in _OF_SIDES}


def read_record(record: dict[str, Any], context: Context) -> Row:
    refuse_repeats(record, _KNOWN)
    record = _flattened(record)
    if not any({f"{prefix}Addr", f"{prefix}Mac"} & record.keys() for prefix in _SIDES.values()):
        raise UnreadableError(Cause.SHAPE, "not a flow: neither SrcAddr, DstAddr nor a MAC address")
    kind = record.get("_RecordType", _FLOW_LOG)
    if kind != _FLOW_LOG:
        raise wrong("_RecordType", kind, f"{_FLOW_LOG}; conversation records would count flows again")
    if record.get("Duplicate") is True:
        raise wrong("Duplicate", True, "false; what another interface of the node reported too counts once")
    direction = _direction(record)
    row: Row = {
        "reporter": (Reporter.DST if direction == _INGRESS else Reporter.SRC).value,
        "proto": values.protocol_number(record.get("Proto"), "Proto"),
        "host": values.text(record.get("AgentIP"), "AgentIP"),
    }
    row |= _times(record, context)
    for side, prefix in _SIDES.items():
        row |= _endpoint(record, side, prefix, context.networks)
    row |= _volume(record, "in" if direction == _INGRESS else "out")
    if record.get("DstK8S_Type") == "Service":
        row["dest_service_name"] = row["dest_name"]
        row["dest_service_namespace"] = row["dest_namespace"]
    rtt = values.whole(record.get("TimeFlowRttNs"), "TimeFlowRttNs")
    row["tcp_mean_smooth_rtt"] = rtt // _NANOSECONDS if rtt else None
    sampling = values.whole(record.get("Sampling", record.get("SamplingRate")), "Sampling")
    row["sampling"] = sampling if sampling is not None and sampling > 1 else None
    return row


def _flattened(record: dict[str, Any]) -> dict[str, Any]:
    labels = record.get("_labels")
    if labels is None:
        return record
    if not isinstance(labels, dict):
        raise wrong("_labels", labels, "an object")
    refuse_repeats(labels, _KNOWN, "_labels.")
    return labels | record


def _direction(record: dict[str, Any]) -> int:
    """Seen from the node; records as agents write them say only how each interface saw it."""
    value = record.get("FlowDirection")
    if value is None:
        value = _of_hosts(record)
    if value is None and isinstance(seen := record.get("IfDirections"), list) and seen:
        value = seen[0]
    if value is None:
        raise missing("FlowDirection", "0, 1 or 2")
    direction = int(value) if value in ("0", "1", "2") else value
    if type(direction) is not int or direction not in (_INGRESS, _EGRESS, _INNER):
        raise wrong("FlowDirection", value, "0, 1 or 2")
    return direction


def _of_hosts(record: dict[str, Any]) -> int | None:
    """By which end is on the agent's node, as NetObserv itself finds it out."""
    agent = record.get("AgentIP")
    source, target = (agent and record.get(f"{side}K8S_HostIP") == agent for side in ("Src", "Dst"))
    if not (source or target):
        return None
    return _INNER if source and target else _EGRESS if source else _INGRESS


def _times(record: dict[str, Any], context: Context) -> Row:
    end = _time(record, (*_ENDS, *_RECEIVED), context)
    start = _time(record, (*_STARTS, *_ENDS, *_RECEIVED), context)
    if start is None:
        raise missing("no time: TimeFlowStartMs", "a time in TimeFlowStartMs or TimeReceived", Cause.TIME)
    return {"start_time": start, "end_time": end}


def _time(record: dict[str, Any], names: tuple[tuple[str, int], ...], context: Context) -> int | None:
    """The first time that is there; a zero stands for none. The names tell the units."""
    for name, unit in names:
        value = values.whole(record.get(name), name)
        if value:
            return values.possible(value * unit, value, name, context.latest)
    return None


def _endpoint(record: dict[str, Any], side: str, prefix: str, networks: Networks) -> Row:
    def word(*names: str) -> str | None:
        found = (values.text(record.get(f"{prefix}{name}"), f"{prefix}{name}") for name in names)
        return next((name for name in found if name is not None), None)

    address = values.address(record.get(f"{prefix}Addr"), f"{prefix}Addr")
    name, owner = word("K8S_Name", "Pod"), word("K8S_OwnerName", "Workload")
    if word("K8S_Type") == "Node":
        kind, aggregate = EndpointKind.HOST, name or owner
    elif name or owner:
        kind, aggregate = EndpointKind.WORKLOAD, owner or aggregated(name or "")
    else:
        kind, aggregate = EndpointKind.NETWORK, networks.classify(address) if address else None
    return {
        f"{side}_ip": address,
        f"{side}_port": values.port(record.get(f"{prefix}Port"), f"{prefix}Port"),
        f"{side}_type": kind.value,
        f"{side}_namespace": word("K8S_Namespace", "Namespace"),
        f"{side}_name": name,
        f"{side}_name_aggr": aggregate,
    }


def _volume(record: dict[str, Any], direction: str) -> Row:
    """Bytes and packets; a flow of which nothing but drops was seen is denied, with what was dropped."""
    counts = {
        name: values.whole(record.get(name), name)
        for name in ("Bytes", "Packets", "PktDropBytes", "PktDropPackets")
    }
    denied = bool(counts["PktDropPackets"]) and not counts["Packets"]
    volume = ("PktDropBytes", "PktDropPackets") if denied else ("Bytes", "Packets")
    return {
        "action": "deny" if denied else "allow",
        f"bytes_{direction}": counts[volume[0]],
        f"packets_{direction}": counts[volume[1]],
    }
